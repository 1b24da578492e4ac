import { type Id, isUuid } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { type AnyEventType, emit } from '#platform/events'
import { returnErrors } from '../errors.ts'
import type { Claim } from './schemas.ts'
import { type ClaimLineRow, type ClaimRow, db } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('claims')
    .selectAll()
    .where('id', '=', p.id as Id<'claim'>),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('claims').selectAll().where('number', '=', p.number),
)

const NUMBER = /^CLM-(\d{1,15})$/i
export const printNumber = (number: number): string => `CLM-${number}`

/** The claim that an id or a number names; throws `claim_not_found`, also for another's. */
export async function findClaim(ctx: Context, ref: string): Promise<ClaimRow> {
  const digits = NUMBER.exec(ref.trim())?.[1]
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : digits === undefined
      ? undefined
      : await byNumber.first(ctx, { number: Number(digits) })
  const { own_only, customer_id } = ctx.actor
  if (!found || (own_only && found.customer_id !== customer_id)) {
    throw returnErrors.claim_not_found({ claim_id: ref })
  }
  return found
}

export type LockedClaim = { order: OrderRow; row: ClaimRow }

/** A claim as it is once its order's lock is held. */
export async function lockClaim(ctx: Context, ref: string): Promise<LockedClaim> {
  const { id, order_id } = await findClaim(ctx, ref)
  const order = await lockOrder(ctx, order_id)
  return { order, row: await findClaim(ctx, id) }
}

/** What claims are about, in its order. */
export const linesOfClaims = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('claim_lines')
    .selectAll()
    .where('claim_id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('claim_id')
    .orderBy('position'),
)

/** Claims as they are answered, in the order given: one statement more. */
export async function printClaims(ctx: Context, rows: readonly ClaimRow[]): Promise<Claim[]> {
  if (rows.length === 0) return []
  const lines = await linesOfClaims(ctx, { ids: rows.map(({ id }) => id) })
  const linesBy = Map.groupBy(lines, ({ claim_id }) => claim_id)
  return rows.map((row) => printClaim(row, linesBy.get(row.id) ?? []))
}

/** One claim as it is answered. */
export async function answerClaim(ctx: Context, row: ClaimRow): Promise<Claim> {
  const [answer] = await printClaims(ctx, [row])
  return answer as Claim
}

const printClaim = (row: ClaimRow, lines: readonly ClaimLineRow[]): Claim => ({
  id: row.id,
  claim_number: printNumber(row.number),
  order_id: row.order_id,
  customer_id: row.customer_id,
  status: row.status,
  status_reason: row.status_reason,
  description: row.description,
  items: lines.map((line) => ({
    id: line.id,
    order_item_id: line.order_line_id,
    sku: line.sku,
    product_name: line.name,
    quantity: line.quantity,
    problem: line.problem,
    note: line.note,
  })),
  evidence: row.evidence,
  remedy: row.remedy,
  goods: row.goods,
  amount: row.remedy_amount === null ? null : formatMoney(row.remedy_amount, row.currency),
  currency: row.currency,
  return_id: row.return_id,
  refund_id: row.order_refund_id,
  new_order_id: row.out_order_id,
  version: row.version,
  decided_at: row.decided_at,
  closed_at: row.closed_at,
  created_at: row.created_at,
  updated_at: row.updated_at,
})

/** States what happened to a claim, as it is now. */
export function tellClaim(ctx: Context, row: ClaimRow, event: AnyEventType): void {
  const { id, number, order_id, customer_id, status, remedy, goods } = row
  const { return_id, order_refund_id, out_order_id } = row
  const ids = { claim_id: id, claim_number: printNumber(number), order_id, customer_id }
  const told = { ...ids, status, remedy, goods, return_id, order_refund_id, out_order_id }
  emit(ctx, event(told as never))
}

const update = prepared(db, (open, p: ClaimRow & { was: number }) =>
  open
    .updateTable('claims')
    .set({
      status: p.status,
      evidence: p.evidence,
      remedy: p.remedy,
      goods: p.goods,
      remedy_amount: p.remedy_amount,
      return_id: p.return_id,
      order_refund_id: p.order_refund_id,
      out_order_id: p.out_order_id,
      status_reason: p.status_reason,
      version: p.version,
      decided_at: p.decided_at,
      closed_at: p.closed_at,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.was),
)

/** Stores what has changed of a claim. The order's lock is held. */
export async function storeClaim(
  ctx: Context,
  row: ClaimRow,
  change: Partial<ClaimRow>,
): Promise<ClaimRow> {
  const next = { ...row, ...change, version: row.version + 1, updated_at: ctx.now }
  const { affected } = await update.run(ctx, { ...next, was: row.version })
  if (affected !== 1) throw new Error(`claim ${row.id} changed without its order's lock`)
  return next
}
