import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { lockShelves, type Movement, postMovements, SELLABLE, skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { lotEvents } from '../events.ts'
import { dayOf } from '../keeping/posted.ts'
import { db } from '../tables.ts'

type Units = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'>
  lot_number: string
  quantity: number
}

const LOTS_AT_ONCE = 500

const expiredUnits = prepared(
  db,
  (open, p: { today: string; after_item: string; after_location: string; after_spot: string }) =>
    rawQuery(
      open,
      sql<Units & { spot: string }>`
        select l.item_id, l.location_id, l.spot, l.bin_id, l.lot_id, o.lot_number, l.quantity
        from lots as o join lot_levels as l on l.lot_id = o.id
        where o.expires_on is not null and o.expires_on < ${p.today}
          and l.state = 'sellable' and l.quantity > 0
          and (l.item_id, l.location_id, l.spot) > (${p.after_item}, ${p.after_location},
            ${p.after_spot})
        order by l.item_id, l.location_id, l.spot limit ${sql.lit(LOTS_AT_ONCE)}`,
    ),
)

/** Where a sweep goes on: behind the last place that it has looked at. */
export type Swept = { after_item: string; after_location: string; after_spot: string }
const NIL = '00000000-0000-0000-0000-000000000000'
export const FROM_THE_FIRST: Swept = { after_item: NIL, after_location: NIL, after_spot: '' }

/**
 * Takes units whose last good day is over out of sale, a few hundred places at a time. Units that
 * are promised to someone stay counted until the promise is gone; nobody can ship them meanwhile.
 * Answers where to go on; undefined when all is done. READ COMMITTED: levels are locked first.
 */
export async function expireLots(ctx: Context, from: Swept): Promise<Swept | undefined> {
  const found = await expiredUnits(ctx, { today: dayOf(ctx.now), ...from })
  if (found.length === 0) return undefined
  const moved = await takeOutOfSale(ctx, found, { to: 'expired', reason: 'expired' })
  for (const { units, quantity } of moved) {
    const { lot_id, item_id, lot_number, location_id } = units
    if (quantity === 0) continue
    const promised_quantity = units.quantity - quantity
    const of = { lot_id, item_id, lot_number, location_id }
    emit(ctx, lotEvents.expired({ ...of, quantity, promised_quantity }))
  }
  const last = found.at(-1)
  if (!last || found.length < LOTS_AT_ONCE) return undefined
  const { item_id: after_item, location_id: after_location, spot: after_spot } = last
  return { after_item, after_location, after_spot }
}

type Why = {
  to: 'expired' | 'quarantine'
  reason: string
  reference_type?: string
  reference_id?: string
}

/** Units of a lot at a place that are to leave the sale; serial numbers where they matter. */
export type OnSale = Units & { serial_numbers?: string[] }

/**
 * Moves units from sale to another state, as many as are not promised: a promise is of so many
 * units, not of these. Answers how many of each were moved. In READ COMMITTED.
 */
export async function takeOutOfSale<
  T extends Omit<OnSale, 'lot_id' | 'lot_number'> & { lot_id: Id<'lot'> | null },
>(
  ctx: Context,
  found: readonly T[],
  { to, reason, ...reference }: Why,
): Promise<{ units: T; quantity: number }[]> {
  const shelves = await lockShelves(ctx, found)
  const skus = await skusOf(
    ctx,
    found.map(({ item_id }) => item_id),
  )
  const free = new Map(
    [...shelves].map(([key, { on_hand, reserved }]) => [key, Math.max(0, on_hand - reserved)]),
  )
  const moved = found.map((units) => {
    const key = `${units.item_id} ${units.location_id}`
    const quantity = Math.min(units.quantity, free.get(key) ?? 0)
    free.set(key, (free.get(key) ?? 0) - quantity)
    return { units, quantity }
  })
  const movements = moved.flatMap(({ units, quantity }): Movement[] => {
    const { item_id, location_id, bin_id, lot_id, serial_numbers } = units
    if (quantity === 0) return []
    const lot = {
      quantity,
      bin_id,
      ...(lot_id && { lot_id }),
      ...(serial_numbers && { serial_numbers: serial_numbers.slice(0, quantity) }),
    }
    return [
      {
        item_id,
        sku: skus.get(item_id) ?? '',
        location_id,
        quantity_delta: quantity,
        kind: 'moved',
        reason,
        state_from: SELLABLE,
        state_to: to,
        lots: [lot],
        ...reference,
      },
    ]
  })
  await postMovements(ctx, movements)
  return moved
}
