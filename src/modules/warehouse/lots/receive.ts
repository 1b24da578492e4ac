import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import {
  findItem,
  findLocation,
  itemsBySku,
  type Movement,
  postMovements,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import { warehouseErrors } from '../errors.ts'
import { detailOf } from '../keeping/facts.ts'
import { hasLots, hasSerials } from '../keeping/posted.ts'
import { findBins } from '../places/find-bin.ts'
import { lotsNamed, namedLot } from './commands.ts'
import type { ReceivedUnits, ReceiveUnits } from './schemas.ts'

type Line = ReceiveUnits['lines'][number] & { item: { id: Id<'item'>; sku: string } }

/**
 * Receives units with their lots and serial numbers, all lines or none; lots are made as they are
 * named. Throws `lot_taken`, `lots_required`, `serials_required` and the other refusals of a ledger
 * that is kept in detail.
 */
export async function receiveUnits(
  ctx: Context,
  input: ReceiveUnits,
): Promise<Static<typeof ReceivedUnits>> {
  const location = await findLocation(ctx, input.location_id)
  const lines = await linesOf(ctx, input)
  const at = lines.map(({ item }) => ({ item_id: item.id, location_id: location.id }))
  const { tracking } = await detailOf(ctx, at)
  const named = lines.filter(({ lot_number }) => lot_number !== undefined)
  for (const { item } of named) {
    if (!hasLots(tracking.get(item.id))) throw warehouseErrors.lots_unwanted({ item: item.sku })
  }
  const lots = await lotsNamed(
    ctx,
    named.map((line) => ({
      ...line,
      item_id: line.item.id,
      sku: line.item.sku,
      lot_number: line.lot_number as string,
    })),
    tracking,
  )
  const bins = await findBins(
    ctx,
    lines.flatMap(({ bin }) => bin ?? []),
  )
  const movements = lines.map((line): Movement => {
    const lot = lots.get(namedLot(line.item.id, line.lot_number ?? ''))
    const bin = line.bin === undefined ? undefined : bins.get(line.bin)
    const units = {
      quantity: line.quantity,
      ...(lot && { lot_id: lot.id }),
      ...(bin && { bin_id: bin.id }),
      ...(line.serial_numbers && { serial_numbers: line.serial_numbers }),
    }
    if (line.serial_numbers && !hasSerials(tracking.get(line.item.id))) {
      throw warehouseErrors.serials_unwanted({ item: line.item.sku })
    }
    return {
      item_id: line.item.id,
      sku: line.item.sku,
      location_id: location.id,
      quantity_delta: line.quantity,
      kind: 'received',
      reason: input.reason ?? null,
      ...(line.state && { state_to: line.state }),
      ...(Object.keys(units).length > 1 && { lots: [units] }),
      ...(input.reference_type !== undefined && { reference_type: input.reference_type }),
      ...(input.reference_id !== undefined && { reference_id: input.reference_id }),
    }
  })
  await postMovements(ctx, movements)
  return {
    received: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    lines: movements.map(({ item_id, quantity_delta, lots: units }) => ({
      item_id,
      lot_id: units?.[0]?.lot_id ?? null,
      quantity: quantity_delta,
    })),
  }
}

/** The lines with their items: one statement for SKUs, one more for each that is no SKU. */
async function linesOf(ctx: Context, { lines }: ReceiveUnits): Promise<Line[]> {
  const known = await itemsBySku(
    ctx,
    lines.map(({ item_id }) => item_id),
  )
  const found: Line[] = []
  for (const line of lines) {
    const item = known.get(line.item_id.toLowerCase())
    const own = item && !item.archived ? item : await findItem(ctx, line.item_id)
    found.push({ ...line, item: { id: own.id, sku: own.sku } })
  }
  return found
}
