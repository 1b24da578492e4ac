import { parseMoney } from '#kit/money'
import { nameOf, type Sellable, sellableVariants } from '#modules/catalogue'
import { lockOrder, type OrderRow, orderErrors, refundableOf, sharesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { openReturn } from '../commands/request-return.ts'
import { linesOfReturns, refuseShoppers } from '../find.ts'
import { FIRST_EXCHANGE_NUMBER } from '../migrations/2026-11-21-86-create-exchanges.ts'
import { priceGoods, priceNow } from '../out-goods.ts'
import type { ReturnRow } from '../tables.ts'
import { worthOf } from '../worth.ts'
import { exchangeEvents } from './events.ts'
import { answerExchange, tellExchange } from './find.ts'
import type { SHIPS } from './lifecycle.ts'
import type { CreateExchange, Exchange } from './schemas.ts'
import { db, type ExchangeLineRow, type ExchangeRow } from './tables.ts'

/**
 * Asks for other goods instead of some of an order: opens the return of those, and keeps what the
 * others cost today. Nothing is reserved and nothing is charged before somebody agrees.
 */
export async function requestExchange(ctx: Context, input: CreateExchange): Promise<Exchange> {
  const order = await lockOrder(ctx, input.order_id)
  const id = ctx.newId('exchange')
  const lines = await outLines(ctx, order, { id, input })
  const { new_items: _, ships, remainder_to, order_id: __, ...asked } = input
  if (ships !== undefined) refuseShoppers(ctx, 'say when an exchange ships')
  const back = await openReturn(ctx, order, {
    ...asked,
    preferred_resolution: 'exchange',
    origin: { exchange_id: id, claim_id: null },
  })
  const goods = await priceGoods(ctx, order, { lines })
  const value_out_amount = goods.money.total_amount
  const value_in_amount = await expectedWorth(ctx, order, back)
  const row: ExchangeRow = {
    ...FRESH,
    id,
    number: 0,
    order_id: order.id,
    customer_id: order.customer_id,
    currency: order.currency,
    reason: input.reason,
    return_id: back.id,
    ships: ships ?? (ctx.settings.exchange_ships as (typeof SHIPS)[number]),
    remainder_to: remainder_to ?? 'original',
    value_in_amount,
    value_out_amount,
    balance_amount: value_out_amount - value_in_amount,
    requested_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const [numbered] = await insertExchange(ctx, row)
  await insertLines(ctx, { rows: lines })
  const made = { ...row, number: numbered?.number as number }
  tellExchange(ctx, made, exchangeEvents.created)
  return answerExchange(ctx, made)
}

const FRESH = {
  status: 'requested',
  out_order_id: null,
  order_refund_id: null,
  payment_id: null,
  status_reason: null,
  version: 1,
  approved_at: null,
  settled_at: null,
  closed_at: null,
} as const

type New = { id: ExchangeRow['id']; input: CreateExchange }
type Item = CreateExchange['new_items'][number]

async function outLines(
  ctx: Context,
  order: OrderRow,
  { id, input }: New,
): Promise<ExchangeLineRow[]> {
  const refs = input.new_items.map(({ product_id, sku }, index) => {
    const ref = product_id ?? sku
    if (ref === undefined) throw invalidField(`new_items.${index}.product_id`, 'is required')
    return ref
  })
  const catalogue = await sellableVariants(ctx, { refs, currency: order.currency })
  return input.new_items.map((item, index) => {
    const ref = refs[index] as string
    const found = catalogue.get(ref)
    if (!found?.sellable) throw orderErrors.unknown_product({ index, product_id: ref })
    return {
      id: ctx.newId('exchange_line'),
      exchange_id: id,
      position: index + 1,
      variant_id: found.variant_id,
      sku: found.sku,
      name: nameOf(found),
      quantity: item.quantity,
      unit_amount: unitAmount(ctx, found, { item, index, currency: order.currency }),
    }
  })
}

type Place = { item: Item; index: number; currency: string }

function unitAmount(ctx: Context, found: Sellable, { item, index, currency }: Place): number {
  if (item.unit_price !== undefined) {
    refuseShoppers(ctx, 'name the price of an exchange')
    const field = `new_items.${index}.unit_price`
    const amount = parseMoney(item.unit_price, currency, field)
    if (amount < 0) throw invalidField(field, 'must not be negative')
    return amount
  }
  const amount = priceNow(ctx, found, item.quantity)
  if (amount === undefined) throw orderErrors.no_price({ index, sku: found.sku, currency })
  return amount
}

/** What the goods will be worth if all of them come and are accepted. */
async function expectedWorth(ctx: Context, order: OrderRow, back: ReturnRow): Promise<number> {
  const [lines, refundable] = await Promise.all([
    linesOfReturns(ctx, { returns: [back.id] }),
    refundableOf(ctx, order),
  ])
  const units = new Map(lines.map((line) => [line.order_line_id, line.quantity] as const))
  const shares = new Map(sharesOf(refundable, units).map((share) => [share.line_id, share.amount]))
  const worth = worthOf(
    lines.map(({ id, quantity, order_line_id, fee_ppm, fee_unit_amount }) => ({
      key: id,
      quantity,
      amount: shares.get(order_line_id) ?? 0,
      fee_ppm,
      fee_unit_amount,
      before: { quantity: 0, amount: 0 },
    })),
    { amount: 0, taken_amount: 0 },
  )
  return worth.due_amount
}

const insertExchange = prepared(db, (open, p: ExchangeRow, engine) => {
  const columns = Object.keys(db.tables.exchanges.properties) as (keyof ExchangeRow)[]
  const named = Object.fromEntries(columns.map((name) => [name, p[name]])) as ExchangeRow
  const number = nextNumber(engine, 'exchanges', FIRST_EXCHANGE_NUMBER)
  return open
    .insertInto('exchanges')
    .values({ ...named, number })
    .returning('number')
})
const insertLines = insertRows(db, 'exchange_lines')
