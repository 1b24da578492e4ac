import { isUuid } from '#kit/ids'
import { type Context, perProcess } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { catalogueErrors } from '../errors.ts'
import { db } from '../tables.ts'

/** What is announced when an attribute comes, goes or changes. */
export const ATTRIBUTES = 'catalogue.attributes'
/** A shop with more would want product types; every list would have to name them all. */
export const ATTRIBUTES_MAX = 500

const allAttributes = prepared(db, (open) =>
  open.selectFrom('attributes').selectAll().orderBy('position').orderBy('id').limit(ATTRIBUTES_MAX),
)
export type AttributeRow = Awaited<ReturnType<typeof allAttributes>>[number]

type Kept = { mark: string; attributes: readonly AttributeRow[] }
const kept = perProcess(() => ({ last: undefined as Kept | undefined }))

/** All attributes as they were a moment ago, in their order. For queries only. */
export async function knownAttributes(ctx: Context): Promise<readonly AttributeRow[]> {
  const memory = kept(ctx)
  const mark = ctx.mark(ATTRIBUTES)
  if (mark !== undefined && memory.last?.mark === mark) return memory.last.attributes
  const attributes = await allAttributes(ctx, {})
  if (mark !== undefined) memory.last = { mark, attributes }
  return attributes
}

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
