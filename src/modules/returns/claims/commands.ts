import { parseMoney } from '#kit/money'
import { linesOf, lockOrder, type OrderLine } from '#modules/orders'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import type { AnyEventType } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { approve } from '../commands/decide-return.ts'
import { openReturn } from '../commands/request-return.ts'
import { refuseShoppers } from '../find.ts'
import { keepUnits } from '../holds.ts'
import { FIRST_CLAIM_NUMBER } from '../migrations/2026-11-21-87-create-claims.ts'
import { claimEvents } from './events.ts'
import {
  answerClaim,
  type LockedClaim,
  linesOfClaims,
  lockClaim,
  printNumber,
  storeClaim,
  tellClaim,
} from './find.ts'
import { claimLifecycle } from './lifecycle.ts'
import type { AddEvidence, ApproveClaim, Claim, CreateClaim, MoveClaim } from './schemas.ts'
import { type ClaimLineRow, type ClaimRow, db } from './tables.ts'

const EVIDENCE_MAX = 50

/**
 * Tells that something is wrong with goods of an order. Their units are kept for the claim, so that
 * no return and no other claim has them too. Throws `too_many_units`.
 */
export async function submitClaim(ctx: Context, input: CreateClaim): Promise<Claim> {
  const order = await lockOrder(ctx, input.order_id)
  const ordered = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const row: ClaimRow = {
    ...FRESH,
    id: ctx.newId('claim'),
    number: 0,
    order_id: order.id,
    customer_id: order.customer_id,
    currency: order.currency,
    description: input.description,
    evidence: input.evidence ?? [],
    submitted_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const lines = input.items.map((item, index) => lineOf(ctx, row, { ordered, item, index }))
  if (new Set(lines.map(({ order_line_id }) => order_line_id)).size < lines.length) {
    throw invalidField('items', 'names an item twice')
  }
  const [numbered] = await insertClaim(ctx, row)
  await insertLines(ctx, { rows: lines })
  await keepUnits(ctx, ordered, holdings(lines))
  const made = { ...row, number: numbered?.number as number }
  tellClaim(ctx, made, claimEvents.created)
  return answerClaim(ctx, made)
}

const FRESH = {
  status: 'submitted',
  remedy: null,
  goods: null,
  remedy_amount: null,
  return_id: null,
  order_refund_id: null,
  out_order_id: null,
  status_reason: null,
  version: 1,
  decided_at: null,
  closed_at: null,
} as const

type Asked = {
  ordered: readonly OrderLine[]
  item: CreateClaim['items'][number]
  index: number
}

function lineOf(ctx: Context, row: ClaimRow, { ordered, item, index }: Asked): ClaimLineRow {
  const { order_item_id, sku, quantity, problem, note = null } = item
  const field = `items.${index}.order_item_id`
  if (order_item_id === undefined && sku === undefined) throw invalidField(field, 'is required')
  const found = ordered.find((line) =>
    order_item_id === undefined
      ? line.sku.toLowerCase() === sku?.toLowerCase()
      : line.id === order_item_id,
  )
  if (!found) throw invalidField(field, 'is not in this order')
  return {
    id: ctx.newId('claim_line'),
    claim_id: row.id,
    position: index + 1,
    order_line_id: found.id,
    sku: found.sku,
    name: found.name,
    quantity,
    kept_quantity: 0,
    problem,
    note,
  }
}

const holdings = (lines: readonly ClaimLineRow[], kept = true) =>
  lines.map((line) => ({ ...line, held: kept ? line.quantity : 0 }))

const insertClaim = prepared(db, (open, p: ClaimRow, engine) => {
  const columns = Object.keys(db.tables.claims.properties) as (keyof ClaimRow)[]
  const named = Object.fromEntries(columns.map((name) => [name, p[name]])) as ClaimRow
  const number = nextNumber(engine, 'claims', FIRST_CLAIM_NUMBER)
  return open
    .insertInto('claims')
    .values({ ...named, number })
    .returning('number')
})
const insertLines = insertRows(db, 'claim_lines')

/** Adds addresses of pictures and papers to a claim that nobody has decided yet. */
export async function addEvidence(ctx: Context, { id, evidence }: AddEvidence): Promise<Claim> {
  const { row } = await lockClaim(ctx, id)
  const all = [...new Set([...row.evidence, ...evidence])]
  if (all.length > EVIDENCE_MAX) throw invalidField('evidence', `is at most ${EVIDENCE_MAX} in all`)
  const after = await storeClaim(ctx, row, { evidence: all })
  tellClaim(ctx, after, claimEvents.evidence_added)
  return answerClaim(ctx, after)
}

/**
 * Finds a claim right, and decides what is done about it; `resolve` does it. If the goods come
 * back, their return is opened and agreed at once, and holds the units instead of the claim.
 */
export async function approveClaim(ctx: Context, input: ApproveClaim): Promise<Claim> {
  refuseShoppers(ctx, 'approve a claim')
  const locked = await lockClaim(ctx, input.id)
  const { row, order } = locked
  requireVersion(ctx, row.version)
  const status = claimLifecycle.next(row.status, 'approve')
  const { remedy, goods = 'stay', reason = null } = input
  const remedy_amount =
    input.amount === undefined ? null : parseMoney(input.amount, order.currency, 'amount')
  if (remedy_amount !== null && remedy_amount <= 0) {
    throw invalidField('amount', 'must be above zero')
  }
  if (remedy_amount !== null && remedy !== 'refund' && remedy !== 'store_credit') {
    throw invalidField('amount', 'is for a refund or store credit')
  }
  const decided = { remedy, goods, remedy_amount, decided_at: ctx.now }
  const after = await storeClaim(ctx, row, {
    ...decided,
    status,
    status_reason: reason,
    return_id: goods === 'return' ? await openBack(ctx, locked) : null,
  })
  tellClaim(ctx, after, claimEvents.approved)
  return answerClaim(ctx, after)
}

async function openBack(ctx: Context, { order, row }: LockedClaim): Promise<ClaimRow['return_id']> {
  const lines = await letGo(ctx, { order, row })
  const back = await openReturn(ctx, order, {
    reason: `Claim ${printNumber(row.number)}`,
    items: lines.map(({ order_line_id, quantity, problem }) => ({
      order_item_id: order_line_id,
      quantity,
      reason: problem,
    })),
    preferred_resolution: 'none',
    override_reason: 'It is claimed.',
    origin: { exchange_id: null, claim_id: row.id },
  })
  await approve(ctx, back, null)
  return back.id
}

/** Frees the units of a claim for returns and other claims. */
async function letGo(ctx: Context, { order, row }: LockedClaim): Promise<ClaimLineRow[]> {
  const lines = await linesOfClaims(ctx, { ids: [row.id] })
  const ordered = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  await keepUnits(ctx, ordered, holdings(lines, false))
  return lines
}

/** Finds a claim wrong. */
export async function rejectClaim(ctx: Context, input: MoveClaim): Promise<Claim> {
  refuseShoppers(ctx, 'reject a claim')
  return end(ctx, input, { move: 'reject', event: claimEvents.rejected })
}

/** Withdraws a claim that nobody has decided yet. */
export const cancelClaim = (ctx: Context, input: MoveClaim): Promise<Claim> =>
  end(ctx, input, { move: 'cancel', event: claimEvents.cancelled })

type End = { move: 'reject' | 'cancel'; event: AnyEventType }

async function end(ctx: Context, input: MoveClaim, { move, event }: End): Promise<Claim> {
  const locked = await lockClaim(ctx, input.id)
  requireVersion(ctx, locked.row.version)
  const status = claimLifecycle.next(locked.row.status, move)
  await letGo(ctx, locked)
  const status_reason = input.reason ?? null
  const after = await storeClaim(ctx, locked.row, { status, status_reason, closed_at: ctx.now })
  tellClaim(ctx, after, event)
  return answerClaim(ctx, after)
}

/** Looks again at a claim that was rejected or withdrawn, if its units are still free. */
export async function reopenClaim(ctx: Context, input: MoveClaim): Promise<Claim> {
  refuseShoppers(ctx, 'reopen a claim')
  const { order, row } = await lockClaim(ctx, input.id)
  requireVersion(ctx, row.version)
  const status = claimLifecycle.next(row.status, 'reopen')
  const lines = await linesOfClaims(ctx, { ids: [row.id] })
  const ordered = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  await keepUnits(ctx, ordered, holdings(lines))
  const status_reason = input.reason ?? null
  const after = await storeClaim(ctx, row, { status, status_reason, closed_at: null })
  tellClaim(ctx, after, claimEvents.reopened)
  return answerClaim(ctx, after)
}
