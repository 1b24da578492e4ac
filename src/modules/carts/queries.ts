import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { requestErrors } from '#platform/operations'
import { findCart } from './find.ts'
import type { CartStatus } from './lifecycle.ts'
import { staffMay } from './owners.ts'
import { pricedCart } from './pricing.ts'
import type { CartSummary, CartWithItems, GetCart, ListCarts } from './schemas.ts'
import { hashSession } from './sessions.ts'
import { db } from './tables.ts'
import { cartWithItemsOf, summaryOf } from './wire.ts'

/** One cart with its items; an open one at the prices of now, a closed one as it was. */
export async function getCart(ctx: Context, input: GetCart): Promise<CartWithItems> {
  const stored = await findCart(ctx, input)
  const told = stored.cart.closed_as === null ? await pricedCart(ctx, stored) : undefined
  return cartWithItemsOf({ ctx, stored, told })
}

/** The caller's own carts, newest first; staff sees everyone's. */
export function listCarts(ctx: Context, query: ListCarts): Promise<Page<CartSummary>> {
  return pageById(ctx, query, {
    name: '-id',
    rows: withStatus(ctx, owned(ctx, query), query.status).selectAll(),
    tell: (rows) => rows.map((row) => summaryOf(row, ctx.now)),
  })
}

function owned(ctx: Context, { session_id, customer_id }: ListCarts) {
  const { actor } = ctx
  const rows = db(ctx).selectFrom('carts')
  if (staffMay(actor, 'read')) {
    const someone = customer_id as Id<'customer'> | undefined
    if (someone) return rows.where('customer_id', '=', someone)
    return session_id ? rows.where('session_hash', '=', hashSession(session_id)) : rows
  }
  if (actor.customer_id) return rows.where('customer_id', '=', actor.customer_id)
  if (!session_id) throw requestErrors.unauthenticated()
  return rows.where('session_hash', '=', hashSession(session_id))
}

function withStatus(
  ctx: Context,
  rows: ReturnType<typeof owned>,
  status: CartStatus | undefined,
): ReturnType<typeof owned> {
  if (status === undefined) return rows
  if (status === 'Converted') return rows.where('closed_as', 'in', ['converted', 'merged'])
  if (status === 'Abandoned') return rows.where('closed_as', '=', 'abandoned')
  const open = rows.where('closed_as', 'is', null)
  if (status === 'Converting') return open.where(sql<boolean>`converting`)
  // As the index of expiry says it, so that it is used.
  const idle = open.where(sql<boolean>`not converting`)
  if (status === 'Active') return idle.where('expires_at', '>', ctx.now)
  return rows.where((eb) =>
    eb.or([
      eb('closed_as', '=', 'expired'),
      eb.and([
        eb('closed_as', 'is', null),
        sql<boolean>`not converting`,
        eb('expires_at', '<=', ctx.now),
      ]),
    ]),
  )
}
