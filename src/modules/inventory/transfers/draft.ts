import type { Id } from '#kit/ids'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { inventoryErrors } from '../errors.ts'
import { findLocation } from '../find.ts'
import { findItems } from '../find-items.ts'
import { inItemUnits } from '../units/item-units.ts'
import { transferEvents } from './events.ts'
import { findTransfer, linesOf, lockTransfer, type TransferRow, transferOf } from './find.ts'
import { holdUnits, letGo } from './holds.ts'
import type { CreateTransfer, Transfer, UpdateTransfer } from './schemas.ts'
import { db } from './tables.ts'

const insertLines = insertRows(db, 'transfer_lines')
const NOTHING_YET = {
  shipped_quantity: 0,
  received_quantity: 0,
  lost_quantity: 0,
  returned_quantity: 0,
}

/**
 * Plans a transfer of units between two locations; nothing moves yet. It holds its units only if
 * that is asked for. Throws `insufficient_stock`.
 */
export async function createTransfer(ctx: Context, input: CreateTransfer): Promise<Transfer> {
  const from = await findLocation(ctx, input.from_location_id)
  const to = await findLocation(ctx, input.to_location_id)
  if (from.id === to.id) throw invalidField('to_location_id', 'must be another location')
  const id = ctx.newId('transfer')
  const { rows, sums } = await linesFrom(ctx, id, input.lines)
  const { expected_at = null } = input
  await db(ctx)
    .insertInto('transfers')
    .values({
      id,
      number: nextNumber(ctx.session.engine, 'transfers', 1001),
      from_location_id: from.id,
      to_location_id: to.id,
      status: 'draft',
      reference: input.reference ?? null,
      notes: input.notes ?? null,
      expected_at: expected_at === null ? null : toInstant(expected_at),
      holds_stock: input.hold_stock ?? false,
      ...sums,
      ...NOTHING_YET,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    } as never)
    .execute()
  await insertLines.run(ctx, { rows })
  if (input.hold_stock) await holdUnits(ctx, { id, from_location_id: from.id }, rows)
  const between = { transfer_id: id, from_location_id: from.id, to_location_id: to.id }
  emit(ctx, transferEvents.created({ ...between, ...sums }))
  return transferOf(await findTransfer(ctx, id))
}

/**
 * Changes a transfer that has not left: its facts, what it holds, or all its lines. Throws
 * `insufficient_stock`.
 */
export async function updateTransfer(ctx: Context, input: UpdateTransfer): Promise<Transfer> {
  const transfer = await lockTransfer(ctx, input.id)
  requireVersion(ctx, transfer.version)
  if (transfer.status !== 'draft')
    throw inventoryErrors.transfer_has_left({ status: transfer.status })
  const { id, from_location_id, to_location_id } = transfer
  const planned = input.lines && (await linesFrom(ctx, id, input.lines))
  if (planned) {
    await db(ctx).deleteFrom('transfer_lines').where('transfer_id', '=', id).execute()
    await insertLines.run(ctx, { rows: planned.rows })
  }
  const holds_stock = input.hold_stock ?? transfer.holds_stock
  if (planned || holds_stock !== transfer.holds_stock) {
    await letGo(ctx, transfer)
    if (holds_stock) await holdUnits(ctx, transfer, planned?.rows ?? (await linesOf(ctx, id)))
  }
  const { line_count, quantity } = planned?.sums ?? transfer
  await db(ctx)
    .updateTable('transfers')
    .set({ ...factsOf(transfer, input), holds_stock, line_count, quantity })
    .set({ version: transfer.version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  const between = { transfer_id: id, from_location_id, to_location_id }
  emit(ctx, transferEvents.updated({ ...between, line_count, quantity }))
  return transferOf(await findTransfer(ctx, id))
}

function factsOf(before: TransferRow, said: UpdateTransfer) {
  const { reference = before.reference, notes = before.notes } = said
  const { expected_at: expected } = said
  const at = expected === undefined ? before.expected_at : expected
  return { reference, notes, expected_at: at === null ? null : toInstant(at) }
}

/** Lines in the items' own units, each item once, and their sums. */
async function linesFrom(
  ctx: Context,
  transfer_id: Id<'transfer'>,
  lines: CreateTransfer['lines'],
) {
  const items = await findItems(
    ctx,
    lines.map(({ item_number }) => item_number),
  )
  const quantities = await inItemUnits(
    ctx,
    lines.map(({ quantity, unit }, nth) => ({ item: items[nth] as never, quantity, unit })),
  )
  const byItem = new Map<Id<'item'>, number>()
  for (const [nth, { id }] of items.entries()) {
    byItem.set(id, (byItem.get(id) ?? 0) + (quantities[nth] ?? 0))
  }
  const rows = [...byItem].map(([item_id, quantity], position) => {
    return {
      id: ctx.newId('transfer_line'),
      transfer_id,
      position,
      item_id,
      quantity,
      ...NOTHING_YET,
    }
  })
  const quantity = rows.reduce((sum, row) => sum + row.quantity, 0)
  return { rows, sums: { line_count: rows.length, quantity } }
}
