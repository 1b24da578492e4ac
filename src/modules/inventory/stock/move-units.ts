import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { receiveStock } from '../backorders/allocate.ts'
import { consumeUnits } from '../consume.ts'
import { inventoryErrors } from '../errors.ts'
import { findItem, findLocation, type ItemRow } from '../find.ts'
import { findItems } from '../find-items.ts'
import { type HeldUnits, openRowsOf } from '../held.ts'
import type { Movement } from '../ledger.ts'
import { levelsOfItem } from '../levels-of-item.ts'
import { pickFrom } from '../parts.ts'
import { getItem } from '../queries.ts'
import { isThere } from '../release.ts'
import { isHeldByHouse } from '../reserve.ts'
import type { InventoryItem } from '../schemas.ts'
import { inItemUnits } from '../units/item-units.ts'
import type { AdjustItem, ChangeState, MovedUnits, PickItems, ReceiveItems } from './schemas.ts'

/** Posts a difference of one shelf, in any unit and state. Throws what `postMovements` throws. */
export async function adjustItem(ctx: Context, input: AdjustItem): Promise<InventoryItem> {
  const said = String(input.quantity_delta)
  const item = await findItem(ctx, input.id)
  const amount = said.replace(/^-/, '')
  if (Number(amount) === 0) throw invalidField('quantity_delta', 'must not be 0')
  const location_id = await locationFor(ctx, item, input.location_id)
  const [units = 0] = await inItemUnits(ctx, [{ item, quantity: amount, unit: input.unit }])
  const isLess = said.startsWith('-')
  const { state, reason = null, lots } = input
  await receiveStock(ctx, [
    {
      item_id: item.id,
      sku: item.sku,
      location_id,
      quantity_delta: isLess ? -units : units,
      kind: 'adjusted',
      reason,
      ...(state && (isLess ? { state_from: state } : { state_to: state })),
      ...(lots && { lots }),
    },
  ])
  return getItem(ctx, { id: item.id })
}

/** Moves units at one location from a state to another, for a reason. Throws `not_in_state`. */
export async function changeState(ctx: Context, input: ChangeState): Promise<InventoryItem> {
  const { from, to, reason, lots } = input
  if (from === to) throw invalidField('to', 'must be another state')
  const item = await findItem(ctx, input.id)
  const location_id = await locationFor(ctx, item, input.location_id)
  const [units = 0] = await inItemUnits(ctx, [{ item, quantity: input.quantity, unit: input.unit }])
  await receiveStock(ctx, [
    {
      item_id: item.id,
      sku: item.sku,
      location_id,
      quantity_delta: units,
      kind: 'moved',
      reason,
      state_from: from,
      state_to: to,
      ...(lots && { lots }),
    },
  ])
  return getItem(ctx, { id: item.id })
}

/** The location that is named, or the only one where the item is kept. */
async function locationFor(ctx: Context, item: ItemRow, named: string | number | undefined) {
  if (named !== undefined) return (await findLocation(ctx, named)).id
  const [only, ...others] = await levelsOfItem(ctx, item.id)
  if (!only || others.length > 0) {
    throw invalidField('location_id', 'is required unless the item lies at just one location')
  }
  return only.location_id
}

/** Takes in units of up to 1,000 items at one location, with what they cost if that is known. */
export async function receiveItems(ctx: Context, input: ReceiveItems): Promise<MovedUnits> {
  const location = await findLocation(ctx, input.location_id)
  const { items: lines, reason = null, reference_type, reference_id } = input
  const items = await findItems(
    ctx,
    lines.map(({ item_number }) => item_number),
  )
  const units = await inItemUnits(
    ctx,
    lines.map(({ quantity, unit }, nth) => ({ item: items[nth] as never, quantity, unit })),
  )
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const movements = lines.map(({ state, unit_cost, lots }, nth): Movement => {
    const { id: item_id, sku } = items[nth] as (typeof items)[number]
    const field = `items.${nth}.unit_cost`
    return {
      item_id,
      sku,
      location_id: location.id,
      quantity_delta: units[nth] as number,
      kind: 'received',
      reason,
      ...(state && { state_to: state }),
      ...(lots && { lots }),
      ...(unit_cost !== undefined && {
        unit_cost_amount: costOf(unit_cost, currency, field),
        currency,
      }),
      ...(reference_type !== undefined && { reference_type }),
      ...(reference_id !== undefined && { reference_id }),
    }
  })
  await receiveStock(ctx, movements)
  return told(movements)
}

function costOf(unit_cost: string | number, currency: string, field: string): number {
  const amount = parseMoney(unit_cost, currency, field)
  if (amount < 0) throw invalidField(field, 'must not be below 0')
  return amount
}

const told = (moved: readonly ((HeldUnits & { sku: string }) | Movement)[]): MovedUnits => {
  const items = moved.map((units) => {
    const { item_id, sku: item_number, location_id } = units
    const quantity = 'quantity' in units ? units.quantity : units.quantity_delta
    return { item_id, item_number, location_id, quantity }
  })
  return { items, quantity: items.reduce((sum, { quantity }) => sum + quantity, 0) }
}

/**
 * Takes units off the shelves that were reserved by hand under a reference. Orders and checkouts
 * take theirs themselves. Throws `not_held`.
 */
export async function pickItems(ctx: Context, input: PickItems): Promise<MovedUnits> {
  const { reference_id, reference_type = 'manual' } = input
  if (isHeldByHouse(reference_type)) {
    throw invalidField('reference_type', `must not be "${reference_type}": it ships its own stock`)
  }
  const reference = { reference_type, reference_id }
  const items = await findItems(
    ctx,
    input.items.map(({ item_number }) => item_number),
  )
  const places = await placesOf(ctx, input.items)
  const open = (await openRowsOf(ctx, [reference])).filter(isThere)
  const units: (HeldUnits & { sku: string })[] = []
  const picks: ReturnType<typeof pickFrom> = []
  for (const [nth, { quantity, location_id, lots }] of input.items.entries()) {
    const { id: item_id, sku } = items[nth] as (typeof items)[number]
    const at = location_id === undefined ? undefined : places.get(location_id)
    const own = open.filter((row) => row.item_id === item_id && (!at || row.location_id === at))
    const picked = pickFrom(own, quantity, picks)
    const held = picked.reduce((sum, pick) => sum + pick.quantity, 0)
    if (held < quantity) throw inventoryErrors.not_held({ item_id, requested: quantity, held })
    picks.push(...picked)
    const shelves = Map.groupBy(picked, ({ row }) => row.location_id as HeldUnits['location_id'])
    for (const [place, some] of shelves) {
      const sum = some.reduce((total, pick) => total + pick.quantity, 0)
      units.push({ item_id, sku, location_id: place, quantity: sum, ...(lots && { lots }) })
    }
  }
  await consumeUnits(ctx, reference, units)
  return told(units)
}

/** The locations that lines name, each looked up once. */
export async function placesOf(
  ctx: Context,
  lines: readonly { location_id?: string | number }[],
): Promise<Map<string | number, Id<'location'>>> {
  const places = new Map<string | number, Id<'location'>>()
  for (const { location_id } of lines) {
    if (location_id === undefined || places.has(location_id)) continue
    places.set(location_id, (await findLocation(ctx, location_id)).id)
  }
  return places
}
