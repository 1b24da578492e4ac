import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { findOrder } from '../find.ts'
import { type HoldRow, openHolds } from './holds.ts'
import type { Hold, Holds, ListNotes, Note } from './schemas.ts'
import { db } from './tables.ts'

const RELEASED_TOLD = 50

/** Why an order is on hold, where it goes when it is released, and what held it before. */
export async function whyOnHold(ctx: Context, { id }: { id: string }): Promise<Holds> {
  const order = await findOrder(ctx, id)
  const [open, released] = await Promise.all([
    openHolds(ctx, { order_id: order.id }),
    db(ctx)
      .selectFrom('order_holds')
      .selectAll()
      .where('order_id', '=', order.id)
      .where('released_at', 'is not', null)
      .orderBy('id', 'desc')
      .limit(RELEASED_TOLD)
      .execute(),
  ])
  return {
    is_on_hold: order.status === 'on_hold',
    returns_to: open[0]?.held_from ?? null,
    open: open.map(holdOf),
    released: released.map(holdOf),
  }
}

const holdOf = ({ order_id: _, held_from: __, ...hold }: HoldRow): Hold => hold

/** The notes of an order, newest first; a buyer reads those meant for them. */
export async function listNotes(ctx: Context, query: ListNotes): Promise<Page<Note>> {
  const order = await findOrder(ctx, query.id)
  const { own_only } = ctx.actor
  let found = db(ctx).selectFrom('order_notes').where('order_id', '=', order.id)
  if (own_only) found = found.where('kind', '=', 'customer')
  if (query.kind) found = found.where('kind', '=', query.kind)
  return pageById(ctx, query, {
    name: 'order notes',
    rows: found.select(['id', 'kind', 'body', 'author', 'created_at']),
    tell: (rows) => rows.map((row) => ({ ...row, author: own_only ? null : row.author })),
  })
}
