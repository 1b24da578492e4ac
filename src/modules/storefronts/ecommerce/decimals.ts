/** Two decimal texts without a sign: below, equal to or above 0 as the first is to the second. */
export function compareDecimals(one: string, other: string): number {
  const places = Math.max(placesOf(one), placesOf(other))
  const difference = scaled(one, places) - scaled(other, places)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** A decimal text rounded half up to so many places. */
export function roundDecimal(text: string, places: number): string {
  const have = placesOf(text)
  if (have <= places) return text
  const unit = 10n ** BigInt(have - places)
  const rounded = (scaled(text, have) + unit / 2n) / unit
  const digits = String(rounded).padStart(places + 1, '0')
  if (places === 0) return digits
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const placesOf = (text: string): number => text.split('.')[1]?.length ?? 0

function scaled(text: string, places: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}
