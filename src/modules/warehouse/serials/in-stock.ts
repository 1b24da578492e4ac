import type { Id } from '#kit/ids'
import { SELLABLE } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { serialKey } from '../keeping/posted.ts'
import { db } from '../tables.ts'

type Asked = { location: Id<'location'>; keys: readonly string[] }

const inStock = prepared(db, (open, p: Asked, engine) =>
  open
    .selectFrom('serials')
    .select(['item_id', 'serial_number', 'bin_id', 'lot_id'])
    .where(isOneOf(engine, 'serial_key', { values: p.keys, kind: 'text' }))
    .where('status', '=', 'in_stock')
    .where('location_id', '=', p.location)
    .where('state', '=', SELLABLE)
    .where('blocked_at', 'is', null)
    .orderBy('item_id'),
)

/** A unit that lies at a location for sale. */
export type SerialInStock = Awaited<ReturnType<typeof inStock>>[number]

/**
 * The units at a location that these numbers name, as they are written there; one number may name
 * units of several items. What is blocked or gone is missing. One statement.
 */
export const serialsInStock = (
  ctx: Context,
  {
    location_id,
    serial_numbers,
  }: { location_id: Id<'location'>; serial_numbers: readonly string[] },
): Promise<SerialInStock[]> =>
  serial_numbers.length === 0
    ? Promise.resolve([])
    : inStock(ctx, { location: location_id, keys: serial_numbers.map(serialKey) })
