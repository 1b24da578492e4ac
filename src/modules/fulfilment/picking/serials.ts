import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { type SerialInStock, serialsInStock } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { fulfilmentErrors } from '../errors.ts'
import { db } from '../tables.ts'

type Of = { item: string | null; serials: readonly string[] }

const inHand = prepared(db, (open, p: Of, engine) =>
  rawQuery(
    open,
    sql<{ serial_number: string }>`select t.serial_number from picks as t
      join fulfilment_orders as f on f.id = t.fulfilment_order_id
      where t.serial_number in ${listOf(engine, p.serials, 'text')}
        and t.item_id = ${p.item} and t.put_back_quantity = 0
        and f.status in ('open', 'in_progress')`,
  ),
)

type Wanted = { location_id: Id<'location'>; item_id: Id<'item'> | null; sku: string }

/**
 * The units that these serial numbers name, as they lie at the location. Refuses (422) one that is
 * not there, and (409) one that is named twice or that somebody has in hand already. Two pickers
 * who scan the same one for different orders wait for each other; these locks come last.
 */
export async function serialUnits(
  ctx: Context,
  { location_id, item_id, sku }: Wanted,
  serial_numbers: readonly string[],
): Promise<SerialInStock[]> {
  if (serial_numbers.length === 0) return []
  const found = await serialsInStock(ctx, { location_id, serial_numbers })
  const own = new Map(
    found
      .filter((unit) => unit.item_id === item_id)
      .map((unit) => [unit.serial_number.toLowerCase(), unit]),
  )
  const units = serial_numbers.map((serial_number) => {
    const unit = own.get(serial_number.toLowerCase())
    if (!unit) throw fulfilmentErrors.serial_not_there({ serial_number, sku })
    return unit
  })
  const serials = units.map(({ serial_number }) => serial_number)
  await lockEntities(
    ctx,
    'picked_serial',
    serials.map((serial) => `${item_id} ${serial}`),
  )
  const twice = serials.find((serial, nth) => serials.indexOf(serial) !== nth)
  const [taken] = await inHand(ctx, { item: item_id, serials })
  const serial_number = twice ?? taken?.serial_number
  if (serial_number) throw fulfilmentErrors.serial_picked({ serial_number, sku })
  return units
}
