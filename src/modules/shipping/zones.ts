import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { type Area, areaOf } from '#modules/tax'
import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { shippingErrors } from './errors.ts'
import type { AreaInputs, GetZone, ListZones, Zone } from './schemas.ts'
import { db } from './tables.ts'

export type ZoneRow = Static<(typeof db.tables)['shipping_zones']>
type AreaRow = Static<(typeof db.tables)['shipping_zone_areas']>

/** The live zone of this id. Throws `zone_not_found`. */
export async function findZone(ctx: Context, id: Id<'shipping_zone'>): Promise<ZoneRow> {
  const found = await db(ctx)
    .selectFrom('shipping_zones')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw shippingErrors.zone_not_found({ zone_id: id })
  return found
}

const areasOf = prepared(db, (open, p: { zones: readonly string[] }, engine) =>
  open
    .selectFrom('shipping_zone_areas')
    .selectAll()
    .where('zone_id', 'in', listOf(engine, p.zones, 'uuid'))
    .orderBy('zone_id')
    .orderBy('country')
    .orderBy('region')
    .orderBy('postal_prefix'),
)

/** One zone with its areas. */
export async function getZone(ctx: Context, { id }: GetZone): Promise<Zone> {
  const row = await findZone(ctx, id)
  return zoneOf(row, await areasOf(ctx, { zones: [id] }))
}

/** Zones, newest first. */
export async function listZones(ctx: Context, query: ListZones): Promise<Page<Zone>> {
  return pageById(ctx, query, {
    name: 'shipping zones',
    rows: db(ctx).selectFrom('shipping_zones').selectAll().where('archived_at', 'is', null),
    tell: async (rows) => {
      const areas = await areasOf(ctx, { zones: rows.map(({ id }) => id) })
      const byZone = Map.groupBy(areas, ({ zone_id }) => zone_id)
      return rows.map((row) => zoneOf(row, byZone.get(row.id) ?? []))
    },
  })
}

/** Reads areas as sent; one that is said twice counts once. */
export function readAreas(areas: AreaInputs): Area[] {
  const read = areas.map((area, nth) => areaOf(area, `areas.${nth}.`))
  const keyed = read.map((area) => [JSON.stringify(Object.values(area)), area] as const)
  return [...new Map(keyed).values()]
}

const insertAreas = insertRows(db, 'shipping_zone_areas')

/** Stores the areas of a zone in place of those it had. */
export async function putAreas(
  ctx: Context,
  zone_id: Id<'shipping_zone'>,
  areas: readonly Area[],
): Promise<void> {
  await db(ctx).deleteFrom('shipping_zone_areas').where('zone_id', '=', zone_id).execute()
  await insertAreas(ctx, { rows: areas.map((area) => ({ zone_id, ...area })) })
}

/** Says what the unique index says: another zone has this name. */
export const whenNameTaken =
  (name: string) =>
  (error: unknown): never => {
    const unique = { index: 'shipping_zones_by_name', columns: 'shipping_zones.name_key' }
    if (!isDuplicate(error, unique)) throw error
    throw shippingErrors.zone_name_taken({ name })
  }

const zoneOf = (row: ZoneRow, areas: readonly AreaRow[]): Zone => {
  const { archived_at: _, name_key: __, ...rest } = row
  return {
    ...rest,
    areas: areas.map(({ country, region, postal_prefix }) => ({
      country,
      region: region || null,
      postal_prefix: postal_prefix || null,
    })),
  }
}
