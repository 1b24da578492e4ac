import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { EasyPostDouble } from '../../../../tests/doubles/easypost/server.ts'
import { sweepLabels } from '../index.ts'
import { dockIn, dockOf, makerOf } from './dock.ts'

/** Where a purchase can be cut off, in the order in which it comes by. */
const BUYING: Record<string, Moment> = {
  'before the purchase is committed': { commit: 1 },
  'before the carrier is asked': { before: 'buy' },
  'after the label was sold': { after: 'buy' },
  'before the answer is committed': { commit: 2 },
  'before the end is committed': { commit: 3 },
  'before the answer is told': 'told',
}
/** Where shipping can be. */
const SHIPPING: Record<string, Moment> = {
  'before it is committed': { commit: 1 },
  'before it is told': 'told',
}
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
/** The first case waits until all have died. */
const PATIENT = { timeout: 180_000 }

/** A pretended EasyPost, and the settings of every process that asks it. */
async function openEasyPost() {
  const easypost = await EasyPostDouble.open()
  const settings = {
    table_carrier: false,
    easypost_api_key: 'EZTKtest',
    easypost_url: easypost.url,
    carrier_timeout_ms: 3000,
  }
  return { easypost, settings, [Symbol.asyncDispose]: () => easypost[Symbol.asyncDispose]() }
}

// Goal: whenever the server dies while it buys a label or ships, there is exactly one label, and
// stock, order and shipment agree. Method: a process of its own is killed at each step; then
// another house opens the database, time passes, the sweeper works, and the caller asks again.
onEveryEngine('a server that dies', (engine) => {
  const dying = deathsIn(engine, {
    beside: openEasyPost,
    async prepare(house) {
      const dock = await dockIn(house)
      const order = await dock.place({ MUG: 2 })
      const { id } = await dock.create(order)
      const { places, customer_id } = dock
      return { id: id as string, order_id: order.id as string, places, customer_id }
    },
  })

  for (const [step, at] of Object.entries(BUYING)) {
    for (const again of ['the same key', 'the sweeper'] as const) {
      const key = randomUUID()
      const died = dying(at, ({ id }) => ({
        route: `POST /api/v1/shipments/${id}/label`,
        ...keyed(key),
      }))
      it(`while it buys a label, ${step}: ${again} ends with one label`, PATIENT, async () => {
        const { shop, beside, url, settings } = await died()
        const { id } = shop
        await using house = await openHouse(engine, { at: url, settings })
        await letTimePass(engine, url)
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        if (again === 'the sweeper') await sweepLabels(systemProcess(house.app))
        const more = keyed(again === 'the same key' ? key : randomUUID())
        const asked = await house.ask(`POST /api/v1/shipments/${id}/label`, {}, more)
        // What the sweeper has ended is there: another call need not, and may not, buy it again.
        const begun = step !== 'before the purchase is committed'
        const expected = again === 'the sweeper' && begun ? 409 : 201
        assert.equal(asked.status, expected, JSON.stringify(asked.body))

        const { items } = (await house.ask(`GET /api/v1/shipments/${id}/labels`)).data
        assert.deepEqual(
          items.map((label: any) => label.state),
          ['bought'],
        )
        assert.equal(beside.easypost.books.sold, 1)
        const { status, tracking_number } = (await house.ask(`GET /api/v1/shipments/${id}`)).data
        assert.deepEqual([status, tracking_number], ['Ready to Ship', items[0].tracking_number])
        assert.deepEqual(await house.violations(), [])
      })
    }
  }

  for (const [step, at] of Object.entries(SHIPPING)) {
    const key = randomUUID()
    const route = (id: string) => `POST /api/v1/shipments/${id}/ship`
    const died = dying(at, ({ id }) => ({ route: route(id), ...keyed(key) }))
    it(`while it ships, ${step}: asked again it has shipped once`, PATIENT, async () => {
      const { shop, url, settings } = await died()
      await using house = await openHouse(engine, { at: url, settings })
      const dock = dockOf(house, { ...shop, made: makerOf(house) })
      await letTimePass(engine, url)
      assert.deepEqual(await house.violations(), [], 'right after the crash')
      const shipped = await house.ask(route(shop.id), {}, keyed(key))

      assert.equal(shipped.data?.status, 'Shipped', JSON.stringify(shipped.body))
      assert.deepEqual(await dock.stock('MUG'), { EAST: [98, 0] })
      assert.equal(await dock.standing(shop.order_id), 'shipped fulfilled')
      assert.deepEqual(await house.violations(), [])
    })
  }
})
