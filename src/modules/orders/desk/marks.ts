import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from './tables.ts'

/** What staff put on an order, as its answer tells it to staff; buyers are not told. */
export type Marks = {
  tags: string[]
  attributes: Record<string, unknown>
  holds: { id: Id<'order_hold'>; code: string; held_at: string }[]
}
export const NO_MARKS: Marks = { tags: [], attributes: {}, holds: [] }

type Asked = { orders: readonly string[] }

const tagsOf = prepared(db, (open, p: Asked, engine) =>
  open
    .selectFrom('order_tags')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('tag'),
)
const attributesOf = prepared(db, (open, p: Asked, engine) =>
  open
    .selectFrom('order_attributes')
    .select(['order_id', 'name', 'value'])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('name'),
)
const holdsOf = prepared(db, (open, p: Asked, engine) =>
  open
    .selectFrom('order_holds')
    .select(['order_id', 'id', 'code', 'held_at'])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('released_at', 'is', null)
    .orderBy('id'),
)

/** The marks of these orders, by order: three statements for any number, none for buyers. */
export async function marksOf(ctx: Context, orders: readonly Id<'order'>[]) {
  if (ctx.actor.own_only || orders.length === 0) return () => NO_MARKS
  const [tags, attributes, holds] = await Promise.all([
    tagsOf(ctx, { orders }),
    attributesOf(ctx, { orders }),
    holdsOf(ctx, { orders }),
  ])
  const by = {
    tags: Map.groupBy(tags, ({ order_id }) => order_id),
    attributes: Map.groupBy(attributes, ({ order_id }) => order_id),
    holds: Map.groupBy(holds, ({ order_id }) => order_id),
  }
  return (id: Id<'order'>): Marks => ({
    tags: (by.tags.get(id) ?? []).map(({ tag }) => tag),
    attributes: Object.fromEntries(
      (by.attributes.get(id) ?? []).map(({ name, value }) => [name, JSON.parse(value)]),
    ),
    holds: (by.holds.get(id) ?? []).map(({ order_id: _, ...hold }) => hold),
  })
}
