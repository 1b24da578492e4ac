import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { findLiveVariant } from './find.ts'
import type { GetVariant } from './inputs.ts'
import { pricesIn } from './offers.ts'
import { lowestBeforeSales } from './price-history.ts'
import { priceTold } from './price-told.ts'
import { pricesOf } from './prices.ts'
import type { VariantPrices } from './schemas.ts'

/** The prices of a variant as staff set them, with the breaks and sales that are not over. */
export async function listPrices(
  ctx: Context,
  { variant_id: ref }: GetVariant,
): Promise<VariantPrices> {
  const { variant } = await findLiveVariant(ctx, ref)
  const { id, sku, version, offers } = variant
  const rows = await pricesOf(ctx, id)
  const priced = rows.flatMap(({ currency, amount }) => {
    const prices = pricesIn(currency, amount, offers)
    return prices ? [{ variant_id: id, currency, prices }] : []
  })
  const at = { now: ctx.now, lowest: await lowestBeforeSales(ctx, priced) }
  return {
    variant_id: id,
    sku,
    version,
    prices: rows.map((row) => {
      const { currency, amount } = row
      const money = (minor: number) => formatMoney(minor, currency)
      const { breaks = [], sales = [] } = offers?.[currency] ?? {}
      return {
        ...priceTold({ ...row, id, offers }, at),
        regular_price: money(amount),
        breaks: breaks.map((one) => ({
          min_quantity: one.min_quantity,
          price: money(one.amount),
        })),
        sales: sales
          .filter(({ ends_at }) => ends_at > ctx.now)
          .map(({ amount, ...sale }) => ({ price: money(amount), ...sale })),
      }
    }),
  }
}
