import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { warehouseErrors } from '../errors.ts'
import { zoneEvents } from '../events.ts'
import { db, type ZoneRow } from '../tables.ts'
import type { CreateZone, GetZone, ListZones, UpdateZone, Zone } from './schemas.ts'

/** The live zone of this id; throws `zone_not_found`. */
export async function findZone(ctx: Context, zone: Id<'zone'>): Promise<ZoneRow> {
  const row = await db(ctx)
    .selectFrom('zones')
    .selectAll()
    .where('id', '=', zone)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw warehouseErrors.zone_not_found({ zone })
  return row
}

export const getZone = async (ctx: Context, { id }: GetZone): Promise<Zone> =>
  zoneOf(await findZone(ctx, id))

const zoneOf = ({ archived_at: _, ...row }: ZoneRow): Zone => row

/** Zones in use, oldest first. */
export async function listZones(ctx: Context, query: ListZones): Promise<Page<Zone>> {
  const start = pageStart(query, 'zones')
  const after = afterId<'zone'>(start)
  let found = db(ctx).selectFrom('zones').where('archived_at', 'is', null)
  if (query.location_id !== undefined) {
    found = found.where('location_id', '=', (await findLocation(ctx, query.location_id)).id)
  }
  const from = after ? found.where('id', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: 'zones',
    rows,
    key: ({ id }) => [id],
    item: zoneOf,
    total: await countUpTo(ctx, found),
  })
}

/** Lays out a zone. Throws `code_taken`. */
export async function createZone(ctx: Context, input: CreateZone): Promise<Zone> {
  const location = await findLocation(ctx, input.location_id)
  const row: ZoneRow = {
    id: ctx.newId('zone'),
    location_id: location.id,
    code: input.code,
    name: input.name,
    pick_sequence: input.pick_sequence ?? 0,
    archived_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('zones')
    .values(row)
    .onConflict((conflict) => conflict.columns(['location_id', 'code']).doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw warehouseErrors.code_taken({ code: input.code })
  emit(ctx, zoneEvents.created(told(row)))
  return zoneOf(row)
}

const told = ({ id: zone_id, location_id, code }: ZoneRow) => ({ zone_id, location_id, code })

/** Changes a zone's name or place on the way of a picker. */
export async function updateZone(ctx: Context, input: UpdateZone): Promise<Zone> {
  const known = await findZone(ctx, input.id)
  requireVersion(ctx, known.version)
  const row = {
    ...known,
    name: input.name ?? known.name,
    pick_sequence: input.pick_sequence ?? known.pick_sequence,
    version: known.version + 1,
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('zones').set(row).where('id', '=', row.id).execute()
  emit(ctx, zoneEvents.updated(told(row)))
  return zoneOf(row)
}

/** Gives up a zone without bins. Throws `zone_in_use`. */
export async function archiveZone(ctx: Context, { id }: GetZone): Promise<undefined> {
  const row = await findZone(ctx, id)
  const bin = await db(ctx)
    .selectFrom('bins')
    .select('id')
    .where('zone_id', '=', id)
    .where('archived_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (bin) throw warehouseErrors.zone_in_use({ zone: row.code })
  await db(ctx)
    .updateTable('zones')
    .set({ archived_at: ctx.now, version: row.version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  emit(ctx, zoneEvents.archived(told(row)))
}
