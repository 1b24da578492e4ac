import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { type Movement, postMovements } from '#modules/inventory'
import { linesOf, returnUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { returnErrors } from './errors.ts'
import { returnEvents } from './events.ts'
import { type Locked, linesOfReturns } from './find.ts'
import { holdUnits } from './holds.ts'
import { returnLifecycle } from './lifecycle.ts'
import { awaitedUnits } from './lines.ts'
import { moveReturn, toldOf } from './moves.ts'
import { db, type LineRow, type ReceiptLineRow } from './tables.ts'

/** Units of a line that are here now. */
export type Arrived = {
  line: LineRow
  quantity: number
  condition: ReceiptLineRow['condition']
  lots: ReceiptLineRow['lots']
}

export type Receipt = {
  lines: readonly LineRow[]
  arrived: readonly Arrived[]
  location_id: Id<'location'>
  /** More than was agreed is taken, because somebody says so. */
  over_receipt: boolean
  /** What is still awaited will not come. */
  final: boolean
  note: string | null
}

/**
 * Takes units in: they count as returned, and lie in quarantine at the location until somebody
 * looks at them. The order's lock is held. Throws `over_receipt` for more than was agreed, unless
 * that is said, and `too_many_units` for more than the order has.
 */
export async function receiveUnits(
  ctx: Context,
  { order, row }: Locked,
  receipt: Receipt,
): Promise<Locked> {
  const { arrived, location_id } = receipt
  const counted = afterArrival(receipt)
  const isWhole = receipt.final || counted.every((line) => awaitedUnits(line) === 0)
  const move = isWhole ? 'receive' : 'receive_part'
  // Refused before anything is counted: a return that is over takes no more goods in.
  returnLifecycle.next(row.status, move)
  requireSaid(receipt)
  await countArrived(ctx, arrived)
  const ordered = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const holdings = counted.map((line) => ({ ...line, held: heldUnits(line, isWhole) }))
  await holdUnits(ctx, ordered, holdings)
  const units = arrived.map(({ line, quantity }) => ({
    order_line_id: line.order_line_id,
    quantity,
  }))
  const changed = await returnUnits(ctx, order, units)
  const receipt_id = await storeReceipt(ctx, row.id, receipt)
  await postMovements(ctx, movementsOf(row.id, receipt))
  const moved = await moveReturn(ctx, row, { move, ...(isWhole && { received_at: ctx.now }) })
  emit(
    ctx,
    returnEvents.received({
      ...toldOf(row),
      receipt_id,
      location_id,
      units: arrived.map(({ line, quantity }) => ({
        return_line_id: line.id,
        order_line_id: line.order_line_id,
        item_id: line.item_id,
        quantity,
      })),
      status: moved.row.status,
    }),
  )
  return { order: changed, row: moved.row }
}

/** What of its order line a line holds: what may still come, or has come and stayed. */
const heldUnits = (line: LineRow, isClosed: boolean): number =>
  (isClosed ? line.received_quantity : Math.max(line.quantity, line.received_quantity)) -
  line.sent_back_quantity

function afterArrival({ lines, arrived }: Receipt): LineRow[] {
  const came = new Map<Id<'return_line'>, number>()
  for (const { line, quantity } of arrived) {
    if (came.has(line.id)) throw invalidField('items', `names ${line.sku} twice`)
    came.set(line.id, quantity)
  }
  return lines.map((line) => ({
    ...line,
    received_quantity: line.received_quantity + (came.get(line.id) ?? 0),
  }))
}

function requireSaid({ arrived, over_receipt }: Receipt): void {
  if (over_receipt) return
  const over = arrived.find(({ line, quantity }) => quantity > awaitedUnits(line))
  if (!over) return
  const { line, quantity } = over
  throw returnErrors.over_receipt({
    sku: line.sku,
    item_id: line.id,
    received: quantity,
    expected: awaitedUnits(line),
  })
}

type Count = { id: string; received: number; over: number; was: number }

// The count before it stands in the write: goods that came in meanwhile are not counted twice.
const addReceived = updateEach<Count, unknown>(
  db as never,
  { id: 'uuid', received: 'bigint', over: 'bigint', was: 'bigint' },
  {
    table: 'return_lines',
    key: ['id'],
    set: ({ received, over }) => ({
      received_quantity: sql`return_lines.received_quantity + ${received}`,
      over_quantity: sql`return_lines.over_quantity + ${over}`,
    }),
    where: ({ was }) => sql`return_lines.received_quantity = ${was}`,
  },
)

async function countArrived(ctx: Context, arrived: readonly Arrived[]): Promise<void> {
  if (arrived.length === 0) return
  const rows = arrived.map(({ line, quantity }) => ({
    id: line.id,
    received: quantity,
    over: Math.max(0, quantity - awaitedUnits(line)),
    was: line.received_quantity,
  }))
  const { affected } = await addReceived.run(ctx, { rows })
  if (affected !== rows.length) throw new Error('a return was received without its order’s lock')
}

const insertReceipts = insertRows(db, 'return_receipts')
const insertReceiptLines = insertRows(db, 'return_receipt_lines')

async function storeReceipt(
  ctx: Context,
  return_id: Id<'return'>,
  { arrived, location_id, note }: Receipt,
): Promise<Id<'return_receipt'>> {
  const id = ctx.newId('return_receipt')
  const by = { received_by: ctx.actor.id, received_at: ctx.now }
  await insertReceipts(ctx, { rows: [{ id, return_id, location_id, note, ...by }] })
  if (arrived.length === 0) return id
  await insertReceiptLines(ctx, {
    rows: arrived.map(({ line, quantity, condition, lots }) => ({
      receipt_id: id,
      return_line_id: line.id,
      quantity,
      waiting_quantity: quantity,
      condition,
      lots,
    })),
  })
  return id
}

const movementsOf = (return_id: Id<'return'>, { arrived, location_id }: Receipt): Movement[] =>
  arrived.flatMap(({ line, quantity, lots }) =>
    line.item_id === null
      ? []
      : [
          {
            item_id: line.item_id,
            sku: line.sku,
            location_id,
            quantity_delta: quantity,
            kind: 'returned' as const,
            state_to: 'quarantine' as const,
            reason: null,
            reference_type: 'return',
            reference_id: return_id,
            ...(lots && { lots }),
          },
        ],
  )

/** The lines of a return as they are now. */
export const linesNow = (ctx: Context, { row }: Pick<Locked, 'row'>): Promise<LineRow[]> =>
  linesOfReturns(ctx, { returns: [row.id] })
