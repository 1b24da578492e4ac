import { Type } from 'typebox'
import { invalidField } from '#platform/operations'

/** A number of GS1: 8, 12, 13 or 14 digits, as printed under the bars. */
export const GtinInput = Type.String({
  pattern: '^(\\d{8}|\\d{12,14})$',
  description: 'GTIN-8, -12 (UPC), -13 (EAN) or -14; its last digit is checked.',
  examples: ['4006381333931'],
})
const LENGTH = 14

/**
 * A GTIN with zeros in front, so that every way to write it is one text (GS1 General
 * Specifications, section 3: the shorter ones are those of 14 digits without leading zeros).
 */
export const gtinKey = (gtin: string): string => gtin.padStart(LENGTH, '0')

/** Whether the last digit is what the others ask for: weights 3 and 1 from the right, modulo 10. */
export function isGtin(gtin: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(gtin)) return false
  const digits = [...gtinKey(gtin)].map(Number)
  const sum = digits.reduce((total, digit, nth) => total + digit * (nth % 2 === 0 ? 3 : 1), 0)
  return sum % 10 === 0
}

/** The columns of a GTIN as sent; undefined where nothing is said of it. */
export function gtinFacts(gtin: string | null | undefined, field = 'gtin') {
  if (gtin === undefined) return {}
  if (gtin === null) return { gtin: null, gtin_key: null }
  if (!isGtin(gtin)) throw invalidField(field, 'has a wrong check digit')
  return { gtin, gtin_key: gtinKey(gtin) }
}
