import type { Id } from '#kit/ids'
import { linesOf, lockOrder, type OrderLine, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { freeUnits, holdUnits } from '../holds.ts'
import { CONDITIONS, type Payer } from '../lifecycle.ts'
import { FIRST_RETURN_NUMBER } from '../migrations/2026-11-21-85-create-returns.ts'
import { toldOf } from '../moves.ts'
import { type Terms, termsOf, windowEnd } from '../policies/terms.ts'
import { findReason, reasonNamed } from '../reasons/queries.ts'
import type { CreateReturn, Return, WantedItem } from '../schemas.ts'
import { db, type LineRow, type ReturnRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'

/**
 * Asks to send goods of an order back: all that can come back, or the units that are named. Its
 * units are held from now on, so that no other return and no claim has them too. Throws
 * `not_returnable` outside the policy (staff may override it), `too_many_units`,
 * `nothing_to_return`.
 */
export async function requestReturn(ctx: Context, input: CreateReturn): Promise<Return> {
  const order = await lockOrder(ctx, input.order_id)
  return answerReturn(ctx, await openReturn(ctx, order, input))
}

/** What a return is asked for; `origin` is the exchange or the claim that asks. */
export type NewReturn = Omit<CreateReturn, 'order_id'> & {
  origin?: Pick<ReturnRow, 'exchange_id' | 'claim_id'>
}

/** The same for a caller that holds the order's lock. */
export async function openReturn(
  ctx: Context,
  order: OrderRow,
  input: NewReturn,
): Promise<ReturnRow> {
  if (input.customer_id !== undefined && input.customer_id !== order.customer_id) {
    throw invalidField('customer_id', 'is not whose order it is')
  }
  const override = overrideOf(ctx, input)
  const ordered = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const reason_id = await reasonIn(ctx, input)
  const wanted = await wantedLines(ctx, { order, ordered, input, reason_id })
  const terms = await termsOf(
    ctx,
    wanted.map((one) => ({ ...one, currency: order.currency })),
  )
  if (override === null) await requirePolicy(ctx, order, { wanted, terms })
  const row = { ...newRow(ctx, order, input), reason_id, override_reason: override }
  row.label_paid_by = payerOf([...terms.values()])
  const lines = wanted.map((one, nth) => newLine(ctx, row, { ...one, nth, terms }))
  const [numbered] = await insertReturn(ctx, row)
  await insertLines(ctx, { rows: lines })
  const holdings = lines.map((line) => ({ ...line, held: line.quantity }))
  await holdUnits(ctx, ordered, holdings)
  const made = { ...row, number: numbered?.number as number }
  const units = lines.map(({ id: return_line_id, order_line_id, item_id, quantity }) => ({
    return_line_id,
    order_line_id,
    item_id,
    quantity,
  }))
  emit(ctx, returnEvents.created({ ...toldOf(made), reason: made.reason, units }))
  return made
}

/** Only staff decides what passes although the policy says no. */
function overrideOf({ actor }: Context, { override_reason }: NewReturn): string | null {
  if (!override_reason) return null
  if (actor.own_only) throw returnErrors.staff_only({ action: 'override the policy of returns' })
  return override_reason
}

/** A reason's code is a reason, wherever it is said; any other text is a text. */
async function reasonIn(
  ctx: Context,
  { reason, reason_code }: { reason?: string | null; reason_code?: string | null },
): Promise<Id<'return_reason'> | null> {
  if (reason_code) {
    const found = await findReason(ctx, reason_code)
    if (found.archived_at !== null) throw returnErrors.reason_not_found({ reason: reason_code })
    return found.id
  }
  return reason && reason.length <= 60 ? ((await reasonNamed(ctx, reason))?.id ?? null) : null
}

type Wanted = {
  line: OrderLine
  quantity: number
  reason_id: Id<'return_reason'> | null
  reason: string | null
  condition: LineRow['reported_condition']
}
type Asked = {
  order: OrderRow
  ordered: readonly OrderLine[]
  input: NewReturn
  reason_id: Id<'return_reason'> | null
}

/** Which units of which lines, each line once. */
async function wantedLines(ctx: Context, asked: Asked): Promise<Wanted[]> {
  const { ordered, order, input } = asked
  if (!input.items) return everything(ctx, asked)
  const wanted = new Map<Id<'order_line'>, Wanted>()
  const reasonOf = remembered((said: string) => reasonIn(ctx, JSON.parse(said)))
  for (const [index, item] of input.items.entries()) {
    const line = lineOf(ordered, item, index)
    const known = wanted.get(line.id)
    wanted.set(line.id, {
      line,
      quantity: item.quantity + (known?.quantity ?? 0),
      reason_id: known?.reason_id ?? (await reasonOf(saidIn(item))) ?? asked.reason_id,
      reason: known?.reason ?? item.reason ?? null,
      condition: known?.condition ?? conditionIn(item, index),
    })
  }
  if (wanted.size === 0) {
    throw returnErrors.nothing_to_return({ order_id: order.id, problem: 'no item is named' })
  }
  return [...wanted.values()]
}

const saidIn = ({ reason, reason_code }: WantedItem): string =>
  JSON.stringify({ reason, reason_code })

/** Asks for each thing once, however many items say it. */
function remembered<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key) => {
    const found = known.get(key) ?? ask(key)
    known.set(key, found)
    return found
  }
}

async function everything(ctx: Context, { order, ordered, reason_id }: Asked): Promise<Wanted[]> {
  const free = await freeUnits(ctx, { lines: ordered })
  const rest = ordered.flatMap((line) => {
    const quantity = free.get(line.id) ?? 0
    return quantity > 0 ? [{ line, quantity, reason_id, reason: null, condition: null }] : []
  })
  if (rest.length > 0) return rest
  const isOut = ordered.some(({ fulfilled_quantity }) => fulfilled_quantity > 0)
  const problem = isOut ? 'all of it has a return already' : 'nothing of it has left yet'
  throw returnErrors.nothing_to_return({ order_id: order.id, problem })
}

function lineOf(ordered: readonly OrderLine[], item: WantedItem, index: number): OrderLine {
  const id = item.order_item_id ?? item.item_id
  const ref = id ?? item.product_id ?? item.sku
  if (ref === undefined) throw invalidField(`items.${index}.order_item_id`, 'is required')
  const key = ref.toLowerCase()
  const found = ordered.find((line) =>
    id === undefined
      ? line.sku.toLowerCase() === key || line.variant_id === key || line.product_id === key
      : line.id === id,
  )
  if (found) return found
  const field = id === undefined ? 'product_id' : 'order_item_id'
  throw invalidField(`items.${index}.${field}`, 'is not in this order')
}

function conditionIn({ condition }: WantedItem, index: number): LineRow['reported_condition'] {
  if (!condition) return null
  const found = CONDITIONS.find((word) => word.toLowerCase() === condition.toLowerCase())
  if (found) return found
  throw invalidField(`items.${index}.condition`, `must be one of ${CONDITIONS.join(', ')}`)
}

const delivery = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('order_deliveries').select('delivered_at').where('order_id', '=', p.order_id),
)

type UnderTerms = { wanted: readonly Wanted[]; terms: ReadonlyMap<Id<'order_line'>, Terms> }

async function requirePolicy(
  ctx: Context,
  order: OrderRow,
  { wanted, terms }: UnderTerms,
): Promise<void> {
  const delivered = await delivery.first(ctx, { order_id: order.id })
  for (const { line } of wanted) {
    const own = terms.get(line.id) as Terms
    const { sku, id: order_item_id } = line
    if (!own.is_returnable) {
      throw returnErrors.not_returnable({ sku, problem: 'it is excluded', order_item_id })
    }
    const until = windowEnd(own, delivered?.delivered_at ?? null)
    if (until === null || until >= ctx.now) continue
    const problem = `the time for it ended on ${until.slice(0, 10)}`
    throw returnErrors.not_returnable({ sku, problem, order_item_id, until })
  }
}

/** The shop pays for the way back as soon as it does for one of the goods in the box. */
const payerOf = (terms: readonly Terms[]): Payer =>
  terms.some(({ label_paid_by }) => label_paid_by === 'shop') ? 'shop' : 'customer'

const newRow = (ctx: Context, order: OrderRow, input: NewReturn): ReturnRow => ({
  id: ctx.newId('return'),
  number: 0,
  order_id: order.id,
  customer_id: order.customer_id,
  currency: order.currency,
  status: 'Requested',
  reason: input.reason,
  reason_id: null,
  customer_notes: input.customer_notes ?? null,
  preferred_resolution: input.preferred_resolution ?? 'refund',
  override_reason: null,
  label_paid_by: 'customer',
  label_amount: 0,
  label_url: null,
  carrier: null,
  tracking_number: null,
  shipment_id: null,
  exchange_id: input.origin?.exchange_id ?? null,
  claim_id: input.origin?.claim_id ?? null,
  status_reason: null,
  version: 1,
  requested_by: ctx.actor.id,
  approved_at: null,
  received_at: null,
  closed_at: null,
  deleted_at: null,
  created_at: ctx.now,
  updated_at: ctx.now,
})

const EMPTY = {
  held_quantity: 0,
  received_quantity: 0,
  over_quantity: 0,
  restocked_quantity: 0,
  quarantined_quantity: 0,
  scrapped_quantity: 0,
  sent_back_quantity: 0,
  accepted_quantity: 0,
}

type NewLine = Wanted & { nth: number; terms: ReadonlyMap<Id<'order_line'>, Terms> }

function newLine(ctx: Context, row: ReturnRow, { line, nth, terms, ...wanted }: NewLine): LineRow {
  const { fee_ppm, fee_unit_amount } = terms.get(line.id) as Terms
  const { product_id, item_id, sku, name } = line
  return {
    id: ctx.newId('return_line'),
    return_id: row.id,
    position: nth + 1,
    order_line_id: line.id,
    product_id,
    item_id,
    sku,
    name,
    quantity: wanted.quantity,
    ...EMPTY,
    reason_id: wanted.reason_id,
    reason: wanted.reason,
    reported_condition: wanted.condition,
    fee_ppm,
    fee_unit_amount,
    created_at: ctx.now,
  }
}

const insertReturn = prepared(db, (open, p: ReturnRow, engine) => {
  const columns = Object.keys(db.tables.returns.properties) as (keyof ReturnRow)[]
  const named = Object.fromEntries(columns.map((name) => [name, p[name]])) as ReturnRow
  const number = nextNumber(engine, 'returns', FIRST_RETURN_NUMBER)
  return open
    .insertInto('returns')
    .values({ ...named, number })
    .returning('number')
})
const insertLines = insertRows(db, 'return_lines')
