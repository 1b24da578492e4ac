import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { findLocation, type Movement, postMovements, skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { warehouseErrors } from '../errors.ts'
import { lotEvents } from '../events.ts'
import { lotsOf } from '../keeping/facts.ts'
import { db } from '../tables.ts'
import { related, serialRows, type Thing } from './genealogy.ts'
import type { RecordConsumption, RecordedConsumption } from './schemas.ts'

const insertLinks = insertRows(db, 'lot_links')

/** What went into something that was made. */
export type Consumption = {
  made: Thing
  used: readonly (Thing & { quantity: number })[]
  reference_type: string | null
  reference_id: string | null
}

/**
 * Notes that units of lots, or serial numbers, went into another lot or serial number. Their stock
 * is the caller's. Throws `made_of_itself`, `lot_not_found`, `serial_not_found`. SERIALIZABLE, so
 * that two such notes at once make no ring.
 */
export async function linkLots(
  ctx: Context,
  { made, used, reference_type, reference_id }: Consumption,
): Promise<void> {
  const item_id = await requireThings(ctx, made, used)
  const below = await related(ctx, used, 'down')
  if ([...used, ...below.links].some((thing) => isSame(thing, made))) {
    throw warehouseErrors.made_of_itself()
  }
  const rows = used.map(({ lot_id, serial_id, quantity }) => ({
    id: ctx.newId('lot_link'),
    made_lot_id: made.lot_id,
    made_serial_id: made.serial_id,
    used_lot_id: lot_id,
    used_serial_id: serial_id,
    quantity,
    reference_type,
    reference_id,
    actor: ctx.actor.id,
    created_at: ctx.now,
  }))
  await insertLinks.run(ctx, { rows })
  const made_id = made.lot_id ?? made.serial_id ?? ''
  emit(ctx, lotEvents.consumed({ made_id, item_id, components: [...used] }))
}

const isSame = (a: Thing, b: Thing): boolean => a.lot_id === b.lot_id && a.serial_id === b.serial_id

async function requireThings(
  ctx: Context,
  made: Thing,
  used: readonly Thing[],
): Promise<Id<'item'>> {
  const all = [made, ...used]
  const lotIds = all.flatMap(({ lot_id }) => lot_id ?? [])
  const serialIds = all.flatMap(({ serial_id }) => serial_id ?? [])
  const lots = await lotsOf(ctx, lotIds)
  const serials = await serialRows(ctx, serialIds)
  const lot = lotIds.find((id) => !lots.has(id))
  if (lot) throw warehouseErrors.lot_not_found({ lot })
  const serial = serialIds.find((id) => !serials.has(id))
  if (serial) throw warehouseErrors.serial_not_found({ serial })
  const row = made.lot_id ? lots.get(made.lot_id) : serials.get(made.serial_id as Id<'serial'>)
  return row?.item_id as Id<'item'>
}

/** Records what something was made of; with a location, the components leave its stock. */
export async function recordConsumption(
  ctx: Context,
  input: RecordConsumption,
): Promise<Static<typeof RecordedConsumption>> {
  const made = thingOf('made', input.made)
  const used = input.components.map((one, nth) => ({
    ...thingOf(`components.${nth}`, one),
    quantity: one.quantity,
  }))
  const bad = used.findIndex(({ serial_id, quantity }) => serial_id !== null && quantity !== 1)
  if (bad >= 0) throw invalidField(`components.${bad}.quantity`, 'must be 1 for a serial number')
  const { reference_type = null, reference_id = null } = input
  await linkLots(ctx, { made, used, reference_type, reference_id })
  if (input.location_id !== undefined) {
    const location = await findLocation(ctx, input.location_id)
    await takeComponents(ctx, location.id, { used, reference_type, reference_id })
  }
  return { links: used.length }
}

function thingOf(field: string, one: { lot_id?: Id<'lot'>; serial_id?: Id<'serial'> }): Thing {
  if ((one.lot_id === undefined) === (one.serial_id === undefined)) {
    throw invalidField(field, 'must name a lot_id or a serial_id')
  }
  return { lot_id: one.lot_id ?? null, serial_id: one.serial_id ?? null }
}

type Taken = Omit<Consumption, 'made'>

async function takeComponents(
  ctx: Context,
  location_id: Id<'location'>,
  { used, reference_type, reference_id }: Taken,
): Promise<void> {
  const lots = await lotsOf(
    ctx,
    used.flatMap(({ lot_id }) => lot_id ?? []),
  )
  const serials = await serialRows(
    ctx,
    used.flatMap(({ serial_id }) => serial_id ?? []),
  )
  const rows = [...lots.values(), ...serials.values()]
  const skus = await skusOf(
    ctx,
    rows.map(({ item_id }) => item_id),
  )
  const movements = used.map(({ lot_id, serial_id, quantity }): Movement => {
    const serial = serial_id === null ? undefined : serials.get(serial_id)
    const lot = lot_id === null ? undefined : lots.get(lot_id)
    const item_id = (lot?.item_id ?? serial?.item_id) as Id<'item'>
    return {
      item_id,
      sku: skus.get(item_id) ?? '',
      location_id,
      quantity_delta: -quantity,
      kind: 'adjusted',
      reason: 'consumed',
      lots: [
        serial
          ? { quantity, serial_numbers: [serial.serial_number] }
          : { quantity, lot_id: lot_id as Id<'lot'> },
      ],
      ...(reference_type !== null && { reference_type }),
      ...(reference_id !== null && { reference_id }),
    }
  })
  await postMovements(ctx, movements)
}
