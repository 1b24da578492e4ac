import { invalidField } from '#platform/operations'

const DECIMAL = /^(\d{1,3})(?:\.(\d{1,15}))?$/

/**
 * Parts per million of a share between 0 and 1: "0.0825" is 82,500. Throws VALIDATION_FAILED where
 * it is finer than that, never rounds.
 */
export function parseRate(share: string | number, field = 'rate'): number {
  const [, whole = '', fraction = ''] = DECIMAL.exec(String(share).trim()) ?? []
  if (whole === '') throw invalidField(field, 'must be a share such as "0.0825"')
  if (/[^0]/.test(fraction.slice(6))) throw invalidField(field, 'has at most 6 decimals')
  const ppm = Number(whole + fraction.slice(0, 6).padEnd(6, '0'))
  if (ppm > 1_000_000) throw invalidField(field, 'is a share: 0.08 is 8 %')
  return ppm
}

/** The shortest decimal of a share in parts per million: 82,500 is "0.0825". */
export function formatRate(ppm: number): string {
  const digits = String(ppm).padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0+$/, '')
  return digits.slice(0, -6) + (fraction && `.${fraction}`)
}
