import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { pickedLots } from '#modules/fulfilment'
import { pickFrom } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { shipmentErrors } from './errors.ts'
import { unitsOf } from './find.ts'
import type { MadeShipment } from './new-shipment.ts'
import type { ShipShipment } from './schemas.ts'
import { db, type LineRow, type LotUnits, type ShipmentRow } from './tables.ts'

type Lots = { id: LineRow['id']; lots: LotUnits[] }

const setLots = updateEach<Lots, unknown>(
  db as never,
  { id: 'uuid', lots: 'json' },
  {
    table: 'shipment_lines',
    key: ['id'],
    set: ({ lots }) => ({ lots }),
    where: () => sql`true`,
  },
)

/**
 * The lines with the lots and serial numbers that leave: those named now, else those named before,
 * else those picked, and what is left of the first to expire. They are written down, so that the
 * same ones can come back. Throws `wrong_contents` where they are not as many as the units.
 */
export async function lotsToShip(
  ctx: Context,
  { shipment, lines }: MadeShipment,
  named: ShipShipment['items'],
): Promise<LineRow[]> {
  for (const [index, { order_item_id }] of (named ?? []).entries()) {
    if (!lines.some((line) => line.order_line_id === order_item_id)) {
      throw shipmentErrors.line_not_found({ index, order_item_id })
    }
  }
  const told = new Map(named?.map(({ order_item_id, lots }) => [order_item_id, lots]))
  const said = lines.map((line) => ({ ...line, lots: told.get(line.order_line_id) ?? line.lots }))
  for (const [index, line] of said.entries()) checkLots(line, index)
  const after = await chosenLots(ctx, shipment, said)
  const changed = after.filter((line, index) => line.lots !== lines[index]?.lots)
  const rows = changed.map(({ id, lots }) => ({ id, lots: lots as LotUnits[] }))
  if (rows.length > 0) await setLots.run(ctx, { rows })
  return after
}

/** Names the lots of lines that name none, where anybody keeps lots, bins or serial numbers. */
async function chosenLots(
  ctx: Context,
  { fulfilment_order_id, location_id }: ShipmentRow,
  lines: readonly LineRow[],
): Promise<LineRow[]> {
  const open = lines.filter(({ lots, item_id }) => lots === null && item_id !== null)
  if (open.length === 0 || !location_id) return [...lines]
  const units = unitsOf(open)
  const picked = fulfilment_order_id
    ? await pickedLots(ctx, { fulfilment_order_id, units })
    : new Map<Id<'order_line'>, LotUnits[]>()
  const wanted = open.map(({ item_id, quantity }) => ({
    item_id: item_id as Id<'item'>,
    location_id,
    quantity,
  }))
  const proposed = await proposals(ctx, wanted)
  if (proposed.length === 0) return [...lines]
  return lines.map((line) => {
    if (!open.includes(line)) return line
    const own = picked.get(line.order_line_id) ?? []
    const lots = filled(own, proposed, line)
    return lots.length === 0 ? line : { ...line, lots }
  })
}

type Proposed = LotUnits & { item_id: Id<'item'> }
type Wanted = Parameters<typeof pickFrom>[1]

/**
 * What is first to expire, if the items are kept in detail. Shipments of one item choose one after
 * another, so that no two choose the same units.
 */
async function proposals(ctx: Context, wanted: Wanted): Promise<Proposed[]> {
  const first = await pickFrom(ctx, wanted)
  const detailed = first.filter(isDetailed).map(({ item_id }) => item_id)
  if (detailed.length === 0) return []
  for (const item_id of [...new Set(detailed)].toSorted()) {
    await lockEntity(ctx, 'lots', `${item_id} ${wanted[0]?.location_id}`)
  }
  const chosen = await pickFrom(ctx, wanted)
  return chosen.filter(isDetailed).map(({ item_id, quantity, lot_id, bin_id, serial_numbers }) => ({
    item_id,
    quantity,
    ...(lot_id && { lot_id }),
    ...(bin_id && { bin_id }),
    ...(serial_numbers.length > 0 && { serial_numbers }),
  }))
}

type Line = Awaited<ReturnType<typeof pickFrom>>[number]
const isDetailed = ({ lot_id, bin_id, serial_numbers }: Line) =>
  lot_id !== null || bin_id !== null || serial_numbers.length > 0

/** What was picked, and of what was proposed as much as is missing; it is taken out of there. */
function filled(picked: readonly LotUnits[], proposed: Proposed[], line: LineRow): LotUnits[] {
  const lots = [...picked]
  let missing = line.quantity - lots.reduce((sum, { quantity }) => sum + quantity, 0)
  const own = proposed.filter(({ item_id }) => item_id === line.item_id)
  const used = new Set(lots.flatMap(({ serial_numbers }) => serial_numbers ?? []))
  for (const part of own) {
    const { item_id: _, serial_numbers, ...rest } = part
    const free = serial_numbers?.filter((serial) => !used.has(serial))
    const quantity = Math.min(missing, free?.length ?? part.quantity)
    if (quantity === 0) continue
    missing -= quantity
    part.quantity -= quantity
    const serials = free?.slice(0, quantity)
    if (serials) part.serial_numbers = free?.slice(quantity) ?? []
    lots.push({ ...rest, quantity, ...(serials && { serial_numbers: serials }) })
  }
  // What nobody can name, the warehouse refuses or chooses by itself.
  return missing === 0 ? lots : []
}

/** Refuses lots that are not as many units as the line, and serial numbers told twice. */
export function checkLots({ lots, quantity }: Pick<LineRow, 'lots' | 'quantity'>, index: number) {
  if (!lots) return
  const sum = lots.reduce((units, lot) => units + lot.quantity, 0)
  if (sum !== quantity) {
    const problem = `they are ${sum} units, not ${quantity}`
    throw shipmentErrors.wrong_contents({ index, problem })
  }
  const serials = lots.flatMap(({ serial_numbers }) => serial_numbers ?? [])
  if (new Set(serials).size !== serials.length) {
    throw shipmentErrors.wrong_contents({ index, problem: 'a serial number is named twice' })
  }
  const uneven = lots.find(
    ({ serial_numbers, quantity: units }) => serial_numbers && serial_numbers.length !== units,
  )
  if (uneven) {
    const problem = 'there must be one serial number for each unit'
    throw shipmentErrors.wrong_contents({ index, problem })
  }
}
