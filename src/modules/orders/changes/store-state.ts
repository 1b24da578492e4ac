import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { db } from '../tables.ts'
import type { Details, OrderState, Rows, StateLine } from './effects.ts'
import type { Totals } from './money.ts'

/** What the order itself keeps of a change. */
export type Facts = Totals & Details & Pick<OrderRow, 'fulfillment_status' | 'payment_status'>

type Stored = Facts & { id: OrderRow['id']; version: number; next_version: number; now: string }

const updateOrder = prepared(db, (open, p: Stored) =>
  open
    .updateTable('orders')
    .set({
      total_amount: p.total_amount,
      cancelled_amount: p.cancelled_amount,
      subtotal_amount: p.subtotal_amount,
      discount_amount: p.discount_amount,
      shipping_amount: p.shipping_amount,
      tax_amount: p.tax_amount,
      shipping_address: p.shipping_address,
      billing_address: p.billing_address,
      payment_method_id: p.payment_method_id,
      notes: p.notes,
      email: p.email,
      fulfillment_status: p.fulfillment_status,
      payment_status: p.payment_status,
      version: p.next_version,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

/** Stores the order's own facts. Its lock is held, so its version cannot have moved. */
export async function storeFacts(ctx: Context, order: OrderRow, facts: Facts): Promise<OrderRow> {
  const next = { ...order, ...facts, version: order.version + 1, updated_at: ctx.now }
  const { affected } = await updateOrder.run(ctx, {
    ...facts,
    id: order.id,
    version: order.version,
    next_version: next.version,
    now: ctx.now,
  })
  if (affected !== 1) throw new Error(`order ${order.id} changed without its lock`)
  return next
}

/** Stores the rows of an order that a change has changed. */
export async function storeRows(
  ctx: Context,
  order_id: OrderRow['id'],
  { before, after }: { before: OrderState; after: OrderState },
): Promise<void> {
  await storeLines(ctx, order_id, { before, after })
  const isSame = (rows: keyof Rows) => isEqual(before[rows], after[rows])
  if (!isSame('fees')) await replaceFees(ctx, order_id, after.fees)
  if (!isSame('discounts')) await replaceDiscounts(ctx, order_id, after.discounts)
  if (!isSame('shares')) await replaceShares(ctx, order_id, after.shares)
  if (!isSame('taxes')) await replaceTaxes(ctx, order_id, after.taxes)
}

/** Whether two plain values say the same. */
export const isEqual = (a: unknown, b: unknown): boolean =>
  JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))

/** The same value with its members in one order, and without those that are undefined. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, one]) => [name, inOrder(one)]))
}

const LINE = {
  quantity: 'bigint',
  total_amount: 'bigint',
  tax_amount: 'bigint',
  discount_amount: 'bigint',
  net_amount: 'bigint',
  gross_amount: 'bigint',
  cancelled_quantity: 'bigint',
  cancelled_amount: 'bigint',
} as const
type ChangedLine = Pick<StateLine, 'id' | keyof typeof LINE> & { known: number }

// The lock makes the amounts right; the write itself says no to units that are not open.
const updateLines = updateEach<ChangedLine, unknown>(
  db as never,
  { id: 'uuid', known: 'bigint', ...LINE },
  {
    table: 'order_lines',
    key: ['id'],
    set: ({ id: _, known: __, ...set }) => set,
    where: (row) => sql`order_lines.cancelled_quantity = ${row.known}
      and ${row.cancelled_quantity} <= ${row.quantity} - order_lines.fulfilled_quantity`,
  },
)
const insertLines = insertRows(db, 'order_lines')

async function storeLines(
  ctx: Context,
  order_id: OrderRow['id'],
  { before, after }: { before: OrderState; after: OrderState },
): Promise<void> {
  const known = new Map(before.lines.map((line) => [line.id, line]))
  const added = after.lines.filter(({ id }) => !known.has(id))
  const changed = after.lines.flatMap((line) => {
    const former = known.get(line.id)
    if (!former || isEqual(former, line)) return []
    const columns = Object.keys(LINE) as (keyof typeof LINE)[]
    const values = Object.fromEntries(columns.map((name) => [name, line[name]]))
    return [{ ...values, id: line.id, known: former.cancelled_quantity } as ChangedLine]
  })
  if (changed.length > 0) {
    const { affected } = await updateLines.run(ctx, { rows: changed })
    if (affected !== changed.length) {
      throw orderErrors.units_not_there({ action: 'change', order_id })
    }
  }
  if (added.length > 0) await insertLines(ctx, { rows: withOrder(order_id, added) })
}

const withOrder = <R extends object>(order_id: OrderRow['id'], rows: readonly R[]) =>
  rows.map((row) => ({ ...row, order_id }))

type Table = 'order_fees' | 'order_discounts' | 'order_discount_shares' | 'order_taxes'

/** Rows that have no name but their place: an order's are written anew. */
function replacing<R extends object>(table: Table) {
  const drop = prepared(db, (open, p: { order_id: OrderRow['id'] }) =>
    open.deleteFrom(table).where('order_id', '=', p.order_id),
  )
  const insert = insertRows(db, table)
  return async (ctx: Context, order_id: OrderRow['id'], rows: readonly R[]): Promise<void> => {
    await drop.run(ctx, { order_id })
    if (rows.length > 0) await insert(ctx, { rows: withOrder(order_id, rows) as never })
  }
}

const replaceFees = replacing<Rows['fees'][number]>('order_fees')
const replaceDiscounts = replacing<Rows['discounts'][number]>('order_discounts')
const replaceShares = replacing<Rows['shares'][number]>('order_discount_shares')
const replaceTaxes = replacing<Rows['taxes'][number]>('order_taxes')

/** Stores all rows of a new order. */
export async function insertState(
  ctx: Context,
  order_id: OrderRow['id'],
  rows: Rows,
): Promise<void> {
  await insertLines(ctx, { rows: withOrder(order_id, rows.lines) })
  await replaceFees(ctx, order_id, rows.fees)
  await replaceDiscounts(ctx, order_id, rows.discounts)
  await replaceShares(ctx, order_id, rows.shares)
  await replaceTaxes(ctx, order_id, rows.taxes)
}
