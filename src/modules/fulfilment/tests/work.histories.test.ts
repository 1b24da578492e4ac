import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAsSystem } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import { onEveryEngine } from '#testing'
import { type Depot, openDepot } from './depot.ts'

// Random histories of the work for a few orders beside a model of a few lines: no unit is lost and
// none is made, whatever is asked in whatever order, and every invariant holds after every step.

const STEPS = Number(process.env.TEST_STEPS ?? 60)
const SEEDS = process.env.TEST_SEED ? [Number(process.env.TEST_SEED)] : [5, 17, 23]
const SKUS = ['MUG', 'TEA', 'CUP']
const PLACES = ['EAST', 'WEST', 'NORTH']

type Order = { id: string; items: any[]; open: Record<string, number>; over: boolean }
type Model = { orders: Order[]; shipped: Record<string, number>; stock: Record<string, number> }
type Play = { depot: Depot; model: Model; next: (below: number) => number }

function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const pick = <T>({ next }: Play, all: readonly T[]): T | undefined => all[next(all.length)]

/** Asks, and sees to it that it is not our fault if it is refused. */
async function asked({ depot }: Play, route: string, body: object = {}) {
  const answer = await depot.ask(route, body)
  assert.ok(answer.status < 500, `${route}: ${JSON.stringify(answer.body)}`)
  return answer
}

const bump = (counts: Record<string, number>, sku: string, by: number) => {
  counts[sku] = (counts[sku] ?? 0) + by
}

async function place(play: Play) {
  const lines = Object.fromEntries(
    SKUS.filter(() => play.next(2) === 0).map((sku) => [sku, 1 + play.next(4)]),
  )
  if (Object.keys(lines).length === 0) return
  const { depot, model } = play
  const answer = await asked(play, 'POST /api/v1/orders', {
    customer_id: depot.customer_id,
    items: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
  })
  if (answer.status !== 201) return
  const { id, items } = answer.data
  model.orders.push({ id, items, open: { ...lines }, over: false })
  if (play.next(4) > 0)
    await asked(play, `PUT /api/v1/orders/${id}/status`, { status: 'confirmed' })
  if (play.next(4) > 0) await asked(play, `POST /api/v1/orders/${id}/route`)
}

/** Live work of an order, picked at random. */
async function someWork(play: Play) {
  const order = pick(
    play,
    play.model.orders.filter(({ over }) => !over),
  )
  if (!order) return undefined
  const work = await play.depot.work(order)
  const one: any = pick(play, work)
  return one && { order, one, work }
}

const unitsOf = (play: Play, one: any) =>
  one.items
    .filter((line: any) => line.quantity > line.shipped_quantity)
    .slice(0, 1 + play.next(2))
    .map((line: any) => ({
      order_line_id: line.order_line_id,
      quantity: 1 + play.next(line.quantity - line.shipped_quantity),
    }))

const verb =
  (name: string, body: (play: Play, found: any) => object | undefined = () => ({})) =>
  async (play: Play) => {
    const found = await someWork(play)
    const sent = found && body(play, found)
    if (found && sent)
      await asked(play, `POST /api/v1/fulfilment-orders/${found.one.id}/${name}`, sent)
  }

const withUnits =
  (more: (play: Play) => object = () => ({})) =>
  (play: Play, { one }: any) => {
    const items = unitsOf(play, one)
    return items.length > 0 ? { items, ...more(play) } : undefined
  }

async function ship(play: Play) {
  const found = await someWork(play)
  if (!found) return
  const { one, order } = found
  const units: Record<string, number> = {}
  for (const { order_line_id, quantity } of unitsOf(play, one)) {
    const line = one.items.find((own: any) => own.order_line_id === order_line_id)
    units[line.sku] = quantity
  }
  if (Object.keys(units).length === 0 || one.location_id === null) return
  const shipped = await play.depot.ship(one.id, units).then(
    () => true,
    (error) => {
      assert.ok(error.status < 500, error.stack)
      return false
    },
  )
  if (!shipped) return
  for (const [sku, quantity] of Object.entries(units)) {
    bump(order.open, sku, -quantity)
    bump(play.model.shipped, sku, quantity)
    bump(play.model.stock, sku, -quantity)
  }
}

async function cancelUnits(play: Play) {
  const order = pick(
    play,
    play.model.orders.filter(({ over }) => !over),
  )
  const sku =
    order &&
    pick(
      play,
      Object.keys(order.open).filter((own) => (order.open[own] ?? 0) > 0),
    )
  if (!order || !sku) return
  const quantity = 1 + play.next(order.open[sku] ?? 0)
  const done = await play.depot.cancelUnits(order, { [sku]: quantity }).then(
    () => true,
    (error) => {
      assert.ok(error.status < 500, error.stack)
      return false
    },
  )
  if (done) bump(order.open, sku, -quantity)
}

async function end(play: Play) {
  const order = pick(
    play,
    play.model.orders.filter(({ over }) => !over),
  )
  if (!order) return
  const isShip = play.next(2) === 0
  const { status } = isShip
    ? await asked(play, `PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' })
    : await asked(play, `POST /api/v1/orders/${order.id}/cancel`)
  if (status !== 200) return
  order.over = true
  for (const [sku, units] of Object.entries(order.open)) {
    if (isShip) bump(play.model.stock, sku, -units)
    order.open[sku] = 0
  }
}

async function receive(play: Play) {
  const [item_number, location_id] = [pick(play, SKUS), pick(play, PLACES)]
  const quantity_delta = 1 + play.next(5)
  await asked(play, 'POST /api/v1/inventory/bulk-adjust', {
    adjustments: [{ item_number, location_id, quantity_delta, reason: 'received' }],
  })
  bump(play.model.stock, item_number as string, quantity_delta)
}

async function makeList(play: Play) {
  await asked(play, 'POST /api/v1/pick-lists', { location_id: pick(play, PLACES) })
}

async function onList(play: Play) {
  const { data } = await play.depot.ask('GET /api/v1/pick-lists?limit=3')
  const list: any = pick(play, data.items)
  if (!list) return
  const path = `/api/v1/pick-lists/${list.id}`
  const { items } = (await play.depot.ask(`GET ${path}`)).data
  const item: any = pick(play, items)
  const quantity = 1 + play.next(3)
  const kind = play.next(10)
  if (kind < 4) await asked(play, `POST ${path}/scan`, { code: item.sku })
  else if (kind < 6) await asked(play, `POST ${path}/pick`, { item_id: item.id, quantity })
  else if (kind < 8) await short(play, path, { item, quantity })
  else if (kind < 9) await asked(play, `POST ${path}/finish`, { leave_rest: play.next(2) === 0 })
  else await asked(play, `POST ${path}/cancel`)
}

async function short(
  play: Play,
  path: string,
  { item, quantity }: { item: any; quantity: number },
) {
  const outcome = pick(play, ['keep', 'reroute', 'backorder'])
  const write_off = play.next(2) === 0
  const { status } = await asked(play, `POST ${path}/short`, {
    item_id: item.id,
    quantity,
    reason: pick(play, ['not_found', 'other']),
    outcome,
    write_off,
  })
  const isOff = outcome === 'backorder' || (outcome === 'reroute' && write_off)
  if (status === 200 && isOff) bump(play.model.stock, item.sku, -quantity)
}

async function onOrder(play: Play) {
  const order = pick(play, play.model.orders)
  if (!order) return
  const action = pick(play, ['route', 'pick', 'pack']) as string
  await asked(play, `POST /api/v1/orders/${order.id}/${action}`)
}

const MOVES = [
  place,
  place,
  place,
  ship,
  ship,
  cancelUnits,
  cancelUnits,
  end,
  receive,
  makeList,
  makeList,
  onList,
  onList,
  onList,
  onList,
  onOrder,
  onOrder,
  onOrder,
  verb('move', (play, { one }) =>
    play.next(2) === 0
      ? { location_id: pick(play, PLACES) }
      : withUnits(() => ({ location_id: pick(play, PLACES) }))(play, { one }),
  ),
  verb('move', () => ({ location_id: 'WEST' })),
  verb('reroute'),
  verb('split', withUnits()),
  verb('merge', (_, { work }) => ({
    fulfilment_order_ids: work.map(({ id }: any) => id).slice(0, 5),
  })),
  verb('hold', (play) => ({ reason: pick(play, ['address', 'other']) })),
  verb('release'),
  verb('release'),
  verb('cancel'),
  verb('give-up'),
  verb('pick', withUnits()),
  verb('put-back', withUnits()),
  verb('cartons', withUnits()),
  verb('finish-packing'),
]

async function compare({ depot, model }: Play, step: string) {
  for (const order of model.orders) {
    const said: Record<string, number> = {}
    for (const { items, status } of await depot.work(order)) {
      for (const line of items) {
        bump(said, line.sku, line.quantity - line.shipped_quantity)
        assert.ok(line.quantity === line.shipped_quantity || status !== 'closed', step)
      }
    }
    for (const { sku, quantity } of await depot.unrouted(order)) bump(said, sku, quantity)
    const plain = (counts: Record<string, number>) =>
      Object.entries(counts)
        .filter(([, units]) => units !== 0)
        .sort()
    assert.deepEqual(plain(said), plain(order.open), `after ${step}`)
  }
  for (const sku of SKUS) {
    const units = Object.values(await depot.onHand(sku)).reduce((sum, n) => sum + n, 0)
    assert.equal(units, model.stock[sku], `${sku} after ${step}`)
  }
}

onEveryEngine('any history of work', (engine) => {
  for (const seed of engine === 'sqlite' ? SEEDS : SEEDS.slice(0, 1)) {
    it(`loses no unit and keeps every invariant (seed ${seed})`, { timeout: 300_000 }, async () => {
      const shelves = Object.fromEntries(
        SKUS.map((sku, n) => [sku, { EAST: 6 + n, WEST: 5, ...(n === 0 && { NORTH: 3 }) }]),
      ) as Record<string, Record<string, number>>
      await using depot = await openDepot(engine, shelves)
      await depot.made('PUT /api/v1/inventory/CUP', { backorder_limit: 6 })
      const stock = Object.fromEntries(
        SKUS.map((sku) => [sku, Object.values(shelves[sku] ?? {}).reduce((a, b) => a + b, 0)]),
      )
      const play: Play = { depot, model: { orders: [], shipped: {}, stock }, next: random(seed) }
      const own = depot.app.invariants.filter(({ claim }) =>
        /^(fulfilment|inventory|orders): /.test(claim),
      )
      for (let n = 0; n < STEPS; n++) {
        const move = MOVES[play.next(MOVES.length)] as (play: Play) => Promise<void>
        await move(play)
        const step = `step ${n}, ${move.name || 'a verb'}`
        const broken = await readAsSystem(depot.app, (ctx) => findViolations(ctx, own))
        assert.deepEqual(broken, [], `after ${step}`)
        await compare(play, step)
      }
      assert.deepEqual(await depot.violations(), [])
    })
  }
})
