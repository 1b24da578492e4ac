import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

const namesOf = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('products')
    .select(['id', 'name'])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** Those of these products that there are, in whatever state, with their names; one statement. */
export async function knownProducts(
  ctx: Context,
  ids: readonly Id<'product'>[],
): Promise<Map<Id<'product'>, string>> {
  if (ids.length === 0) return new Map()
  const found = await namesOf(ctx, { ids })
  return new Map(found.map(({ id, name }) => [id, name]))
}
