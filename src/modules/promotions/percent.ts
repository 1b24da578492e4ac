import { invalidField } from '#platform/operations'

const DECIMAL = /^(\d{1,3})(?:\.(\d{1,9}))?$/
const PPM_DIGITS = 4
const PPM_OF_ONE = 10 ** PPM_DIGITS
const WHOLE_PPM = 1_000_000

/** Parts per million of a percentage as people write it: `"12.5"` is 125,000. Never rounded. */
export function parsePercent(value: string | number): number {
  const [, whole, fraction = ''] = DECIMAL.exec(String(value).trim()) ?? []
  if (whole === undefined) throw invalidField('percent', 'must be a number such as "12.5"')
  if (/[^0]/.test(fraction.slice(PPM_DIGITS))) {
    throw invalidField('percent', `must have at most ${PPM_DIGITS} decimals`)
  }
  const ppm = Number(whole + fraction.slice(0, PPM_DIGITS).padEnd(PPM_DIGITS, '0'))
  if (ppm < 1 || ppm > WHOLE_PPM) throw invalidField('percent', 'must be above 0 and at most 100')
  return ppm
}

/** The shortest decimal: 125,000 is `"12.5"`, 100,000 is `"10"`. */
export const formatPercent = (ppm: number): string => String(ppm / PPM_OF_ONE)
