import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { availableUnits } from '../available.ts'
import { inventoryErrors } from '../errors.ts'
import { findItems } from '../find-items.ts'
import { levelsAt } from '../in-bulk.ts'
import { type LotUnits, type Movement, postMovements } from '../ledger.ts'
import { transferEvents } from './events.ts'
import { findTransfer, type LineRow, linesOf, lockTransfer, transferOf } from './find.ts'
import { letGo } from './holds.ts'
import { transferLifecycle } from './lifecycle.ts'
import type { DispatchTransfer, Transfer } from './schemas.ts'
import { db } from './tables.ts'

const setShipped = updateEach<{ id: string; shipped: number }, unknown>(
  db as never,
  { id: 'uuid', shipped: 'bigint' },
  {
    table: 'transfer_lines',
    key: ['id'],
    set: ({ shipped }) => ({ shipped_quantity: shipped }),
    where: () => sql`transfer_lines.shipped_quantity = 0`,
  },
)

type Leaving = { line: LineRow; quantity: number; lots?: readonly LotUnits[] | undefined }

/**
 * Sends the units of a transfer: they leave the shelves of one location, out of what is available
 * there, and are on their way. All or nothing. Throws `insufficient_stock` with every short item.
 */
export async function dispatchTransfer(ctx: Context, input: DispatchTransfer): Promise<Transfer> {
  const transfer = await lockTransfer(ctx, input.id)
  const status = transferLifecycle.next(transfer.status, 'dispatch')
  const { id, from_location_id, to_location_id } = transfer
  const leaving = await leavingOf(ctx, id, input.lines)
  // What was held for it leaves now, or is for others again.
  await letGo(ctx, transfer)
  const skus = await requireStock(ctx, from_location_id, leaving)
  const reference = { reference_type: 'transfer', reference_id: id }
  await postMovements(
    ctx,
    leaving.map(
      ({ line: { item_id }, quantity, lots }): Movement => ({
        item_id,
        sku: skus.get(item_id) ?? '',
        location_id: from_location_id,
        quantity_delta: -quantity,
        kind: 'transferred_out',
        reason: null,
        ...(lots && { lots }),
        ...reference,
      }),
    ),
  )
  await setShipped.run(ctx, {
    rows: leaving.map(({ line, quantity }) => ({ id: line.id, shipped: quantity })),
  })
  const shipped_quantity = leaving.reduce((sum, { quantity }) => sum + quantity, 0)
  await db(ctx)
    .updateTable('transfers')
    .set({ status, shipped_quantity, dispatched_at: ctx.now, holds_stock: false })
    .set({ version: transfer.version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  const between = { transfer_id: id, from_location_id, to_location_id }
  const sums = { line_count: leaving.length, quantity: shipped_quantity }
  emit(ctx, transferEvents.dispatched({ ...between, ...sums }))
  return transferOf(await findTransfer(ctx, id))
}

/** What leaves: all that was planned, but for lines that say otherwise. */
async function leavingOf(
  ctx: Context,
  transfer_id: Id<'transfer'>,
  said: DispatchTransfer['lines'] = [],
): Promise<Leaving[]> {
  const items = await findItems(
    ctx,
    said.map(({ item_number }) => item_number),
  )
  const otherwise = new Map(items.map(({ id }, nth) => [id, nth]))
  const lines = await linesOf(ctx, transfer_id)
  const planned = new Set(lines.map(({ item_id }) => item_id))
  for (const [nth, { id }] of items.entries()) {
    const field = `lines.${nth}.item_number`
    if (!planned.has(id)) throw invalidField(field, 'is not in this transfer')
    if (otherwise.get(id) !== nth) throw invalidField(field, 'is named twice')
  }
  const leaving = lines.map((line) => {
    const nth = otherwise.get(line.item_id)
    const one = nth === undefined ? undefined : said[nth]
    const { quantity = line.quantity, lots } = one ?? {}
    if (quantity > line.quantity) {
      throw invalidField(`lines.${nth}.quantity`, `must not be above ${line.quantity}`)
    }
    return { line, quantity, lots }
  })
  const some = leaving.filter(({ quantity }) => quantity > 0)
  if (some.length === 0) throw invalidField('lines', 'must leave something to send')
  return some
}

/** Refuses what is not available at the location. Answers the SKUs. */
async function requireStock(
  ctx: Context,
  location_id: Id<'location'>,
  leaving: readonly Leaving[],
): Promise<Map<Id<'item'>, string>> {
  const items = leaving.map(({ line }) => line.item_id)
  const levels = await levelsAt(ctx, items)
  const skus = new Map<Id<'item'>, string>()
  const shortages = leaving.flatMap(({ line: { item_id }, quantity: requested }) => {
    const level = levels.get(`${item_id} ${location_id}`)
    const available = level ? availableUnits(level) : 0
    const sku = level?.sku ?? item_id
    skus.set(item_id, sku)
    return available < requested ? [{ item_id, sku, requested, available }] : []
  })
  const [short] = shortages
  if (short) {
    throw inventoryErrors.insufficient_stock({ ...short, shortages: shortages.slice(0, TOLD_MAX) })
  }
  return skus
}

const TOLD_MAX = 100
