import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { inventoryErrors } from '../errors.ts'
import { findItems } from '../find-items.ts'
import { inItemUnits } from '../units/item-units.ts'
import { transferEvents } from './events.ts'
import {
  findTransfer,
  inTransit,
  type LineRow,
  linesOf,
  lockTransfer,
  type TransferRow,
  transferOf,
} from './find.ts'
import { letGo } from './holds.ts'
import { transferLifecycle } from './lifecycle.ts'
import type { CancelTransfer, ReceiveTransfer, Transfer, WriteOffTransfer } from './schemas.ts'
import { type Outcome, settle } from './settle.ts'
import { db } from './tables.ts'

/**
 * Takes in what arrived of a transfer, in part or all of it; what did not arrive can be written off
 * line by line. Throws `over_received` for more than is on its way.
 */
export async function receiveTransfer(ctx: Context, input: ReceiveTransfer): Promise<Transfer> {
  const transfer = await lockTransfer(ctx, input.id)
  transferLifecycle.next(transfer.status, 'receive')
  const lines = await linesOf(ctx, transfer.id)
  const outcomes = input.lines
    ? await outcomesOf(ctx, lines, input.lines)
    : rest(lines).map((one): Outcome => ({ ...one, fate: 'received' }))
  requireOnTheWay(outcomes)
  await settle(ctx, transfer, { outcomes, notes: input.notes ?? null })
  return transferOf(await findTransfer(ctx, transfer.id))
}

/** Writes off everything of a transfer that is still on its way; it is over then. */
export async function writeOffTransfer(
  ctx: Context,
  { id, reason }: WriteOffTransfer,
): Promise<Transfer> {
  const transfer = await lockTransfer(ctx, id)
  transferLifecycle.next(transfer.status, 'receive')
  const outcomes = rest(await linesOf(ctx, transfer.id)).map(
    (one): Outcome => ({ ...one, fate: 'lost', reason }),
  )
  await settle(ctx, transfer, { outcomes, notes: null })
  return transferOf(await findTransfer(ctx, transfer.id))
}

/** Gives a transfer up: what it held is free, what is on its way goes back where it came from. */
export async function cancelTransfer(
  ctx: Context,
  { id, reason: why }: CancelTransfer,
): Promise<Transfer> {
  const reason = why ?? null
  const before = await lockTransfer(ctx, id)
  const status = transferLifecycle.next(before.status, 'cancel')
  await letGo(ctx, before)
  const transfer = before.status === 'in_transit' ? await takeBack(ctx, before, reason) : before
  await db(ctx)
    .updateTable('transfers')
    .set({
      status,
      holds_stock: false,
      cancelled_at: ctx.now,
      version: before.version + 1,
      updated_at: ctx.now,
    })
    .where('id', '=', before.id)
    .execute()
  const { from_location_id, to_location_id } = transfer
  const between = { transfer_id: before.id, from_location_id, to_location_id }
  emit(ctx, transferEvents.cancelled({ ...between, reason }))
  return transferOf(await findTransfer(ctx, before.id))
}

async function takeBack(
  ctx: Context,
  transfer: TransferRow,
  notes: string | null,
): Promise<TransferRow> {
  const outcomes = rest(await linesOf(ctx, transfer.id)).map(
    (one): Outcome => ({ ...one, fate: 'returned' }),
  )
  await settle(ctx, transfer, { outcomes, notes })
  return transfer
}

/** What of each line is still on its way. */
const rest = (lines: readonly LineRow[]): { line: LineRow; quantity: number }[] =>
  lines.flatMap((line) => {
    const quantity = inTransit(line)
    return quantity > 0 ? [{ line, quantity }] : []
  })

/** What was said to have arrived or been lost, line by line. */
async function outcomesOf(
  ctx: Context,
  lines: readonly LineRow[],
  said: NonNullable<ReceiveTransfer['lines']>,
): Promise<Outcome[]> {
  const items = await findItems(
    ctx,
    said.map(({ item_number }) => item_number),
  )
  const counted = said.flatMap(({ quantity, unit }, nth) =>
    quantity === undefined ? [] : [{ nth, item: items[nth] as never, quantity, unit }],
  )
  const units = await inItemUnits(ctx, counted)
  const arrived = new Map(counted.map(({ nth }, index) => [nth, units[index] as number]))
  const byItem = new Map(lines.map((line) => [line.item_id, line]))
  return said.flatMap(({ state, reason, lots, lost_quantity: lost }, nth): Outcome[] => {
    const line = byItem.get(items[nth]?.id as LineRow['item_id'])
    if (!line) throw invalidField(`lines.${nth}.item_number`, 'is not in this transfer')
    const quantity = arrived.get(nth)
    if (quantity === undefined && lost === undefined) {
      throw invalidField(`lines.${nth}.quantity`, 'or lost_quantity is required')
    }
    if (lost !== undefined && reason === undefined) {
      throw invalidField(`lines.${nth}.reason`, 'is required for what was lost')
    }
    return [
      ...(quantity ? [{ line, fate: 'received' as const, quantity, state, lots, reason }] : []),
      ...(lost ? [{ line, fate: 'lost' as const, quantity: lost, reason }] : []),
    ]
  })
}

/** Refuses more of a line than left and has not arrived yet. */
function requireOnTheWay(outcomes: readonly Outcome[]): void {
  const asked = new Map<LineRow, number>()
  for (const { line, quantity } of outcomes) asked.set(line, (asked.get(line) ?? 0) + quantity)
  for (const [line, requested] of asked) {
    const { item_id, position } = line
    const in_transit = inTransit(line)
    if (requested > in_transit) {
      throw inventoryErrors.over_received({
        position: position + 1,
        item_id,
        requested,
        in_transit,
      })
    }
  }
}
