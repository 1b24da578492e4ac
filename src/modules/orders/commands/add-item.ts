import type { Id } from '#kit/ids'
import { type Sellable, sellableVariants } from '#modules/catalogue'
import { confirmReservations, reserveStock } from '#modules/inventory'
import { priced, type TaxRate } from '#modules/pricing'
import { taxRatesFor } from '#modules/tax'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import type { AddItem } from '../edit-schemas.ts'
import { type Added, followTotals, requireEditable, storeTotals } from '../edit-totals.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { frozen, type TaxRow } from '../frozen.ts'
import { pricedLines, refOf } from '../priced-lines.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { db } from '../tables.ts'
import { type LineRow, paidForLine } from '../wire.ts'

const LINES_MAX = 500

/**
 * Adds a line at the catalogue's price of now, its stock reserved in the same transaction. It is
 * priced by itself, in the tax context of the order: what was agreed for the other lines stays.
 * What was paid for the order may be too little then.
 */
export async function addItem(ctx: Context, { id, ...wanted }: AddItem): Promise<Order> {
  const order = await lockOrder(ctx, id)
  requireVersion(ctx, order.version)
  requireEditable(order)
  const ref = refOf(wanted, 0)
  const [catalogue, last] = await Promise.all([
    sellableVariants(ctx, { refs: [ref], currency: order.currency }),
    lastPlaces.first(ctx, { order_id: order.id }),
  ])
  if (Number(last?.lines ?? 0) >= LINES_MAX) throw orderErrors.too_many_items({ most: LINES_MAX })
  const [plain] = pricedLines(
    ctx,
    { id: order.id, currency: order.currency, items: [wanted] },
    catalogue,
  )
  const sellable = catalogue.get(ref)
  if (!plain || !sellable) throw new Error('a line without a variant was priced')
  const { line, taxes } = await inTaxContext(ctx, order, { line: plain, sellable })
  const placed = { ...line, position: (last?.line ?? 0) + 1 }
  const from = last?.tax ?? 0
  await reserve(ctx, order, placed)
  const rows = taxes.map((tax, nth) => ({ ...tax, position: from + nth + 1 }))
  const after = await store(ctx, order, { line: placed, taxes: rows })
  return withLines(ctx, await followTotals(ctx, order, after))
}

const lastPlaces = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_lines')
    .select((eb) => [
      eb.fn.max('position').as('line'),
      eb.fn.countAll<number>().as('lines'),
      eb
        .selectFrom('order_taxes')
        .select((tax) => tax.fn.max('order_taxes.position').as('position'))
        .where('order_taxes.order_id', '=', p.order_id)
        .as('tax'),
    ])
    .where('order_lines.order_id', '=', p.order_id),
)

type NewLine = { line: LineRow; taxes: readonly TaxRow[] }

/** The line with its taxes, if those of the order were computed; else as plain as the others. */
async function inTaxContext(
  ctx: Context,
  order: OrderRow,
  { line, sellable }: { line: LineRow; sellable: Sellable },
): Promise<NewLine> {
  if (order.tax_status === 'not_computed') return { line, taxes: [] }
  const { product_id, variant_id, item_id, sku, name, quantity, unit_amount } = line
  const key = line.id
  const money = priced({
    lines: [{ key, quantity, unit_amount, taxes: await taxesDue(ctx, order, sellable) }],
    shipping: null,
    discounts: [],
    prices_include_tax: order.prices_include_tax,
    tax_rounding: 'line',
  })
  const { tax_class, image_url } = sellable
  const named = { key, product_id, variant_id, item_id, sku, name, tax_class, image_url }
  const rows = frozen(ctx, { order_id: order.id, lines: [named], shipping: null, priced: money })
  return { line: rows.lines[0] as LineRow, taxes: rows.taxes }
}

const EXEMPTIONS = ['exempt', 'reverse_charge'] as const
type Exemption = (typeof EXEMPTIONS)[number]

const taxReasons = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('order_taxes').select('reason').distinct().where('order_id', '=', p.order_id),
)

/** What is due on a line where the order goes to, with the exemption under which it was placed. */
async function taxesDue(
  ctx: Context,
  order: OrderRow,
  { tax_class, tax_rate_ppm }: Sellable,
): Promise<readonly TaxRate[]> {
  const reasons = await taxReasons(ctx, { order_id: order.id })
  const only = reasons.length === 1 ? reasons[0]?.reason : undefined
  const exempt = EXEMPTIONS.find((reason): reason is Exemption => reason === only)
  const to = order.shipping_address
  const destination = to && { country: to.country, region: to.state, postal_code: to.postal_code }
  const rates = await taxRatesFor(ctx, { destination, classes: [tax_class], exempt })
  const due = rates.get(tax_class) ?? []
  // As in a cart: while no rate is configured, a product's own rate stands before the default one.
  if (tax_rate_ppm === null || !due.every(({ reason }) => reason === 'default')) return due
  return due.map((rate) => ({ ...rate, rate_ppm: tax_rate_ppm }))
}

async function reserve(ctx: Context, order: OrderRow, line: LineRow): Promise<void> {
  if (!line.item_id) return
  const holder = { reference_type: 'order', reference_id: order.id }
  await reserveStock(ctx, [{ item_id: line.item_id, quantity: line.quantity }], holder)
  // What is accepted holds its stock for good, the new line like the others.
  if (order.status !== 'pending') await confirmReservations(ctx, holder)
}

const insertLines = insertRows(db, 'order_lines')
const insertTaxes = insertRows(db, 'order_taxes')

async function store(ctx: Context, order: OrderRow, { line, taxes }: NewLine): Promise<OrderRow> {
  await insertLines(ctx, { rows: [line] })
  if (taxes.length > 0) await insertTaxes(ctx, { rows: taxes })
  const added: Added = {
    total_amount: line.total_amount,
    tax_amount: line.tax_amount ?? 0,
    gross_amount: paidForLine(line),
  }
  const after = await storeTotals(ctx, order, added)
  const { id: item_id, sku, quantity, unit_amount } = line
  const { id: order_id, currency, total_amount } = after
  const told = { order_id, item_id, sku, quantity, unit_amount, currency, total_amount }
  emit(ctx, orderEvents.item_added(told))
  return after
}
