import type { Id } from '#kit/ids'
import { findLocation, firstLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { lockReturn, refuseShoppers } from '../find.ts'
import { awaitedUnits, lineNamed } from '../lines.ts'
import { type Arrived, linesNow, receiveUnits } from '../receiving.ts'
import type { ReceiveReturn, Return } from '../schemas.ts'
import { settleReturn } from '../settle.ts'
import { db, type LineRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'

/**
 * Takes goods of a return in, all that is awaited or the units that are named; several parcels are
 * several receipts.
 */
export async function receiveReturn(ctx: Context, input: ReceiveReturn): Promise<Return> {
  refuseShoppers(ctx, 'receive a return')
  const locked = await lockReturn(ctx, input.id)
  requireVersion(ctx, locked.row.version)
  const lines = await linesNow(ctx, locked)
  const arrived = input.items
    ? input.items.map((item, index) => arrivedOf(lines, item, index))
    : allAwaited(lines)
  const { over_receipt = false, final = false, note = null } = input
  const location_id = await locationFor(ctx, locked.row.id, input.location)
  const receipt = { lines, arrived, location_id, over_receipt, final, note }
  const after = await receiveUnits(ctx, locked, receipt)
  return answerReturn(ctx, await settleReturn(ctx, after.row))
}

/** All units of these lines that are still to come. */
export const allAwaited = (lines: readonly LineRow[]): Arrived[] =>
  lines.flatMap((line) => {
    const quantity = awaitedUnits(line)
    return quantity > 0 ? [{ line, quantity, condition: null, lots: null }] : []
  })

type Item = NonNullable<ReceiveReturn['items']>[number]

function arrivedOf(lines: readonly LineRow[], item: Item, index: number): Arrived {
  const { quantity, condition = null, serial_numbers } = item
  const line = lineNamed(lines, item, index)
  if (serial_numbers && item.lots) {
    throw invalidField(`items.${index}.serial_numbers`, 'stand in the lots where those are named')
  }
  if (serial_numbers && serial_numbers.length !== quantity) {
    throw invalidField(`items.${index}.serial_numbers`, `must be ${quantity}, one a unit`)
  }
  const lots = item.lots ?? (serial_numbers ? [{ quantity, serial_numbers }] : null)
  const named = lots?.reduce((sum, lot) => sum + lot.quantity, 0)
  if (named !== undefined && named !== quantity) {
    throw invalidField(`items.${index}.lots`, `must come to ${quantity} units`)
  }
  const odd = lots?.find((lot) => lot.serial_numbers && lot.serial_numbers.length !== lot.quantity)
  if (odd) throw invalidField(`items.${index}.lots`, 'must name one serial number a unit')
  return { line, quantity, condition, lots }
}

const lastReceipt = prepared(db, (open, p: { return_id: Id<'return'> }) =>
  open
    .selectFrom('return_receipts')
    .select('location_id')
    .where('return_id', '=', p.return_id)
    .orderBy('id', 'desc')
    .limit(1),
)

/** Where goods arrive: as said, or where the last did, or where orders are looked for first. */
export async function locationFor(
  ctx: Context,
  return_id: Id<'return'>,
  said: string | undefined,
): Promise<Id<'location'>> {
  if (said !== undefined) return (await findLocation(ctx, said)).id
  const last = await lastReceipt.first(ctx, { return_id })
  const found = last?.location_id ?? (await firstLocation(ctx))?.id
  if (!found) throw returnErrors.needs_location()
  return found
}
