import { inventoryErrors } from '../errors.ts'
import { QUANTITY_MAX } from '../schemas.ts'

/** How many of an item's own unit another is, as a fraction. */
export type Factor = { numerator: number; denominator: number }
/** An amount as it was sent: a whole number, or a decimal as text. */
export type Amount = number | string

/**
 * An amount in another unit as whole units of the item, exactly: no float and no rounding. Throws
 * `unit_not_exact` where that is no whole number of units, or too many.
 */
export function inBaseUnits(
  amount: Amount,
  { numerator, denominator }: Factor,
  named: { sku: string; unit: string },
): number {
  const [whole = '', decimals = ''] = String(amount).split('.')
  const above = BigInt(whole + decimals) * BigInt(numerator)
  const below = 10n ** BigInt(decimals.length) * BigInt(denominator)
  const units = above / below
  if (units * below !== above || units < 1n || units > BigInt(QUANTITY_MAX)) {
    throw inventoryErrors.unit_not_exact({ ...named, quantity: amount })
  }
  return Number(units)
}
