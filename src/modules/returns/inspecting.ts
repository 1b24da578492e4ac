import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { postMovements } from '#modules/inventory'
import { unreturnUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { returnErrors } from './errors.ts'
import { returnEvents } from './events.ts'
import type { Locked } from './find.ts'
import type { Disposition } from './lifecycle.ts'
import { waitingUnits } from './lines.ts'
import { storeReturn, toldOf } from './moves.ts'
import { type Looked, movementsFor } from './stock.ts'
import { type DispositionRow, db, type LineRow } from './tables.ts'

/** What becomes of units of a line. */
export type Inspection = Pick<DispositionRow, 'disposition' | 'condition' | 'note'> & {
  line: LineRow
  quantity: number
  /** Whether these units are paid for. */
  accepted: boolean
  /** Where restocked units go, and as what; null: where they lie. */
  location_id: Id<'location'> | null
  state: 'sellable' | 'damaged' | 'expired'
}

const receivedLines = prepared(db, (open, p: { return_id: Id<'return'> }) =>
  open
    .selectFrom('return_receipts as r')
    .innerJoin('return_receipt_lines as l', 'l.receipt_id', 'r.id')
    .selectAll('l')
    .select('r.location_id')
    .where('r.return_id', '=', p.return_id)
    .where('l.waiting_quantity', '>', 0)
    .orderBy('r.id'),
)

/**
 * Decides what becomes of received units, the oldest receipt first, and moves them in the stock
 * ledger as it is decided: out of quarantine into what they are now, or away. Each unit is decided
 * on once: the guarded writes count what waits. What is sent back to the customer counts as
 * returned no more. The order's lock is held. Throws `not_received`.
 */
export async function inspectUnits(
  ctx: Context,
  { order, row }: Locked,
  inspections: readonly Inspection[],
): Promise<Locked> {
  const looked = await takeWaiting(ctx, row.id, inspections)
  await countLooked(ctx, looked)
  const rows = looked.map((one) => dispositionRow(ctx, row.id, one))
  await insertDispositions(ctx, { rows })
  await postMovements(ctx, movementsFor(row.id, looked))
  const gone = unitsOf(looked, 'send_back')
  const changed =
    gone.length === 0
      ? order
      : await unreturnUnits(
          ctx,
          order,
          gone.map(({ order_line_id, quantity }) => ({ order_line_id, quantity })),
        )
  const after = await storeReturn(ctx, row, {})
  tell(ctx, row, looked)
  return { order: changed, row: after }
}

/** Shares the inspections out over what was received, oldest first, each unit once. */
async function takeWaiting(
  ctx: Context,
  return_id: Id<'return'>,
  inspections: readonly Inspection[],
): Promise<Looked[]> {
  const received = await receivedLines(ctx, { return_id })
  const left = new Map(received.map((one) => [one, one.waiting_quantity]))
  const looked: Looked[] = []
  for (const inspection of inspections) {
    let wanted = inspection.quantity
    for (const one of received) {
      const has = left.get(one) ?? 0
      if (one.return_line_id !== inspection.line.id || has === 0 || wanted === 0) continue
      const quantity = Math.min(has, wanted)
      // Units are looked at in the order in which their lots and serial numbers were named.
      const from = one.quantity - has
      looked.push({ ...inspection, quantity, receipt: one, from })
      left.set(one, has - quantity)
      wanted -= quantity
    }
    if (wanted > 0) {
      const { sku, id: item_id } = inspection.line
      const waiting = inspection.quantity - wanted
      throw returnErrors.not_received({ sku, waiting, item_id })
    }
  }
  return looked
}

type Waiting = { receipt_id: string; return_line_id: string; quantity: number }

const takeFromReceipts = updateEach<Waiting, unknown>(
  db as never,
  { receipt_id: 'uuid', return_line_id: 'uuid', quantity: 'bigint' },
  {
    table: 'return_receipt_lines',
    key: ['receipt_id', 'return_line_id'],
    set: ({ quantity }) => ({
      waiting_quantity: sql`return_receipt_lines.waiting_quantity - ${quantity}`,
    }),
    where: ({ quantity }) => sql`return_receipt_lines.waiting_quantity >= ${quantity}`,
  },
)

const COLUMNS = {
  restock: 'restocked_quantity',
  quarantine: 'quarantined_quantity',
  scrap: 'scrapped_quantity',
  send_back: 'sent_back_quantity',
} as const satisfies Record<Disposition, keyof LineRow>

type Counts = { id: string; accepted: number } & Record<Disposition, number>

const addLooked = updateEach<Counts, unknown>(
  db as never,
  {
    id: 'uuid',
    accepted: 'bigint',
    restock: 'bigint',
    quarantine: 'bigint',
    scrap: 'bigint',
    send_back: 'bigint',
  },
  {
    table: 'return_lines',
    key: ['id'],
    set: ({ accepted, restock, quarantine, scrap, send_back }) => ({
      restocked_quantity: sql`return_lines.restocked_quantity + ${restock}`,
      quarantined_quantity: sql`return_lines.quarantined_quantity + ${quarantine}`,
      scrapped_quantity: sql`return_lines.scrapped_quantity + ${scrap}`,
      sent_back_quantity: sql`return_lines.sent_back_quantity + ${send_back}`,
      accepted_quantity: sql`return_lines.accepted_quantity + ${accepted}`,
      held_quantity: sql`return_lines.held_quantity - ${send_back}`,
    }),
    where: ({ restock, quarantine, scrap, send_back }) => sql`
      return_lines.received_quantity >= ${sql.join(
        Object.values(COLUMNS).map((name) => sql`return_lines.${sql.ref(name)}`),
        sql` + `,
      )} + ${restock} + ${quarantine} + ${scrap} + ${send_back}`,
  },
)

/** Counts the units, by receipt and by line; the writes say no to one that is counted twice. */
async function countLooked(ctx: Context, looked: readonly Looked[]): Promise<void> {
  const byReceipt = Map.groupBy(looked, ({ receipt: r }) => `${r.receipt_id} ${r.return_line_id}`)
  const receipts = [...byReceipt.values()].map((own) => ({
    receipt_id: own[0]?.receipt.receipt_id as string,
    return_line_id: own[0]?.receipt.return_line_id as string,
    quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
  }))
  const lines = [...Map.groupBy(looked, ({ line }) => line.id)].map(([id, own]) => {
    const count = (disposition: Disposition) =>
      own.reduce((sum, one) => sum + (one.disposition === disposition ? one.quantity : 0), 0)
    const accepted = own.reduce((sum, one) => sum + (one.accepted ? one.quantity : 0), 0)
    return {
      id,
      accepted,
      restock: count('restock'),
      quarantine: count('quarantine'),
      scrap: count('scrap'),
      send_back: count('send_back'),
    }
  })
  const taken = await takeFromReceipts.run(ctx, { rows: receipts })
  const counted = await addLooked.run(ctx, { rows: lines })
  if (taken.affected === receipts.length && counted.affected === lines.length) return
  const { sku, ...line } = (looked[0] as Looked).line
  throw returnErrors.not_received({ sku, waiting: waitingUnits({ sku, ...line }) })
}

const insertDispositions = insertRows(db, 'return_dispositions')

function dispositionRow(ctx: Context, return_id: Id<'return'>, one: Looked): DispositionRow {
  const { line, quantity, disposition, accepted, condition, note } = one
  const stays = disposition === 'restock' || disposition === 'quarantine'
  const target = disposition === 'restock' ? one.location_id : null
  return {
    id: ctx.newId('return_disposition'),
    return_id,
    return_line_id: line.id,
    receipt_id: one.receipt.receipt_id,
    disposition,
    quantity,
    accepted_quantity: accepted ? quantity : 0,
    location_id: stays ? (target ?? one.receipt.location_id) : null,
    state: stays ? (disposition === 'restock' ? one.state : 'quarantine') : null,
    condition: condition ?? one.receipt.condition,
    note,
    inspected_by: ctx.actor.id,
    inspected_at: ctx.now,
  }
}

const unitsOf = (looked: readonly Looked[], wanted: Disposition) =>
  looked
    .filter(({ disposition }) => disposition === wanted)
    .map(({ line, quantity }) => ({
      return_line_id: line.id,
      order_line_id: line.order_line_id,
      item_id: line.item_id,
      quantity,
    }))

function tell(ctx: Context, row: Locked['row'], looked: readonly Looked[]): void {
  const units = looked.map(({ line, disposition, quantity, accepted }) => ({
    return_line_id: line.id,
    item_id: line.item_id,
    disposition,
    quantity,
    accepted_quantity: accepted ? quantity : 0,
  }))
  emit(ctx, returnEvents.inspected({ ...toldOf(row), units }))
  const restocked = unitsOf(looked, 'restock')
  if (restocked.length === 0) return
  emit(ctx, returnEvents.restocked({ ...toldOf(row), units: restocked }))
}
