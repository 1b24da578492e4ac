import { createHash } from 'node:crypto'

/** Crockford's digits: none is easily taken for another. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The tracking number of a label: `TP`, thirteen characters of 65 bits made of its key, and a check
 * character. The same label has the same number, however often it is made.
 */
export function trackingNumber(key: string): string {
  const bits = createHash('sha256').update(`tradepost label ${key}`).digest()
  let value = bits.readBigUInt64BE(0) | (BigInt(bits.readUInt8(8) & 1) << 64n)
  let text = ''
  for (let digit = 0; digit < 13; digit++) {
    text = `${DIGITS[Number(value & 31n)]}${text}`
    value >>= 5n
  }
  return `TP${text}${checkOf(text)}`
}

/** One character that a slip of the finger, or two changed places, would not keep. */
const checkOf = (text: string): string => {
  const sum = [...text].reduce(
    (total, digit, at) => total + DIGITS.indexOf(digit) * (2 * at + 1),
    0,
  )
  return DIGITS[sum % 32] as string
}

/** Whether a text is such a number. */
export const isTrackingNumber = (text: string): boolean => {
  const [, digits = '', check] = /^TP([0-9A-HJKMNP-TV-Z]{13})([0-9A-HJKMNP-TV-Z])$/.exec(text) ?? []
  return digits !== '' && checkOf(digits) === check
}
