import type { Id } from '#kit/ids'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { lockReturn, refuseShoppers } from '../find.ts'
import { type Inspection, inspectUnits } from '../inspecting.ts'
import { lineNamed } from '../lines.ts'
import { linesNow } from '../receiving.ts'
import type { InspectReturn, Return } from '../schemas.ts'
import { settleReturn } from '../settle.ts'
import type { LineRow } from '../tables.ts'
import { answerReturn } from '../wire.ts'

/** Decides what becomes of received units: each is restocked, kept back, scrapped or sent back. */
export async function inspectReturn(ctx: Context, input: InspectReturn): Promise<Return> {
  refuseShoppers(ctx, 'inspect a return')
  const locked = await lockReturn(ctx, input.id)
  requireVersion(ctx, locked.row.version)
  const lines = await linesNow(ctx, locked)
  const places = await locationsNamed(ctx, input.items)
  const inspections = input.items.map((item, index) => inspectionOf(lines, places, { item, index }))
  const after = await inspectUnits(ctx, locked, inspections)
  return answerReturn(ctx, await settleReturn(ctx, after.row))
}

type Item = InspectReturn['items'][number]

type Places = ReadonlyMap<string, Id<'location'>>

/** Each location is looked up once, however many items name it. */
async function locationsNamed(ctx: Context, items: readonly Item[]): Promise<Places> {
  const places = new Map<string, Id<'location'>>()
  for (const { location } of items) {
    if (location === undefined || places.has(location)) continue
    places.set(location, (await findLocation(ctx, location)).id)
  }
  return places
}

function inspectionOf(
  lines: readonly LineRow[],
  places: Places,
  { item, index }: { item: Item; index: number },
): Inspection {
  const { disposition, accepted = disposition !== 'send_back' } = item
  if (accepted && disposition === 'send_back') {
    throw invalidField(`items.${index}.accepted`, 'what goes back to the customer is not paid for')
  }
  if (disposition !== 'restock' && (item.location || item.state)) {
    const field = item.location ? 'location' : 'state'
    throw invalidField(`items.${index}.${field}`, 'is for what is restocked')
  }
  return {
    line: lineNamed(lines, item, index),
    quantity: item.quantity,
    disposition,
    accepted,
    location_id: (item.location && places.get(item.location)) || null,
    state: item.state ?? 'sellable',
    condition: item.condition ?? null,
    note: item.note ?? null,
  }
}
