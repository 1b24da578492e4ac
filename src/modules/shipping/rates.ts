import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { formatMoney, moneyErrors, parseMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { shippingErrors } from './errors.ts'
import type { Rate, RateInputs } from './schemas.ts'
import { db } from './tables.ts'

export type RateRow = Static<(typeof db.tables)['shipping_rates']>
type Band = Omit<RateRow, 'method_id'>

/**
 * Reads the bands of a method as sent. Throws VALIDATION_FAILED for one that no cart fits,
 * `bands_overlap` for two that the same cart fits.
 */
export function readRates(rates: RateInputs, currency: string): Band[] {
  const bands = rates.map((rate, nth) => readBand(rate, nth, currency))
  for (const [second, band] of bands.entries()) {
    const first = bands.findIndex((other, nth) => nth < second && overlap(other, band))
    if (first >= 0) throw shippingErrors.bands_overlap({ first, second })
  }
  return bands
}

function readBand(rate: RateInputs[number], nth: number, currency: string): Band {
  const at = `rates.${nth}.`
  const money = (value: string | number, field: string) => {
    const amount = parseMoney(value, currency, at + field)
    if (amount >= 0) return amount
    throw moneyErrors.invalid_amount({ field: at + field, problem: 'it is negative' })
  }
  const { min_weight_grams = 0, max_weight_grams = null, min_subtotal = 0 } = rate
  const band: Band = {
    position: nth + 1,
    min_weight_grams,
    max_weight_grams,
    min_subtotal_amount: money(min_subtotal, 'min_subtotal'),
    max_subtotal_amount:
      rate.max_subtotal == null ? null : money(rate.max_subtotal, 'max_subtotal'),
    amount: money(rate.amount, 'amount'),
  }
  if (!isAbove(max_weight_grams, min_weight_grams)) {
    throw invalidField(`${at}max_weight_grams`, 'must be more than min_weight_grams')
  }
  if (!isAbove(band.max_subtotal_amount, band.min_subtotal_amount)) {
    throw invalidField(`${at}max_subtotal`, 'must be more than min_subtotal')
  }
  return band
}

/** Whether an upper bound is above a value; null is above everything. */
const isAbove = (bound: number | null, value: number): boolean => bound === null || bound > value

const overlap = (a: Band, b: Band): boolean =>
  isAbove(a.max_weight_grams, b.min_weight_grams) &&
  isAbove(b.max_weight_grams, a.min_weight_grams) &&
  isAbove(a.max_subtotal_amount, b.min_subtotal_amount) &&
  isAbove(b.max_subtotal_amount, a.min_subtotal_amount)

const insertRates = insertRows(db, 'shipping_rates')

/** Stores the bands of a method in place of those it had. */
export async function putRates(
  ctx: Context,
  method_id: Id<'shipping_method'>,
  bands: readonly Band[],
): Promise<void> {
  await db(ctx).deleteFrom('shipping_rates').where('method_id', '=', method_id).execute()
  await insertRates(ctx, { rows: bands.map((band) => ({ method_id, ...band })) })
}

/** The wire form of a stored band. */
export const rateOf = (row: Band, currency: string): Rate => ({
  min_weight_grams: row.min_weight_grams,
  max_weight_grams: row.max_weight_grams,
  min_subtotal: formatMoney(row.min_subtotal_amount, currency),
  max_subtotal:
    row.max_subtotal_amount === null ? null : formatMoney(row.max_subtotal_amount, currency),
  amount: formatMoney(row.amount, currency),
})
