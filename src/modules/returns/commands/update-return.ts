import { sql } from 'kysely'
import { linesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { type Locked, linesOfReturns, lockReturn, printRma } from '../find.ts'
import { holdUnits } from '../holds.ts'
import { type Change, storeReturn, tellUpdated } from '../moves.ts'
import { findReason, reasonNamed } from '../reasons/queries.ts'
import type { Return, UpdateReturn } from '../schemas.ts'
import { db, type LineRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'

const WHILE_REQUESTED = ['reason', 'reason_code', 'preferred_resolution', 'items'] as const
const UNTIL_RECEIVED = ['tracking_number', 'carrier'] as const

/**
 * Changes what a return says: reason, wish and units while it is requested, the parcel until it has
 * arrived, the customer's notes always. Lines keep the terms they were asked for under.
 */
export async function updateReturn(ctx: Context, input: UpdateReturn): Promise<Return> {
  const locked = await lockReturn(ctx, input.id)
  const { row } = locked
  requireVersion(ctx, row.version)
  requireChangeable(locked, input)
  const change: Change = {
    reason: input.reason ?? row.reason,
    preferred_resolution: input.preferred_resolution ?? row.preferred_resolution,
    customer_notes: input.customer_notes === undefined ? row.customer_notes : input.customer_notes,
    carrier: input.carrier === undefined ? row.carrier : input.carrier,
    tracking_number:
      input.tracking_number === undefined ? row.tracking_number : input.tracking_number,
    reason_id: await reasonIn(ctx, row, input),
  }
  if (input.items) await changeUnits(ctx, locked, input.items)
  const { id: _, ...named } = input
  const after = await storeReturn(ctx, row, change)
  tellUpdated(ctx, after, Object.keys(named))
  return answerReturn(ctx, after)
}

function requireChangeable({ row }: Locked, input: UpdateReturn): void {
  const { status } = row
  const late = (fields: readonly (keyof UpdateReturn)[]) =>
    fields.find((field) => input[field] !== undefined)
  if (status !== 'Requested') {
    const field = late(WHILE_REQUESTED)
    if (field) throw returnErrors.not_changeable({ field, status })
  }
  if (!['Requested', 'Approved', 'PartiallyReceived'].includes(status)) {
    const field = late(UNTIL_RECEIVED)
    if (field) throw returnErrors.not_changeable({ field, status })
  }
  if (input.items && (row.exchange_id !== null || row.claim_id !== null)) {
    const document = row.exchange_id === null ? 'its claim' : 'its exchange'
    throw returnErrors.of_a_document({ rma_number: printRma(row.number), document })
  }
}

async function reasonIn(ctx: Context, row: Locked['row'], input: UpdateReturn) {
  const { reason, reason_code } = input
  if (reason_code) return (await findReason(ctx, reason_code)).id
  if (reason_code === null) return null
  if (reason === undefined) return row.reason_id
  return reason.length <= 60
    ? ((await reasonNamed(ctx, reason))?.id ?? row.reason_id)
    : row.reason_id
}

const setUnits = updateEach<Pick<LineRow, 'id' | 'quantity'>, unknown>(
  db as never,
  { id: 'uuid', quantity: 'bigint' },
  {
    table: 'return_lines',
    key: ['id'],
    set: ({ quantity }) => ({ quantity }),
    where: () => sql`return_lines.received_quantity = 0`,
  },
)

async function changeUnits(
  ctx: Context,
  { order, row }: Locked,
  items: NonNullable<UpdateReturn['items']>,
): Promise<void> {
  const [lines, ordered] = await Promise.all([
    linesOfReturns(ctx, { returns: [row.id] }),
    linesOf(ctx, [order.id]),
  ])
  const wanted = new Map(items.map((item) => [item.id, item.quantity]))
  if (wanted.size < items.length) throw invalidField('items', 'names an item twice')
  const known = new Map(lines.map((line) => [line.id, line]))
  const changed = [...wanted].map(([item_id, quantity]) => {
    const line = known.get(item_id)
    if (!line) throw returnErrors.line_not_found({ item_id })
    return { ...line, quantity, held: quantity }
  })
  const rows = changed.map(({ id, quantity }) => ({ id, quantity }))
  await setUnits.run(ctx, { rows })
  await holdUnits(ctx, ordered.get(order.id) ?? [], changed)
}
