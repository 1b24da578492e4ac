import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { findLocation, type StateUnits, shelvesAfter, unitsByState } from '#modules/inventory'
import type { Context } from '#platform/context'
import { lockTable } from '#platform/database/locks'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { binEvents } from '../events.ts'
import { detailOf } from '../keeping/facts.ts'
import type { Step } from '../keeping/plan.ts'
import { isTracked, type Posted } from '../keeping/posted.ts'
import { Shelves } from '../keeping/shelves.ts'
import { byPlace, writePlan } from '../keeping/write.ts'
import { db } from '../tables.ts'
import type { StartBins, StartedBins } from './schemas.ts'

const PAGE = 1_000

/**
 * From now on every unit of a location is kept by bin; what is there stands in none until it is put
 * away. A second call answers the same. The second step begins with its lock, because its snapshot
 * must be taken behind everyone who moves stock by the old rule; see `setTracking`.
 */
export async function startBins(
  ctx: ProcessContext,
  input: StartBins,
): Promise<Static<typeof StartedBins>> {
  await ctx.transaction((tx) => findLocation(tx, input.id), 'read committed')
  return ctx.transaction(async (tx) => {
    await lockTable(tx, 'binned_locations')
    const { id: location_id } = await findLocation(tx, input.id)
    const known = await db(tx)
      .selectFrom('binned_locations')
      .selectAll()
      .where('location_id', '=', location_id)
      .executeTakeFirst()
    if (known) return { ...known, places: await countUnplaced(tx, location_id) }
    const row = { location_id, binned_at: tx.now }
    await db(tx).insertInto('binned_locations').values(row).execute()
    emit(tx, binEvents.location_started({ location_id }))
    return { ...row, places: await layOut(tx, location_id) }
  })
}

/** Notes what stands on each shelf as standing in no bin. Items with lots are kept by place. */
async function layOut(ctx: Context, location_id: Id<'location'>): Promise<number> {
  let after: string | null = null
  let places = 0
  for (;;) {
    const shelves = await shelvesAfter(ctx, { location_id, after, limit: PAGE })
    if (shelves.length === 0) return places
    after = shelves.at(-1)?.item_id ?? null
    const items = shelves.map(({ item_id }) => item_id)
    const all = await unitsByState(ctx, items)
    places += await notePlaces(
      ctx,
      all.filter((units) => units.location_id === location_id),
    )
  }
}

async function notePlaces(ctx: Context, units: readonly StateUnits[]): Promise<number> {
  const { tracking } = await detailOf(ctx, units)
  const plain = units.filter(({ item_id }) => !isTracked(tracking.get(item_id)))
  const shelves = new Shelves([])
  const steps: Step[] = plain.map(({ quantity, ...at }) => {
    const place = { ...at, bin_id: null, lot_id: null }
    shelves.change(place, quantity)
    return { ...place, quantity_delta: quantity, movement: started({ ...at, quantity }) }
  })
  await writePlan(ctx, { steps, serials: [] }, shelves.changes().sort(byPlace))
  return plain.length
}

const started = ({ state, ...units }: StateUnits): Posted => ({
  ...units,
  state_from: null,
  state_to: state,
  kind: 'opened',
  reason: 'bins begin',
  reference_type: null,
  reference_id: null,
  lots: null,
})

async function countUnplaced(ctx: Context, location_id: Id<'location'>): Promise<number> {
  const { count } = await db(ctx)
    .selectFrom('lot_levels')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('location_id', '=', location_id)
    .where('bin_id', 'is', null)
    .where('quantity', '>', 0)
    .executeTakeFirstOrThrow()
  return count
}
