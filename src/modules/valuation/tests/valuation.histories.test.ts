import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { consumeUnits, reserveStock } from '#modules/inventory'
import type { Engine } from '#platform/database/database'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './shop.ts'

// Goal: no sequence of receipts, shipments, finds, losses, transfers and revaluations leaves a
// value that a list of units in memory does not have, to the cent, now and at every instant before.
// Method: play random steps on one item, compare both values after each, and all at the end.

const RUNS: Record<Engine, number> = { sqlite: 25, postgres: 4 }

const quantity = fc.integer({ min: 1, max: 7 })
const cents = fc.integer({ min: 0, max: 999 })
const make = <D extends string>(verb: D, facts: object = {}) =>
  fc.record({ do: fc.constant(verb), quantity, ...facts })
const step = fc.oneof(
  { weight: 4, arbitrary: make('receive', { cost: fc.option(cents) }) },
  { weight: 4, arbitrary: make('ship') },
  { weight: 2, arbitrary: make('lose') },
  { weight: 2, arbitrary: make('find') },
  { weight: 2, arbitrary: make('transfer', { lost: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 1, arbitrary: make('revalue', { cost: cents }) },
)
type Step = { do: string; quantity: number; cost?: number | null; lost?: number }

/** Half up, the slow way: how often the doubled divisor fits. */
const share = (amount: number, part: number, whole: number): number =>
  Math.floor((2 * amount * part + whole) / (2 * whole))

/** The units of one item: how many, what they are worth together, and receipt by receipt. */
class Model {
  units = 0
  average = 0
  last: number | null = null
  layers: { units: number; worth: number }[] = []
  isKnown = false

  get fifo(): number {
    return this.layers.reduce((sum, { worth }) => sum + worth, 0)
  }

  add(units: number, cost: number | null): void {
    let worth = 0
    if (cost !== null) {
      worth = cost * units
      this.last = cost
      this.isKnown = true
    } else if (this.units > 0 && this.average > 0) worth = share(this.average, units, this.units)
    else if (this.last !== null) worth = this.last * units
    this.layers.push({ units, worth })
    this.average += worth
    this.units += units
  }

  take(units: number): void {
    this.average -= share(this.average, units, this.units)
    this.units -= units
    let open = units
    for (const layer of this.layers) {
      const taken = Math.min(open, layer.units)
      if (taken === 0) continue
      layer.worth -= share(layer.worth, taken, layer.units)
      layer.units -= taken
      open -= taken
    }
    this.layers = this.layers.filter((layer) => layer.units > 0)
  }

  revalue(cost: number): void {
    for (const layer of this.layers) layer.worth = cost * layer.units
    this.average = cost * this.units
    this.last = cost
    this.isKnown = true
  }

  get told(): [number, string | null, string | null] {
    const print = (amount: number) => (this.isKnown ? (amount / 100).toFixed(2) : null)
    return [this.units, print(this.average), print(this.fifo)]
  }
}

const money = (amount: number) => (amount / 100).toFixed(2)

/** Plays a step if there are units for it. Units that went to EAST stay there. */
async function play(shop: Shop, model: Model, one: Step & { here: number; nth: number }) {
  const { quantity: units, cost = null, lost = 0, here, nth } = one
  if (one.do === 'receive') {
    model.add(units, cost)
    await shop.receive(units, cost === null ? undefined : money(cost))
    return here + units
  }
  if (one.do === 'revalue') {
    if (model.units === 0) return here
    model.revalue(cost ?? 0)
    await shop.make('POST /api/v1/inventory/SALT/revaluations', { unit_cost: money(cost ?? 0) })
    return here
  }
  if (one.do === 'find') {
    if (nth === 0) return here
    model.add(units, null)
    await shop.adjust(units)
    return here + units
  }
  if (units > here) return here
  if (one.do === 'transfer') {
    const gone = Math.min(lost, units)
    if (gone > 0) model.take(gone)
    await carry(shop, units, gone)
  } else {
    model.take(units)
    if (one.do === 'lose') await shop.adjust(-units)
    else await ship(shop, units, nth)
  }
  return here - units
}

async function ship(shop: Shop, quantity: number, nth: number): Promise<void> {
  const reference = { reference_type: 'basket', reference_id: `B-${nth}` }
  const item_id = shop.items.get('SALT') as never
  await shop.write(async (ctx) => {
    await reserveStock(ctx, [{ item_id, quantity }], reference)
    const location_id = shop.location_id as never
    await consumeUnits(ctx, reference, [{ item_id, location_id, quantity }])
  })
}

async function carry(shop: Shop, quantity: number, lost_quantity: number): Promise<void> {
  const lines = [{ item_number: 'SALT', quantity }]
  const between = { from_location_id: 'MAIN', to_location_id: 'EAST' }
  const { id } = await shop.make('POST /api/v1/inventory/transfers', { ...between, lines })
  await shop.make(`POST /api/v1/inventory/transfers/${id}/dispatch`, {})
  const arrived = quantity - lost_quantity
  await shop.make(`POST /api/v1/inventory/transfers/${id}/receive`, {
    lines: [
      {
        item_number: 'SALT',
        ...(arrived > 0 && { quantity: arrived }),
        ...(lost_quantity > 0 && { lost_quantity, reason: 'on the way' }),
      },
    ],
  })
}

onEveryEngine('the value of stock', (engine) => {
  it('is that of a list of units, after any history', { timeout: 300_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (history) => {
      let now = Date.parse('2026-01-01T00:00:00.000Z')
      await using shop = await openShop(engine, { clock: () => new Date(now) })
      const model = new Model()
      const seen = new Map<string, Model['told']>()
      let here = 0
      for (const [nth, one] of history.entries()) {
        now += 60_000
        here = await play(shop, model, { ...(one as Step), here, nth })
        assert.deepEqual(await shop.worth(), model.told, JSON.stringify(one))
        seen.set(new Date(now).toISOString(), model.told)
      }
      for (const [instant, told] of seen) {
        const [units, ...values] = await shop.worth(`?as_of=${instant}`)
        assert.equal(units, told[0])
        // Before its first unit an item has no currency.
        if (units > 0) assert.deepEqual(values, told.slice(1))
      }
      assert.deepEqual(await shop.house.violations(), [])
    })
    const seed = process.env.TEST_SEED
    await fc.assert(property, { numRuns: RUNS[engine], ...(seed && { seed: Number(seed) }) })
  })
})
