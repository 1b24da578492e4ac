import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { type Locked, lockReturn, printRma, refuseShoppers } from '../find.ts'
import { type Inspection, inspectUnits } from '../inspecting.ts'
import { awaitedUnits, lineNamed, waitingUnits } from '../lines.ts'
import { linesNow, receiveUnits } from '../receiving.ts'
import type { Restocked, RestockReturn } from '../schemas.ts'
import { settleReturn } from '../settle.ts'
import type { LineRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'
import { locationFor } from './receive-return.ts'

/**
 * Puts goods of a return back for sale: those that wait for a look, and those that have not been
 * booked in yet, which it books in at once. For shops that look at goods and shelve them in one
 * step. Throws `nothing_to_restock`.
 */
export async function restockReturn(ctx: Context, input: RestockReturn): Promise<Restocked> {
  refuseShoppers(ctx, 'restock a return')
  const locked = await lockReturn(ctx, input.id)
  requireVersion(ctx, locked.row.version)
  const after = await restockUnits(ctx, locked, input)
  const told = await answerReturn(ctx, await settleReturn(ctx, after.row))
  return { return_id: after.row.id, status: 'restocked', return: told }
}

type Wanted = { items?: RestockReturn['items']; location?: string | undefined }

/** The same for a caller that holds the order's lock. */
export async function restockUnits(
  ctx: Context,
  locked: Locked,
  { items, location }: Wanted,
): Promise<Locked> {
  const lines = await linesNow(ctx, locked)
  const wanted = items
    ? items.map((item, index) => ({
        line: lineNamed(lines, item, index),
        quantity: item.quantity,
      }))
    : lines.map((line) => ({ line, quantity: waitingUnits(line) + awaitedUnits(line) }))
  const some = wanted.filter(({ quantity }) => quantity > 0)
  if (some.length === 0) {
    throw returnErrors.nothing_to_restock({ rma_number: printRma(locked.row.number) })
  }
  const here = await bookIn(ctx, locked, { lines, wanted: some, location })
  const target = location === undefined ? null : (await findLocation(ctx, location)).id
  const inspections = some.map(
    ({ line, quantity }): Inspection => ({
      line,
      quantity,
      disposition: 'restock',
      accepted: true,
      location_id: target,
      state: 'sellable',
      condition: null,
      note: null,
    }),
  )
  return inspectUnits(ctx, here, inspections)
}

type ToBookIn = {
  lines: readonly LineRow[]
  wanted: readonly { line: LineRow; quantity: number }[]
  location: string | undefined
}

/** Receives what is restocked and has not been received. */
async function bookIn(ctx: Context, locked: Locked, todo: ToBookIn): Promise<Locked> {
  const arrived = todo.wanted.flatMap(({ line, quantity }) => {
    const missing = quantity - waitingUnits(line)
    return missing > 0 ? [{ line, quantity: missing, condition: null, lots: null }] : []
  })
  if (arrived.length === 0) return locked
  const location_id = await locationFor(ctx, locked.row.id, todo.location)
  const terms = { over_receipt: false, final: false, note: null }
  return receiveUnits(ctx, locked, { lines: todo.lines, arrived, location_id, ...terms })
}
