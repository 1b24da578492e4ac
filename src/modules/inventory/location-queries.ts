import type { Static } from 'typebox'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { findLocation } from './find.ts'
import type { GetLocation, ListLocations, Location } from './location-schemas.ts'
import { db } from './tables.ts'

/** One location by id, number or code. */
export const getLocation = async (ctx: Context, { id }: Static<typeof GetLocation>) =>
  locationOf(await findLocation(ctx, id))

/** Locations in use, by number. */
export async function listLocations(ctx: Context, query: ListLocations): Promise<Page<Location>> {
  const start = pageStart(query, 'number')
  const rows = db(ctx).selectFrom('locations').where('archived_at', 'is', null)
  let page = rows
    .selectAll()
    .orderBy('number')
    .limit(start.limit + 1)
  if (start.after) page = page.where('number', '>', Number(start.after[0]))
  else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: 'number',
    rows: await page.execute(),
    key: ({ number }) => [number],
    item: locationOf,
    total: await countUpTo(ctx, rows),
  })
}

type Row = Awaited<ReturnType<typeof findLocation>>

const locationOf = ({ archived_at: _, ...row }: Row): Location => row as Location
