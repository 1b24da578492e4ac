import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Priced, PricedPart, TaxRate } from '#modules/pricing'
import type { Context } from '#platform/context'
import { FRESH_LINE } from './placing.ts'
import type { db } from './tables.ts'
import type { LineRow } from './wire.ts'

export type FeeRow = Static<(typeof db.tables)['order_fees']>
export type DiscountRow = Static<(typeof db.tables)['order_discounts']>
export type ShareRow = Static<(typeof db.tables)['order_discount_shares']>
export type TaxRow = Static<(typeof db.tables)['order_taxes']>

/** What is bought, as it is called today; its money stands in `Priced` under the same key. */
export type PlacedLine = Pick<
  LineRow,
  'product_id' | 'variant_id' | 'item_id' | 'sku' | 'name' | 'tax_class' | 'image_url'
> & { key: string }

/** The method that brings it, as it is called today. */
export type PlacedShipping = { code: string; name: string }

export type Frozen = {
  lines: LineRow[]
  fees: FeeRow[]
  discounts: DiscountRow[]
  shares: ShareRow[]
  taxes: TaxRow[]
}

type Facts = {
  order_id: Id<'order'>
  lines: readonly PlacedLine[]
  shipping: PlacedShipping | null
  priced: Priced
}

/**
 * All rows that an order keeps of its money: lines, fees, discounts with their shares, taxes. What
 * the buyer was shown is copied, nothing is computed again.
 */
export function frozen(ctx: Context, { order_id, lines, shipping, priced }: Facts): Frozen {
  const known = new Map(lines.map((line) => [line.key, line]))
  const parts: Part[] = []
  const rows = priced.lines.map(({ key, quantity, unit_amount, ...money }, index) => {
    const placed = known.get(key)
    if (!placed) throw new Error(`the priced line ${key} is none of the order's`)
    const { key: _, ...named } = placed
    const id = ctx.newId('order_line')
    parts.push({ ...money, order_line_id: id, fee_position: null })
    return {
      ...named,
      ...FRESH_LINE,
      id,
      order_id,
      position: index + 1,
      quantity,
      unit_amount,
      total_amount: money.base_amount,
      tax_rate: rateOf(money.taxes),
      tax_amount: money.tax_amount,
      discount_amount: money.discount_amount,
      net_amount: money.net_amount,
      gross_amount: money.gross_amount,
    }
  })
  if (priced.shipping) parts.push({ ...priced.shipping, order_line_id: null, fee_position: 1 })
  const positions = new Map(priced.discounts.map(({ id }, index) => [id, index + 1]))
  return {
    lines: rows,
    fees: priced.shipping ? [shippingFee(order_id, priced.shipping, shipping)] : [],
    discounts: priced.discounts.map(({ id, ...discount }, index) => ({
      ...discount,
      order_id,
      position: index + 1,
      promotion_id: id,
    })),
    shares: sharesOf(order_id, parts, positions),
    taxes: taxesOf(order_id, parts),
  }
}

/** What a share or a tax is of. */
type Part = Pick<PricedPart, 'discounts' | 'taxes'> &
  Pick<ShareRow, 'order_line_id' | 'fee_position'>

/** All rates of a line together as a fraction: 0.0825. */
const rateOf = (taxes: readonly TaxRate[]): string =>
  String(taxes.reduce((sum, { rate_ppm }) => sum + rate_ppm, 0) / 1_000_000)

function shippingFee(
  order_id: Id<'order'>,
  part: PricedPart,
  shipping: PlacedShipping | null,
): FeeRow {
  const { base_amount, discount_amount, net_amount, tax_amount, gross_amount } = part
  const { code, name } = shipping ?? { code: 'shipping', name: 'Shipping' }
  const amounts = { base_amount, discount_amount, net_amount, tax_amount, gross_amount }
  return { order_id, position: 1, kind: 'shipping', code, name, ...amounts }
}

const sharesOf = (
  order_id: Id<'order'>,
  parts: readonly Part[],
  positions: ReadonlyMap<string, number>,
): ShareRow[] =>
  parts
    .flatMap(({ discounts, order_line_id, fee_position }) =>
      discounts.map(({ discount_id, amount }) => ({
        order_id,
        discount_position: positions.get(discount_id) as number,
        order_line_id,
        fee_position,
        amount,
      })),
    )
    .map((share, index) => ({ ...share, position: index + 1 }))

const taxesOf = (order_id: Id<'order'>, parts: readonly Part[]): TaxRow[] =>
  parts
    .flatMap(({ taxes, order_line_id, fee_position }) =>
      taxes.map(({ name, jurisdiction, rate_ppm, reason, taxable_amount, amount }) => ({
        order_id,
        order_line_id,
        fee_position,
        name,
        jurisdiction,
        rate_ppm,
        reason,
        taxable_amount,
        amount,
      })),
    )
    .map((tax, index) => ({ ...tax, position: index + 1 }))
