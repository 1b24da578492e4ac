import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { orderErrors } from './errors.ts'
import { findOrder, type OrderRow } from './find.ts'
import { db } from './tables.ts'

const byIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('orders')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid'))
    .where('deleted_at', 'is', null),
)

/**
 * Several orders, locked until the transaction ends, in the order in which they are named, as they
 * are once the locks are held. Throws `not_found`.
 */
export async function lockOrders(ctx: Context, refs: readonly string[]): Promise<OrderRow[]> {
  const found = await Promise.all(refs.map((ref) => findOrder(ctx, ref)))
  const ids = found.map(({ id }) => id)
  await lockEntities(ctx, 'order', ids)
  const rows = await byIds(ctx, { ids })
  return ids.map((id, nth) => {
    const row = rows.find((one) => one.id === id)
    if (!row) throw orderErrors.not_found({ order_id: refs[nth] as string })
    return row as OrderRow
  })
}
