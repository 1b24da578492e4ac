import { parseCurrency } from '#kit/money'
import { customerErrors, findCustomer } from '#modules/customers'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { draftEvents } from '../events.ts'
import type { StoredDraft } from '../find.ts'
import { linesOf, membersOf } from '../input.ts'
import { FIRST_DRAFT_NUMBER } from '../migrations/2026-11-21-73-create-drafts.ts'
import { pricedDraft } from '../pricing.ts'
import type { CreateDraft, Draft } from '../schemas.ts'
import { holdAnew, requireEnd } from '../stock.ts'
import { type DraftLineRow, type DraftRow, db } from '../tables.ts'
import { draftOf } from '../wire.ts'

/**
 * Begins a draft of an order for a customer. Throws `unknown_product`, `insufficient_stock` if it
 * is to hold stock, `CUSTOMER_NOT_FOUND`.
 */
export async function createDraft(ctx: Context, input: CreateDraft): Promise<Draft> {
  const { customer_id } = input
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  if (!(await findCustomer(ctx, customer_id))) throw customerErrors.not_found({ customer_id })
  const draft: DraftRow = { ...EMPTY, ...begun(ctx), customer_id, currency }
  const named = { ...draft, ...membersOf(ctx, input, currency) }
  requireEnd(named)
  const lines = await linesOf(ctx, named, input.lines)
  const stored = await insertDraft(ctx, { draft: named, lines })
  const priced = await pricedDraft(ctx, stored)
  await holdAnew(ctx, { before: undefined, after: stored.draft }, priced)
  return draftOf(stored, priced)
}

const begun = (ctx: Context) => ({
  id: ctx.newId('draft'),
  created_by: ctx.actor.id,
  created_at: ctx.now,
  updated_at: ctx.now,
})

/** What a draft begins with. */
const EMPTY = {
  number: 0,
  status: 'open',
  email: null,
  shipping_address: null,
  billing_address: null,
  shipping: null,
  discount: null,
  note: null,
  staff_note: null,
  reserves: false,
  expires_at: null,
  offer: null,
  token_hash: null,
  sent_at: null,
  order_id: null,
  placed_by: null,
  payable_until: null,
  ended_at: null,
  version: 1,
} as const

const insertRow = prepared(db, (open, p: DraftRow, engine) => {
  const columns = Object.keys(db.tables.drafts.properties) as (keyof DraftRow)[]
  const named = Object.fromEntries(columns.map((name) => [name, p[name]])) as DraftRow
  const number = nextNumber(engine, 'drafts', FIRST_DRAFT_NUMBER)
  return open
    .insertInto('drafts')
    .values({ ...named, number })
    .returning('number')
})
export const insertLines = insertRows(db, 'draft_lines')

async function insertDraft(
  ctx: Context,
  { draft, lines }: { draft: DraftRow; lines: DraftLineRow[] },
): Promise<StoredDraft> {
  const made = await insertRow.first(ctx, draft)
  await insertLines(ctx, { rows: lines })
  const { id: draft_id, customer_id } = draft
  emit(ctx, draftEvents.created({ draft_id, customer_id }))
  return { draft: { ...draft, number: made?.number as number }, lines }
}
