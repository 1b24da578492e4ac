import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import { cartEvents } from './events.ts'
import { db } from './tables.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Carts of one transaction: small, because commands wait for it on SQLite. */
const BATCH = 200
/** Transactions of one run, so that a server which stops does not wait for a million carts. */
const BATCHES_MAX = 100

type Ended = { id: Id<'cart'>; customer_id: Id<'customer'> | null }

// The version rises, so that a command which read the cart a moment ago looks again.
const expireDue = prepared(db, (open, p: { now: string }, engine) =>
  rawQuery<Ended>(
    open,
    sql<Ended>`update carts set closed_as = 'expired', closed_at = ${p.now},
        version = version + 1, updated_at = ${p.now}
      where id in (select id from carts
        where closed_as is null and not converting and expires_at <= ${p.now}
        order by expires_at limit ${sql.lit(BATCH)} ${passOverLocked(engine, 'carts')})
      and closed_as is null and not converting and expires_at <= ${p.now}
      returning id, customer_id`,
  ),
)

/** Ends the carts whose time is over. Those with an open checkout are spared. */
export async function expireCarts(ctx: Context): Promise<number> {
  const ended = await expireDue(ctx, { now: ctx.now })
  for (const { id: cart_id, customer_id } of ended) {
    emit(ctx, cartEvents.expired({ cart_id, customer_id }))
  }
  return ended.length
}

const purgeable = prepared(db, (open, p: { before: string }) =>
  open
    .selectFrom('carts')
    .select('id')
    .where('closed_at', '<', p.before)
    .where('closed_as', '<>', 'converted')
    .where('checkout_at', 'is', null)
    .orderBy('closed_at')
    .limit(BATCH),
)
const purge = {
  lines: prepared(db, (open, p: { ids: readonly string[] }, engine) =>
    open.deleteFrom('cart_lines').where('cart_id', 'in', listOf(engine, p.ids, 'uuid')),
  ),
  coupons: prepared(db, (open, p: { ids: readonly string[] }, engine) =>
    open.deleteFrom('cart_coupons').where('cart_id', 'in', listOf(engine, p.ids, 'uuid')),
  ),
  carts: prepared(db, (open, p: { ids: readonly string[] }, engine) =>
    open.deleteFrom('carts').where('id', 'in', listOf(engine, p.ids, 'uuid')),
  ),
}

/** Deletes closed carts that nobody will ask for. What became an order stays for the books. */
export async function purgeCarts(ctx: Context): Promise<number> {
  const kept_ms = ctx.settings.closed_carts_kept_days * DAY_MS
  const before = new Date(Date.parse(ctx.now) - kept_ms).toISOString()
  const ids = (await purgeable(ctx, { before })).map(({ id }) => id)
  if (ids.length === 0) return 0
  await purge.lines(ctx, { ids })
  await purge.coupons(ctx, { ids })
  await purge.carts(ctx, { ids })
  return ids.length
}

const inBatches =
  (some: (ctx: Context) => Promise<number>): Schedule['run'] =>
  async (process) => {
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      if ((await process.transaction(some, 'read committed')) < BATCH) return
    }
  }

export const schedules: Schedule[] = [
  {
    name: 'carts.expire',
    every_ms: (settings) => settings.cart_sweep_interval_ms,
    run: inBatches(expireCarts),
  },
  { name: 'carts.purge', every_ms: HOUR_MS, run: inBatches(purgeCarts) },
]
