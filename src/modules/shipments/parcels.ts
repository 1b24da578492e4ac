import type { Id } from '#kit/ids'
import { cartonsOf, cartonWeight } from '#modules/fulfilment'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { trackingOf } from './find.ts'
import type { ParcelInput } from './schemas.ts'
import { db, type LineRow, type ParcelRow } from './tables.ts'

type Wanted = {
  fulfilment_order_id: Id<'fulfilment_order'> | null
  parcels?: readonly ParcelInput[] | undefined
  tracking_number?: string | null | undefined
  tracking_url?: string | null | undefined
  lines: readonly Pick<LineRow, 'order_line_id' | 'quantity' | 'unit_weight_grams'>[]
}
type Measures = Pick<ParcelRow, 'weight_grams' | 'length_mm' | 'width_mm' | 'height_mm'>
type NewParcel = Measures & { carton_id: Id<'carton'> | null; tracking_number?: string | null }

/**
 * The parcels of a new shipment: those that were named, else the cartons that were packed for it,
 * else one that weighs what its units weigh.
 */
export async function newParcels(
  ctx: Context,
  shipment_id: Id<'shipment'>,
  wanted: Wanted,
): Promise<ParcelRow[]> {
  const given = wanted.parcels?.map(measuresOf)
  const packed = await freeCartons(ctx, wanted)
  const parcels = given
    ? withCartons(given, packed)
    : packed.length > 0
      ? packed
      : [loose(wanted.lines)]
  return parcels.map(({ tracking_number, ...parcel }, index) => ({
    id: ctx.newId('parcel'),
    shipment_id,
    position: index + 1,
    ...parcel,
    ...trackingOf(tracking_number ?? (index === 0 ? wanted.tracking_number : null)),
    tracking_url: index === 0 ? (wanted.tracking_url ?? null) : null,
    tracked_by: null,
    carrier_ref: null,
    status: 'unknown' as const,
    poll_at: null,
  }))
}

const measuresOf = (parcel: ParcelInput): NewParcel => ({
  carton_id: parcel.carton_id ?? null,
  weight_grams: parcel.weight_grams ?? null,
  length_mm: parcel.length_mm ?? null,
  width_mm: parcel.width_mm ?? null,
  height_mm: parcel.height_mm ?? null,
  tracking_number: parcel.tracking_number ?? null,
})

/** What a parcel that is a carton does not say itself is the carton's. */
function withCartons(given: readonly NewParcel[], free: readonly NewParcel[]): NewParcel[] {
  return given.map((parcel, index) => {
    if (!parcel.carton_id) return parcel
    const carton = free.find(({ carton_id }) => carton_id === parcel.carton_id)
    const again = given.findIndex(({ carton_id }) => carton_id === parcel.carton_id) < index
    if (!carton || again) {
      throw invalidField(`parcels.${index}.carton_id`, 'is no carton that waits for a shipment')
    }
    return {
      carton_id: carton.carton_id,
      weight_grams: parcel.weight_grams ?? carton.weight_grams,
      length_mm: parcel.length_mm ?? carton.length_mm,
      width_mm: parcel.width_mm ?? carton.width_mm,
      height_mm: parcel.height_mm ?? carton.height_mm,
      tracking_number: parcel.tracking_number ?? null,
    }
  })
}

const usedCartons = prepared(db, (open, p: { cartons: readonly string[] }, engine) =>
  open
    .selectFrom('parcels')
    .innerJoin('shipments', 'shipments.id', 'parcels.shipment_id')
    .select('parcels.carton_id')
    .where('parcels.carton_id', 'in', listOf(engine, p.cartons, 'uuid'))
    .where('shipments.status', '<>', 'cancelled'),
)

/** Cartons of the work that are in no shipment and hold only units of this one. */
async function freeCartons(
  ctx: Context,
  { fulfilment_order_id, lines }: Wanted,
): Promise<NewParcel[]> {
  if (!fulfilment_order_id) return []
  const cartons = await cartonsOf(ctx, [fulfilment_order_id])
  if (cartons.length === 0) return []
  const ids = cartons.map(({ id }) => id)
  const used = new Set((await usedCartons(ctx, { cartons: ids })).map((row) => row.carton_id))
  const left = new Map(lines.map(({ order_line_id, quantity }) => [order_line_id, quantity]))
  return cartons.flatMap((carton) => {
    if (used.has(carton.id) || carton.lines.length === 0) return []
    const fits = carton.lines.every((line) => line.quantity <= (left.get(line.order_line_id) ?? 0))
    if (!fits) return []
    for (const { order_line_id, quantity } of carton.lines) {
      left.set(order_line_id, (left.get(order_line_id) ?? 0) - quantity)
    }
    const { length_mm, width_mm, height_mm } = carton
    const grams = cartonWeight(carton)
    const weight_grams = grams > 0 ? grams : null
    return [{ carton_id: carton.id, weight_grams, length_mm, width_mm, height_mm }]
  })
}

/** One parcel of everything; its weight is known if that of each unit is. */
function loose(lines: Wanted['lines']): NewParcel {
  const known = lines.every(({ unit_weight_grams }) => unit_weight_grams !== null)
  const weight = lines.reduce(
    (sum, { quantity, unit_weight_grams }) => sum + quantity * (unit_weight_grams ?? 0),
    0,
  )
  return {
    carton_id: null,
    weight_grams: known && weight > 0 ? weight : null,
    length_mm: null,
    width_mm: null,
    height_mm: null,
  }
}
