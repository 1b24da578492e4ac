import { sql } from 'kysely'
import { AMOUNT_MAX, parseCurrency } from '#kit/money'
import { sellableVariants } from '#modules/catalogue'
import { customerErrors, findCustomer } from '#modules/customers'
import {
  assertReserved,
  confirmReservations,
  destinationOf,
  planReservation,
  reservationWrites,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { orderErrors } from '../errors.ts'
import { FIRST_ORDER_NUMBER } from '../migrations/2026-11-21-07-create-orders.ts'
import { beginning, emitPlaced, FRESH } from '../placing.ts'
import { LEFT_TO_DEFAULTS, pricedLines, refOf } from '../priced-lines.ts'
import type { CreateOrder, Order } from '../schemas.ts'
import { db } from '../tables.ts'
import { type LineRow, orderOf } from '../wire.ts'

/**
 * Places an order: prices from the catalogue, stock reserved in the same write that stores it.
 * READ COMMITTED: what two buyers can race for is decided in the guarded write of the levels.
 */
export async function createOrder(ctx: Context, input: CreateOrder): Promise<Order> {
  const customer_id = buyerOf(ctx, input)
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const [customer, catalogue] = await Promise.all([
    findCustomer(ctx, customer_id),
    sellableVariants(ctx, { refs: input.items.map(refOf), currency }),
  ])
  if (!customer) throw customerErrors.not_found({ customer_id })
  const id = ctx.newId('order')
  const lines = pricedLines(ctx, { id, currency, items: input.items }, catalogue)
  const total_amount = lines.reduce((sum, line) => sum + line.total_amount, 0)
  if (total_amount > AMOUNT_MAX) throw orderErrors.total_too_large()
  const order = {
    id,
    customer_id,
    currency,
    total_amount,
    ...beginning(total_amount),
    has_gift_cards: [...catalogue.values()].some(({ is_gift_card }) => is_gift_card),
    shipping_address: input.shipping_address ?? null,
    billing_address: input.billing_address ?? null,
    payment_method_id: input.payment_method_id ?? null,
    notes: input.notes ?? null,
    now: ctx.now,
  }
  const number = await store(ctx, order, lines)
  // Nothing will be paid, so nothing else would make its stock certain.
  if (order.payment_status === 'paid') {
    await confirmReservations(ctx, { reference_type: 'order', reference_id: id })
  }
  const { has_gift_cards } = order
  return orderOf(
    {
      ...order,
      ...FRESH,
      has_gift_cards,
      ...BARE,
      number,
      placed_at: ctx.now,
      created_at: ctx.now,
      updated_at: ctx.now,
    },
    lines,
  )
}

/** Customers order for themselves; naming someone else is naming someone who is not there. */
function buyerOf(ctx: Context, { customer_id }: CreateOrder) {
  const { own_only, customer_id: self } = ctx.actor
  if (own_only) {
    if (customer_id !== undefined && customer_id !== self) {
      throw customerErrors.not_found({ customer_id })
    }
    if (self) return self
  }
  if (customer_id === undefined) throw invalidField('customer_id', 'is required')
  return customer_id
}

/** The money of an order of which only the total is known, as the defaults of the columns say. */
const BARE = {
  cart_id: null,
  email: null,
  subtotal_amount: null,
  discount_amount: 0,
  shipping_amount: 0,
  tax_amount: 0,
  prices_include_tax: false,
  tax_status: 'not_computed',
} as const

type NewOrder = Pick<
  Parameters<typeof orderOf>[0],
  | 'id'
  | 'customer_id'
  | 'currency'
  | 'total_amount'
  | 'status'
  | 'payment_status'
  | 'shipping_address'
  | 'billing_address'
  | 'payment_method_id'
  | 'notes'
  | 'has_gift_cards'
> & { now: string }

// Written into the statement, so that they cost nothing to send.
const bareColumns = {
  discount_amount: sql.lit(BARE.discount_amount),
  shipping_amount: sql.lit(BARE.shipping_amount),
  tax_amount: sql.lit(BARE.tax_amount),
  prices_include_tax: sql<boolean>`false`,
  tax_status: sql.lit(BARE.tax_status),
}

const insertOrder = prepared(db, (open, p: NewOrder, engine) =>
  open
    .insertInto('orders')
    .values({
      id: p.id,
      number: nextNumber(engine, 'orders', FIRST_ORDER_NUMBER),
      customer_id: p.customer_id,
      ...FRESH,
      has_gift_cards: p.has_gift_cards,
      status: p.status,
      payment_status: p.payment_status,
      currency: p.currency,
      total_amount: p.total_amount,
      ...bareColumns,
      shipping_address: p.shipping_address,
      billing_address: p.billing_address,
      payment_method_id: p.payment_method_id,
      notes: p.notes,
      placed_at: p.now,
      created_at: p.now,
      updated_at: p.now,
    })
    .returning('number'),
)
const insertLines = insertRows(db, 'order_lines', [...LEFT_TO_DEFAULTS])

/** Order, lines, reservations, levels and events in one round trip. Returns the order's number. */
async function store(ctx: Context, order: NewOrder, lines: readonly LineRow[]): Promise<number> {
  const demands = lines.flatMap(({ item_id, quantity }) => (item_id ? [{ item_id, quantity }] : []))
  const destination = destinationOf(order.shipping_address)
  const holder = { reference_type: 'order', reference_id: order.id, destination }
  const plan = demands.length > 0 ? await planReservation(ctx, demands, holder) : undefined
  emitPlaced(ctx, { ...order, cart_id: null }, lines)
  const writes = {
    order: insertOrder.bind(ctx, order),
    lines: insertLines.bind(ctx, { rows: lines }),
  }
  if (!plan) return numberIn(await writeTogether(ctx, writes))
  const written = await writeTogether(ctx, { ...reservationWrites(ctx, plan), ...writes })
  assertReserved(ctx, plan, written)
  return numberIn(written)
}

const numberIn = ({ order }: { order: { rows: readonly { number: number }[] } }): number =>
  order.rows[0]?.number as number
