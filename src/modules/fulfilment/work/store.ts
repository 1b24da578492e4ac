import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { fulfilmentOrderEvents } from '../events.ts'
import { printNumber } from '../numbers.ts'
import { unpack } from '../packing/unpack.ts'
import { putBack } from '../picking/put-back.ts'
import { withdrawPicks } from '../picking/withdraw-picks.ts'
import { db } from '../tables.ts'
import type { FulfilmentLine, FulfilmentOrder, FulfilmentRow } from './units.ts'

const insertOrders = insertRows(db, 'fulfilment_orders')
const insertLines = insertRows(db, 'fulfilment_order_lines')

const ORDER_KINDS = db.kinds('fulfilment_orders') as { [K in keyof FulfilmentRow]: 'text' }
const LINE_KINDS = db.kinds('fulfilment_order_lines') as { [K in keyof FulfilmentLine]: 'text' }

// The version names the row that was read. The order's lock keeps others out; this tells if one
// forgot it.
const updateOrders = updateEach<FulfilmentRow, unknown>(db as never, ORDER_KINDS, {
  table: 'fulfilment_orders',
  key: ['id'],
  set: ({ id, order_id, order_number, nth, created_at, ...facts }) => facts,
  where: ({ version }) => sql`fulfilment_orders.version = ${version} - 1`,
})
const updateLines = updateEach<FulfilmentLine, unknown>(db as never, LINE_KINDS, {
  table: 'fulfilment_order_lines',
  key: ['fulfilment_order_id', 'order_line_id'],
  set: ({
    quantity,
    picking_quantity,
    picked_quantity,
    packed_quantity,
    shipped_quantity,
    withdrawn_quantity,
  }) => ({
    quantity,
    picking_quantity,
    picked_quantity,
    packed_quantity,
    shipped_quantity,
    withdrawn_quantity,
  }),
  where: () => sql`true`,
})

/**
 * Stores fulfilment orders as they shall be, beside how they were read under their order's lock: as
 * many statements for one as for many. Tells what was made and which moves were taken. Picks and
 * cartons follow units that were withdrawn. Answers the stored rows.
 */
export async function storeWork(
  ctx: Context,
  before: readonly FulfilmentOrder[],
  after: readonly FulfilmentOrder[],
): Promise<FulfilmentOrder[]> {
  const { stored, changes } = await storePicked(ctx, before, after)
  await withdrawPicks(ctx, changes)
  await putBack(ctx, changes)
  await unpack(ctx, changes)
  tellPutBack(ctx, stored, changes)
  return stored
}

/** The same where picks and cartons were written already: by who picks and packs. */
export async function storePicked(
  ctx: Context,
  before: readonly FulfilmentOrder[],
  after: readonly FulfilmentOrder[],
): Promise<{ stored: FulfilmentOrder[]; changes: LineChange[] }> {
  const known = new Map(before.map((one) => [one.id, one]))
  const stored = after.map((one) => versioned(ctx, one, known.get(one.id)))
  await writeOrders(ctx, stored, known)
  await writeLines(ctx, stored, known)
  for (const one of stored) tell(ctx, one, known.get(one.id))
  return { stored, changes: stored.flatMap((one) => changesOf(one, known.get(one.id))) }
}

const isSame = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b)

function versioned(
  ctx: Context,
  one: FulfilmentOrder,
  was: FulfilmentOrder | undefined,
): FulfilmentOrder {
  if (!was || isSame(one, was)) return one
  return { ...one, version: was.version + 1, updated_at: ctx.now }
}

const rowOf = ({ lines: _, ...row }: FulfilmentOrder): FulfilmentRow => row

type Known = ReadonlyMap<string, FulfilmentOrder>

async function writeOrders(ctx: Context, stored: readonly FulfilmentOrder[], known: Known) {
  const fresh = stored.filter(({ id }) => !known.has(id)).map(rowOf)
  const changed = stored
    .filter(({ id, version }) => (known.get(id)?.version ?? version) !== version)
    .map(rowOf)
  if (fresh.length > 0) await insertOrders.run(ctx, { rows: fresh })
  if (changed.length === 0) return
  const { affected } = await updateOrders.run(ctx, { rows: changed })
  if (affected !== changed.length) {
    throw new Error('a fulfilment order changed without the lock of its order')
  }
}

async function writeLines(ctx: Context, stored: readonly FulfilmentOrder[], known: Known) {
  const rows = stored.flatMap(({ id, lines }) => {
    const own = new Map(known.get(id)?.lines.map((line) => [line.order_line_id, line]))
    return lines.map((line) => ({ line, was: own.get(line.order_line_id) }))
  })
  const fresh = rows.filter(({ was }) => !was).map(({ line }) => line)
  const changed = rows.filter(({ line, was }) => was && !isSame(line, was)).map(({ line }) => line)
  if (fresh.length > 0) await insertLines.run(ctx, { rows: fresh })
  if (changed.length > 0) await updateLines.run(ctx, { rows: changed })
}

/** How the counters of one line changed; negative is less. */
export type LineChange = {
  line: FulfilmentLine
  quantity: number
  picking: number
  picked: number
  packed: number
}

function changesOf(one: FulfilmentOrder, was: FulfilmentOrder | undefined): LineChange[] {
  const own = new Map(was?.lines.map((line) => [line.order_line_id, line]))
  return one.lines.flatMap((line) => {
    const old = own.get(line.order_line_id)
    if (!old || isSame(old, line)) return []
    return [
      {
        line,
        quantity: line.quantity - old.quantity,
        picking: line.picking_quantity - old.picking_quantity,
        picked: line.picked_quantity - old.picked_quantity,
        packed: line.packed_quantity - old.packed_quantity,
      },
    ]
  })
}

/** What every event of a fulfilment order says of it. */
export const named = (one: FulfilmentRow) => ({
  fulfilment_order_id: one.id,
  order_id: one.order_id,
  number: printNumber(one),
})

/** Units of lines, as events tell them; those of none are left out. */
export const unitsTold = (
  lines: readonly Pick<FulfilmentLine, 'order_line_id' | 'item_id' | 'quantity'>[],
) =>
  lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ order_line_id, item_id, quantity }) => ({ order_line_id, item_id, quantity }))

function tell(ctx: Context, one: FulfilmentOrder, was: FulfilmentOrder | undefined): void {
  const { location_id, status, why } = one
  const units = unitsTold(one.lines)
  if (!was) {
    emit(ctx, fulfilmentOrderEvents.created({ ...named(one), location_id, status, why, units }))
    return
  }
  if (!isSame(units, unitsTold(was.lines))) {
    emit(ctx, fulfilmentOrderEvents.changed({ ...named(one), location_id, units }))
  }
  if (was.status !== status) {
    const moved = { old_status: was.status, new_status: status, reason: one.status_reason }
    emit(ctx, fulfilmentOrderEvents.status_changed({ ...named(one), ...moved }))
  }
}

function tellPutBack(
  ctx: Context,
  stored: readonly FulfilmentOrder[],
  changes: readonly LineChange[],
): void {
  const back = changes.filter(({ picked }) => picked < 0)
  for (const [id, own] of Map.groupBy(back, ({ line }) => line.fulfilment_order_id)) {
    const one = stored.find((order) => order.id === id) as FulfilmentOrder
    const units = unitsTold(own.map(({ line, picked }) => ({ ...line, quantity: -picked })))
    const { location_id } = one
    emit(ctx, fulfilmentOrderEvents.put_back({ ...named(one), location_id, units }))
  }
}
