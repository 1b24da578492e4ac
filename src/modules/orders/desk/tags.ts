import type { Context } from '#platform/context'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { lockOrder, type OrderRow } from '../find.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { deskErrors } from './errors.ts'
import { deskEvents } from './events.ts'
import { type RemoveTag, type SetTags, TAGS_MAX } from './schemas.ts'
import { db } from './tables.ts'

/** A tag as it is kept and asked for. */
export const tagKey = (tag: string): string => tag.trim().toLowerCase()

type Change = (before: readonly string[]) => readonly string[]

const changed =
  (change: (input: SetTags) => Change) =>
  async (ctx: Context, input: SetTags): Promise<Order> => {
    const order = await lockOrder(ctx, input.id)
    requireVersion(ctx, order.version)
    await changeTags(ctx, order, change(input))
    return withLines(ctx, order)
  }

/** Makes these the order's tags. Throws `too_many`. */
export const setTags = changed(
  ({ tags }) =>
    () =>
      tags,
)

/** Puts tags on an order, beside those that it has. Throws `too_many`. */
export const addTags = changed(({ tags }) => (before) => [...before, ...tags])

/** Takes tags off an order, those that it has of them. */
export const takeTags = changed(({ tags }) => {
  const gone = new Set(tags.map(tagKey))
  return (before) => before.filter((tag) => !gone.has(tag))
})

/** Takes a tag off an order; one that it has not is off already. */
export const removeTag = (ctx: Context, { id, tag }: RemoveTag): Promise<Order> =>
  takeTags(ctx, { id, tags: [tag] })

const insertTags = insertRows(db, 'order_tags')

async function changeTags(ctx: Context, { id: order_id }: OrderRow, to: Change): Promise<void> {
  const rows = await db(ctx)
    .selectFrom('order_tags')
    .select('tag')
    .where('order_id', '=', order_id)
    .orderBy('tag')
    .execute()
  const before = rows.map(({ tag }) => tag)
  const after = [...new Set(to(before).map(tagKey))].filter(Boolean).toSorted()
  if (after.length > TAGS_MAX) throw deskErrors.too_many({ most: TAGS_MAX, things: 'tags' })
  const gone = before.filter((tag) => !after.includes(tag))
  const added = after.filter((tag) => !before.includes(tag))
  if (gone.length === 0 && added.length === 0) return
  if (gone.length > 0) {
    await db(ctx)
      .deleteFrom('order_tags')
      .where('order_id', '=', order_id)
      .where('tag', 'in', listOf(ctx.session.engine, gone, 'text'))
      .execute()
  }
  if (added.length > 0) {
    await insertTags(ctx, { rows: added.map((tag) => ({ tag, order_id })) })
  }
  emit(ctx, deskEvents.tags_changed({ order_id, old_tags: before, new_tags: after }))
}
