import { isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { remember } from '#platform/remembered'
import { catalogueErrors } from '../errors.ts'
import { attributeEvents } from '../events.ts'
import { db } from '../tables.ts'

/** A shop with more would want product types; every list would have to name them all. */
export const ATTRIBUTES_MAX = 500

const allAttributes = prepared(db, (open) =>
  open.selectFrom('attributes').selectAll().orderBy('position').orderBy('id').limit(ATTRIBUTES_MAX),
)
export type AttributeRow = Awaited<ReturnType<typeof allAttributes>>[number]

export const rememberedAttributes = remember({
  topic: 'catalogue.attributes',
  forgotten_on: Object.values(attributeEvents),
  key: () => '',
  read: async (ctx, _: object) => ({ value: await allAttributes(ctx, {}), until: null }),
})

/** All attributes as they were a moment ago, in their order. For queries only. */
export const knownAttributes = (ctx: Context): Promise<readonly AttributeRow[]> =>
  rememberedAttributes(ctx, {})

/** The attribute that an id or a code names; throws `attribute_not_found`. */
export async function findAttribute(ctx: Context, attribute: string): Promise<AttributeRow> {
  const key = attribute.toLowerCase()
  const found = await db(ctx)
    .selectFrom('attributes')
    .selectAll()
    .where(isUuid(key) ? 'id' : 'code', '=', key as never)
    .executeTakeFirst()
  if (!found) throw catalogueErrors.attribute_not_found({ attribute })
  return found
}
