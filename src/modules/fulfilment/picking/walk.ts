import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { packingFacts } from '#modules/catalogue'
import { pickFrom } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import { type FulfilmentLine, type FulfilmentOrder, unitsToPick } from '../work/units.ts'
import type { PickItemRow } from './items.ts'

type Proposed = Awaited<ReturnType<typeof pickFrom>>[number]
type Place = { pick_list_id: Id<'pick_list'>; location_id: Id<'location'> }
type Stop = {
  one: FulfilmentOrder
  line: FulfilmentLine
  from: Proposed | undefined
  units: number
}

const takenAt = prepared(db, (open, p: { location: string; items: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_order_lines as l')
    .innerJoin('fulfilment_orders as f', 'f.id', 'l.fulfilment_order_id')
    .select('l.item_id')
    .select(
      sql<number>`sum(l.picking_quantity + l.picked_quantity - l.shipped_quantity)`.as('units'),
    )
    .where('f.location_id', '=', p.location as Id<'location'>)
    .where('f.status', 'in', ['open', 'in_progress'])
    .where('l.item_id', 'in', listOf(engine, p.items, 'uuid'))
    .groupBy('l.item_id'),
)

/**
 * The items of a list for all that is to pick, in the order in which a picker meets them: by the
 * sequence of the bins, then by SKU. The warehouse says which bin and lot (what expires first);
 * what other lists have, or pickers in hand, is taken to come from the first of them.
 */
export async function walkOf(
  ctx: Context,
  { pick_list_id, location_id }: Place,
  orders: readonly FulfilmentOrder[],
): Promise<PickItemRow[]> {
  const wanted = orders.flatMap((one) =>
    one.lines
      .filter((line) => unitsToPick(line) > 0)
      .map((line) => ({ one, line, units: unitsToPick(line) })),
  )
  const [proposed, facts] = await Promise.all([
    proposals(ctx, location_id, wanted),
    packingFacts(ctx, [...new Set(wanted.map(({ line }) => line.variant_id))]),
  ])
  const stops = wanted.flatMap(({ one, line, units }) =>
    stopsOf(one, line, { units, from: proposed.get(line.item_id ?? '') ?? [] }),
  )
  return stops.toSorted(inOrder).map(({ one, line, from, units }, nth) => ({
    id: ctx.newId('pick_item'),
    pick_list_id,
    position: nth + 1,
    order_id: one.order_id,
    fulfilment_order_id: one.id,
    order_line_id: line.order_line_id,
    item_id: line.item_id,
    sku: line.sku,
    sku_key: line.sku_key,
    name: line.name,
    gtin_key: facts.get(line.variant_id)?.gtin_key ?? null,
    bin_id: from?.bin_id ?? null,
    bin_code: from?.bin_code ?? null,
    bin_scan_code: from?.scan_code ?? null,
    lot_id: from?.lot_id ?? null,
    lot_number: from?.lot_number ?? null,
    has_serials: (from?.serial_numbers.length ?? 0) > 0,
    quantity: units,
    picked_quantity: 0,
    short_quantity: 0,
    withdrawn_quantity: 0,
  }))
}

type Want = { line: FulfilmentLine; units: number }

/** Where to take the units of each item from, what is taken already left out. */
async function proposals(
  ctx: Context,
  location_id: Id<'location'>,
  wanted: readonly Want[],
): Promise<Map<string, Proposed[]>> {
  const needs = new Map<Id<'item'>, number>()
  for (const { line, units } of wanted) {
    if (line.item_id) needs.set(line.item_id, (needs.get(line.item_id) ?? 0) + units)
  }
  const items = [...needs.keys()]
  if (items.length === 0) return new Map()
  const taken = new Map<string | null, number>()
  for (const { item_id, units } of await takenAt(ctx, { location: location_id, items })) {
    taken.set(item_id, Number(units))
  }
  const asked = items.map((item_id) => ({
    item_id,
    location_id,
    quantity: (needs.get(item_id) ?? 0) + (taken.get(item_id) ?? 0),
  }))
  const found = Map.groupBy(await pickFrom(ctx, asked), ({ item_id }) => item_id)
  return new Map(
    items.map((item_id) => [item_id, without(found.get(item_id) ?? [], taken.get(item_id) ?? 0)]),
  )
}

function without(found: readonly Proposed[], taken: number): Proposed[] {
  let over = taken
  return found.map((part) => {
    const less = Math.min(over, part.quantity)
    over -= less
    return { ...part, quantity: part.quantity - less }
  })
}

/** Takes units from what is proposed; what nobody can propose is to be found without help. */
function stopsOf(
  one: FulfilmentOrder,
  line: FulfilmentLine,
  { units, from }: { units: number; from: Proposed[] },
): Stop[] {
  let over = units
  const stops: Stop[] = []
  for (const part of from) {
    const taken = Math.min(over, part.quantity)
    if (taken === 0) continue
    part.quantity -= taken
    over -= taken
    stops.push({ one, line, from: part, units: taken })
  }
  if (over > 0) stops.push({ one, line, from: undefined, units: over })
  return stops
}

const LAST = Number.MAX_SAFE_INTEGER

function inOrder(a: Stop, b: Stop): number {
  const sequence = (stop: Stop) => stop.from?.pick_sequence ?? LAST
  const words = ({ from, line, one }: Stop) =>
    [
      from?.bin_code ?? '',
      line.sku_key,
      from?.lot_number ?? '',
      String(one.order_number).padStart(15, '0'),
      one.id,
    ].join('\u0000')
  return sequence(a) - sequence(b) || (words(a) < words(b) ? -1 : 1)
}
