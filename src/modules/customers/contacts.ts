import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

/** How to reach a customer. */
export type CustomerContact = { id: Id<'customer'>; name: string; email: string }

const byId = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('customers')
    .select(['id', 'first_name', 'last_name', 'email'])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** How to reach these customers, by id: one statement. */
export async function contactsOf(
  ctx: Context,
  ids: readonly Id<'customer'>[],
): Promise<Map<Id<'customer'>, CustomerContact>> {
  const rows = ids.length > 0 ? await byId(ctx, { ids }) : []
  return new Map(
    rows.map(({ id, first_name, last_name, email }) => [
      id,
      { id, name: `${first_name} ${last_name}`.trim(), email },
    ]),
  )
}
