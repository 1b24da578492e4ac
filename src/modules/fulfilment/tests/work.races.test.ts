import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine } from '#testing'
import { type Depot, leftOf, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 60, WEST: 60 }, TEA: { EAST: 60, WEST: 60 } }

type Answer = Awaited<ReturnType<House['ask']>>
const faults = (answers: readonly Answer[]) =>
  answers.filter(({ status }) => status >= 500).map(({ body }) => body)
const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length
const times = <T>(n: number, of: (nth: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i))

/** Two commands that meet on one fulfilment order, and what the units must come to in the end. */
const COMMANDS: Record<string, (depot: Depot, made: any) => Promise<Answer | undefined>> = {
  'move it': (depot, { one }) => depot.post(one.id, 'move', { location_id: 'WEST' }),
  'move a unit': (depot, { one }) =>
    depot.post(one.id, 'move', { location_id: 'WEST', items: unit(one) }),
  'reroute it': (depot, { one }) => depot.post(one.id, 'reroute'),
  'split it': (depot, { one }) => depot.post(one.id, 'split', { items: unit(one) }),
  'hold it': (depot, { one }) => depot.post(one.id, 'hold', { reason: 'other' }),
  'cancel it': (depot, { one }) => depot.post(one.id, 'cancel'),
  'give it up': (depot, { one }) => depot.post(one.id, 'give-up'),
  'pick it': (depot, { one }) => depot.post(one.id, 'pick'),
  'list it': (depot, { one }) =>
    depot.ask('POST /api/v1/pick-lists', {
      location_id: 'EAST',
      fulfilment_order_ids: [one.id],
    }),
  'route the order': (depot, { order }) => depot.ask(`POST /api/v1/orders/${order.id}/route`),
  'cancel the order': (depot, { order }) => depot.ask(`POST /api/v1/orders/${order.id}/cancel`),
  'ship the order': (depot, { order }) =>
    depot.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' }),
  'ship a unit': async (depot, { one }) => {
    await depot
      .ship(one.id, { MUG: 1 })
      .catch((error) => assert.ok(error.status < 500, error.stack))
    return undefined
  },
  'cancel a unit': async (depot, { order }) => {
    const units = depot.cancelUnits(order, { MUG: 1 })
    await units.catch((error) => assert.ok(error.status < 500, error.stack))
    return undefined
  },
}
const unit = (one: any) => [{ order_line_id: one.items[0].order_line_id, quantity: 1 }]

onEveryEngine('two commands at once on one fulfilment order', (engine) => {
  it('end as one after the other, and no unit is lost', { timeout: 300_000 }, async () => {
    await using depot = await openDepot(engine, SHELVES)
    const names = Object.keys(COMMANDS)
    const pairs = names.flatMap((a, n) => names.slice(n).map((b) => [a, b] as const))
    // All pairs on SQLite, where they are quick; every third on PostgreSQL.
    for (const [a, b] of pairs.filter((_, n) => engine === 'sqlite' || n % 3 === 0)) {
      await depot.made('POST /api/v1/inventory/bulk-adjust', {
        adjustments: ['EAST', 'WEST'].map((location_id) => ({
          item_number: 'MUG',
          location_id,
          quantity_delta: 3,
          reason: 'received',
        })),
      })
      const { order, items } = await depot.worked({ MUG: 3 })
      const made = { order, one: items[0] }
      const run = (name: string) => (COMMANDS[name] as (typeof COMMANDS)[string])(depot, made)
      const answers = await Promise.all([run(a), run(b)])
      assert.deepEqual(faults(answers.flatMap((answer) => answer ?? [])), [], `${a}, ${b}`)
      const now = (await depot.ask(`GET /api/v1/orders/${order.id}`)).data
      const left = (await depot.work(order)).flatMap((one: any) => one.items)
      const units = left.reduce(
        (n: number, line: any) => n + line.quantity - line.shipped_quantity,
        0,
      )
      const shipped = left.reduce((n: number, line: any) => n + line.shipped_quantity, 0)
      const unrouted = (await depot.unrouted(order)).reduce(
        (n: number, u: any) => n + u.quantity,
        0,
      )
      const [line] = now.items
      const open = line.quantity - line.cancelled_quantity - line.fulfilled_quantity
      assert.equal(units + unrouted, open, `${a}, ${b}: ${JSON.stringify(left)}`)
      assert.ok(shipped <= line.fulfilled_quantity, `${a}, ${b}`)
      // Units without work may be held anywhere; all others where their work is.
      if (unrouted === 0) {
        const work = await depot.work(order)
        assert.deepEqual(await depot.held(order), placesOf(work, depot), `${a}, ${b}`)
      }
    }
    assert.deepEqual(await depot.violations(), [])
  })
})

function placesOf(work: any[], depot: Depot): Record<string, number> {
  const held: Record<string, number> = {}
  for (const [place, units] of leftOf(work, depot.places) as [string, Record<string, number>][]) {
    held[place] = (held[place] ?? 0) + Object.values(units).reduce((a, b) => a + b, 0)
  }
  return held
}

onEveryEngine('pickers at once', (engine) => {
  it('on one list pick each unit once', async () => {
    await using depot = await openDepot(engine, SHELVES)
    await Promise.all(times(3, () => depot.place({ MUG: 2 })))
    await depot.relay()
    const list = await depot.made('POST /api/v1/pick-lists', { location_id: 'EAST' })
    assert.equal(list.left_quantity, 6)
    const scan = () => depot.ask(`POST /api/v1/pick-lists/${list.id}/scan`, { code: 'MUG' })
    const answers = await Promise.all(times(10, scan))
    assert.deepEqual(faults(answers), [])
    assert.equal(count(answers, 200), 6)
    const now = (await depot.ask(`GET /api/v1/pick-lists/${list.id}`)).data
    assert.deepEqual([now.status, now.picked_quantity], ['finished', 6])
    const names = await depot.events()
    assert.equal(names.filter((name) => name === 'pick_list.status_changed').length, 2)
    assert.deepEqual(await depot.violations(), [])
  })

  it('who make lists of the same work share it without a unit on two of them', async () => {
    await using depot = await openDepot(engine, SHELVES)
    await Promise.all(times(6, () => depot.place({ MUG: 1, TEA: 1 })))
    await depot.relay()
    const make = () => depot.ask('POST /api/v1/pick-lists', { location_id: 'EAST', orders_max: 4 })
    const answers = await Promise.all(times(5, make))
    assert.deepEqual(faults(answers), [])
    assert.equal(count(answers, 201) + count(answers, 422), 5)
    const units = answers.reduce((n, { data }) => n + (data?.quantity ?? 0), 0)
    assert.ok(units <= 12, `${units} units are on lists`)
    await make()
    await make()
    const { data } = await depot.ask('GET /api/v1/pick-lists')
    assert.equal(
      data.items.reduce((n: number, list: any) => n + list.quantity, 0),
      12,
    )
    assert.deepEqual(await depot.violations(), [])
  })

  it('end a list that is finished, cancelled and picked at once, once', async () => {
    await using depot = await openDepot(engine, SHELVES)
    for (let n = 0; n < 4; n++) {
      const { order } = await depot.worked({ MUG: 2 })
      const list = await depot.made('POST /api/v1/pick-lists', { location_id: 'EAST' })
      const on = (verb: string, body: object = {}) =>
        depot.ask(`POST /api/v1/pick-lists/${list.id}/${verb}`, body)
      const item_id = list.items[0].id
      const answers = await Promise.all([
        on('scan', { code: 'MUG' }),
        on('finish', { leave_rest: true }),
        on('cancel'),
        on('short', { item_id, quantity: 1, reason: 'other', outcome: 'reroute' }),
        depot.ask(`POST /api/v1/orders/${order.id}/cancel`),
      ])
      assert.deepEqual(faults(answers), [])
      assert.equal(count(answers.slice(4), 200), 1)
      const now = (await depot.ask(`GET /api/v1/pick-lists/${list.id}`)).data
      assert.ok(['finished', 'cancelled'].includes(now.status))
      assert.equal(now.left_quantity, 0)
    }
    assert.deepEqual(await depot.violations(), [])
  })

  it('make the work of one order once, however many ask for it', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const order = await depot.place({ MUG: 3, TEA: 1 })
    const answers = await Promise.all([
      ...times(5, () => depot.ask(`POST /api/v1/orders/${order.id}/route`)),
      depot.ask(`POST /api/v1/orders/${order.id}/pick`),
      depot.relay().then(() => ({ status: 200, body: {} }) as Answer),
    ])
    assert.deepEqual(faults(answers), [])
    const work = await depot.work(order)
    assert.deepEqual(leftOf(work, depot.places), [['EAST', { MUG: 3, TEA: 1 }]])
    assert.deepEqual(await depot.violations(), [])
  })
})
