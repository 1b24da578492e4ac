import { packingFacts } from '#modules/catalogue'
import type { LineUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { fulfilmentErrors } from '../errors.ts'
import { lockWork } from '../find.ts'
import { printNumber } from '../numbers.ts'
import { db } from '../tables.ts'
import { changed, refuseHeld } from '../work/shipped.ts'
import { storePicked, storeWork } from '../work/store.ts'
import type { FulfilmentLine, FulfilmentOrder } from '../work/units.ts'
import {
  type CartonLine,
  type CartonRow,
  cartonsOf,
  cartonTold,
  cartonWeight,
  type PackedCarton,
} from './cartons.ts'
import { findPreset } from './presets.ts'
import type { Carton, GetCarton, PackCarton, UpdateCarton } from './schemas.ts'

const insertCartons = insertRows(db, 'cartons')
const insertLines = insertRows(db, 'carton_lines')

/** Units that are picked, have not left and are in no carton. */
export const unitsToPack = (line: FulfilmentLine): number =>
  line.picked_quantity - Math.max(line.packed_quantity, line.shipped_quantity)

export const allToPack = (one: FulfilmentOrder): LineUnits[] =>
  one.lines
    .map((line) => ({ order_line_id: line.order_line_id, quantity: unitsToPack(line) }))
    .filter(({ quantity }) => quantity > 0)

/** Puts picked units into a box of their own: all that is picked unless said. */
export async function packCarton(ctx: Context, { id, items, ...box }: PackCarton): Promise<Carton> {
  const { one } = await lockWork(ctx, id)
  await refuseHeld(ctx, one)
  const units = items ?? allToPack(one)
  if (units.length === 0) {
    throw fulfilmentErrors.not_packed({
      number: printNumber(one),
      problem: 'nothing is picked that is not packed',
    })
  }
  const packed = await pack(ctx, one, { units, box })
  return cartonTold(packed.carton, packed.one)
}

type Box = Omit<UpdateCarton, 'id' | 'carton_id'>
type Packing = { units: readonly LineUnits[]; box: Box }

/** Packs units in one new carton; the order's lock is held. */
export async function pack(
  ctx: Context,
  one: FulfilmentOrder,
  { units, box }: Packing,
): Promise<{ carton: PackedCarton; one: FulfilmentOrder }> {
  const lines = changed(one, units, {
    most: unitsToPack,
    action: 'packed',
    to: (line, quantity) => ({ ...line, packed_quantity: packedSoFar(line) + quantity }),
  })
  const [others, facts] = await Promise.all([
    cartonsOf(ctx, [one.id]),
    packingFacts(
      ctx,
      one.lines.map(({ variant_id }) => variant_id),
    ),
  ])
  const nth = Math.max(0, ...others.map((carton) => carton.nth)) + 1
  const row: CartonRow = {
    id: ctx.newId('carton'),
    fulfilment_order_id: one.id,
    order_id: one.order_id,
    nth,
    code: `${printNumber(one)}-C${nth}`,
    preset_id: null,
    length_mm: null,
    width_mm: null,
    height_mm: null,
    tare_weight_grams: 0,
    measured_weight_grams: null,
    packed_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const content = lines.flatMap((line, n) => {
    const quantity = line.packed_quantity - packedSoFar(one.lines[n] as FulfilmentLine)
    const unit_weight_grams = facts.get(line.variant_id)?.weight_grams ?? null
    const { order_line_id } = line
    return quantity > 0 ? [{ carton_id: row.id, order_line_id, quantity, unit_weight_grams }] : []
  })
  const carton = await boxed(ctx, { ...row, lines: content }, box)
  const { lines: packedLines, ...cartonRow } = carton
  await insertCartons.run(ctx, { rows: [cartonRow] })
  await insertLines.run(ctx, { rows: packedLines })
  const { stored } = await storePicked(ctx, [one], [{ ...one, lines, packed_at: null }])
  return { carton, one: stored[0] as FulfilmentOrder }
}

const packedSoFar = ({ packed_quantity }: FulfilmentLine): number => packed_quantity

/** The carton with the box that is asked for; refuses what it may not weigh. */
async function boxed(ctx: Context, carton: PackedCarton, box: Box): Promise<PackedCarton> {
  const { preset: ref, ...said } = box
  const preset = ref ? await findPreset(ctx, ref) : undefined
  const own = preset && {
    preset_id: preset.id,
    length_mm: preset.length_mm,
    width_mm: preset.width_mm,
    height_mm: preset.height_mm,
    tare_weight_grams: preset.tare_weight_grams,
  }
  const after = { ...carton, ...(ref === null && { preset_id: null }), ...own, ...said }
  const weight_grams = cartonWeight(after)
  const most = preset?.max_weight_grams ?? null
  if (most !== null && weight_grams > most) {
    throw fulfilmentErrors.carton_too_heavy({ weight_grams, max_weight_grams: most })
  }
  return after
}

/** Changes the box of a carton, or what it weighs. */
export async function updateCarton(
  ctx: Context,
  { id, carton_id, ...box }: UpdateCarton,
): Promise<Carton> {
  const { one } = await lockWork(ctx, id)
  const carton = await cartonOf(ctx, one, carton_id)
  requireHere(one, carton)
  const after = await boxed(ctx, carton, box)
  const { lines: _, id: __, ...row } = after
  await db(ctx)
    .updateTable('cartons')
    .set({ ...row, updated_at: ctx.now })
    .where('id', '=', carton.id)
    .execute()
  return cartonTold({ ...after, updated_at: ctx.now }, one)
}

async function cartonOf(
  ctx: Context,
  one: FulfilmentOrder,
  carton_id: CartonRow['id'],
): Promise<PackedCarton> {
  const found = (await cartonsOf(ctx, [one.id])).find((carton) => carton.id === carton_id)
  if (!found) throw fulfilmentErrors.carton_not_found({ number: printNumber(one), carton_id })
  return found
}

/** Refuses a carton whose goods have left, as far as the counts can tell. */
function requireHere(one: FulfilmentOrder, carton: PackedCarton): void {
  const isHere = carton.lines.every(({ order_line_id, quantity }) => {
    const line = one.lines.find((own) => own.order_line_id === order_line_id)
    return line !== undefined && line.packed_quantity - line.shipped_quantity >= quantity
  })
  if (!isHere) throw fulfilmentErrors.carton_has_left({ carton: carton.code })
}

const dropLines = prepared(db, (open, p: { carton: string }) =>
  open.deleteFrom('carton_lines').where('carton_id', '=', p.carton as CartonRow['id']),
)
const dropCarton = prepared(db, (open, p: { carton: string }) =>
  open.deleteFrom('cartons').where('id', '=', p.carton as CartonRow['id']),
)

/** Takes everything out of a carton again; what was in it is picked and not packed. */
export async function unpackCarton(ctx: Context, { id, carton_id }: GetCarton): Promise<undefined> {
  const { one } = await lockWork(ctx, id)
  const carton = await cartonOf(ctx, one, carton_id)
  requireHere(one, carton)
  await dropLines.run(ctx, { carton: carton.id })
  await dropCarton.run(ctx, { carton: carton.id })
  const lines = one.lines.map((line) => {
    const own = carton.lines.find(
      (packed: CartonLine) => packed.order_line_id === line.order_line_id,
    )
    return own ? { ...line, packed_quantity: line.packed_quantity - own.quantity } : line
  })
  await storePicked(ctx, [one], [{ ...one, lines, packed_at: null }])
}

/** Stores that packing is over. */
export const storePacked = async (ctx: Context, one: FulfilmentOrder): Promise<FulfilmentOrder> =>
  (await storeWork(ctx, [one], [{ ...one, packed_at: ctx.now }]))[0] as FulfilmentOrder
