import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { orderEvents, ordersOfMoney } from '#modules/orders'
import type { App } from '#platform/app'
import type { Background } from '#platform/background'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared } from '#platform/database/prepared'
import { soonAfter } from '#platform/event-log/news'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { enqueue, type Job } from '#platform/jobs'
import { insertRows } from '#platform/tables'
import { Worker } from '#platform/worker'
import { db } from './tables.ts'
import { refitWorkOf } from './work/ensure.ts'

const insertNotes = insertRows(db, 'orders_to_route')

/** Notes in the transaction of a new order that its work is to be made. */
export function noteOrder(ctx: Context, order_id: Id<'order'>): void {
  ctx.session.send(insertNotes.bind(ctx, { rows: [{ order_id }] }))
}

/** Makes the work of orders that were placed, or whose goods came in; one that has it keeps it. */
export async function routeOrders(ctx: Context, ids: readonly Id<'order'>[]): Promise<void> {
  await lockEntities(ctx, 'order', ids)
  const orders = [...(await ordersOfMoney(ctx, ids)).values()]
  const wanted = orders.filter(({ deleted_at, status }) => {
    return deleted_at === null && status !== 'cancelled'
  })
  if (wanted.length > 0) await refitWorkOf(ctx, wanted, 'ensure')
}

/** For an order that no batch could take: tried by itself, and seen by operators if it fails. */
export const routeOne: Job<{ order_id: Id<'order'> }> = {
  name: 'fulfilment.route_order',
  payload: Type.Object({ order_id: IdSchema('order') }),
  run: (process, { order_id }) =>
    process.transaction((ctx) => routeOrders(ctx, [order_id]), 'read committed'),
}

/** Orders of one batch: few, because on SQLite commands wait while they are routed. */
const BATCH = 50
/** After so many failures of one batch, each of its orders is left to a job of its own. */
const FAILURES_MAX = 3

const firstNoted = prepared(db, (open, _: object) =>
  open.selectFrom('orders_to_route').select('order_id').limit(1),
)
const takeNoted = prepared(db, (open, p: { most: number }, engine) =>
  open
    .deleteFrom('orders_to_route')
    .where('order_id', 'in', (eb) =>
      eb
        .selectFrom('orders_to_route')
        .select('order_id')
        .orderBy('order_id')
        .limit(p.most)
        .modifyEnd(passOverLocked(engine, 'orders_to_route')),
    )
    .returning('order_id'),
)

/**
 * Makes the work of placed orders, a crowd of them at once and a moment after they were placed. An
 * order pays for it with one row. Every process may: each takes what no other is taking.
 */
export function startRouter(app: App): Background {
  let failures = 0
  const routed = async (ctx: Context): Promise<number> => {
    const taken = (await takeNoted(ctx, { most: BATCH })).map(({ order_id }) => order_id)
    if (failures < FAILURES_MAX) await routeOrders(ctx, taken)
    else for (const order_id of taken) await enqueue(ctx, routeOne, { payload: { order_id } })
    return taken.length
  }
  const turn = async (): Promise<number> => {
    const { outbox_poll_interval_ms: idle_ms } = app.settings
    const first = await readAsSystem(app, (ctx) => firstNoted.first(ctx, {}), 'statement')
    if (!first) return idle_ms
    try {
      const count = await transactAsSystem(app, routed, 'read committed')
      failures = 0
      return count === BATCH ? 0 : idle_ms
    } catch (error) {
      failures++
      throw error
    }
  }
  const worker = new Worker({ name: 'fulfilment.route', log: app.log, turn })
  worker.start()
  const forget = soonAfter(app, [orderEvents.created.type], () => worker.wake())
  return {
    stop() {
      forget()
      return worker.stop()
    },
  }
}
