import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import type { App } from '#platform/app'
import type { Background } from '#platform/background'
import type { Engine } from '#platform/database/database'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { JobRunner } from '#platform/job-runner'
import { eventually, onEveryEngine, openHouse } from '#testing'
import { startRouter } from '../route-orders.ts'
import { type Depot, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 100 } }

const place = async (depot: Depot, count: number) => {
  const orders = []
  for (let nth = 0; nth < count; nth++) orders.push(await depot.place({ MUG: 1 }))
  return orders
}

const waiting = (depot: Depot) =>
  readAsSystem(depot.app, async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`select order_id from orders_to_route`.execute(
      ctx.session.kysely,
    )
    return rows.map(({ order_id }) => order_id)
  })

/** Has the database refuse any work for an order. */
async function refuseWorkFor(depot: Depot, engine: Engine, order_id: string) {
  const isIts = `new.order_id = '${order_id}'`
  const statements =
    engine === 'sqlite'
      ? [
          `create trigger no_work before insert on fulfilment_orders when ${isIts}
             begin select raise(abort, 'no work'); end`,
        ]
      : [
          `create function no_work() returns trigger language plpgsql as
             $$ begin raise exception 'no work'; end $$`,
          `create trigger no_work before insert on fulfilment_orders
             for each row when (${isIts}) execute function no_work()`,
        ]
  for (const text of statements) {
    await depot.database.write((session) => sql.raw(text).execute(session.kysely))
  }
}

onEveryEngine('the router of placed orders', (engine) => {
  it('makes the work of each once, however many processes route', async () => {
    await using depot = await openDepot(engine, SHELVES)
    await using other = await openHouse(engine, { at: depot.url })
    const before = await place(depot, 12)
    assert.equal((await waiting(depot)).length, 12)
    const routers: Background[] = [depot.app, other.app, other.app].map((app: App) =>
      startRouter(app),
    )
    const orders = [...before, ...(await place(depot, 12))]
    await eventually(async () => (await waiting(depot)).length === 0)
    await Promise.all(routers.map((router) => router.stop()))
    for (const order of orders) {
      const work = await depot.work(order)
      assert.deepEqual([work.length, work[0]?.items[0].quantity], [1, 1])
    }
    assert.deepEqual(await depot.violations(), [])
  })

  it('leaves what cannot be routed to a job of its own, and keeps back no other', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const [first, second, third] = await place(depot, 3)
    await refuseWorkFor(depot, engine, second.id)
    const router = startRouter(depot.app)
    const jobs = new JobRunner(depot.app)
    await eventually(async () => (await waiting(depot)).length === 0)
    await router.stop()
    jobs.start()
    const works = () => Promise.all([first, second, third].map((order) => depot.work(order)))
    await eventually(async () => {
      const [one, , three] = await works()
      return one.length === 1 && three.length === 1
    })
    await jobs.stop()
    assert.deepEqual((await works())[1], [])
    const { rows } = await transactAsSystem(depot.app, (ctx) =>
      sql<{ status: string; error: string | null }>`select status, error from jobs
        where name = 'fulfilment.route_order' and status <> 'done'`.execute(ctx.session.kysely),
    )
    assert.equal(rows.length, 1)
  })
})
