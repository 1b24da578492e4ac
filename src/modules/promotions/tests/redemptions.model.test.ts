import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Engine } from '#platform/database/database'
import { type House, onEveryEngine, openHouse } from '#testing'
import { made, ordersIds, people, promote, takeBack, usage, use } from './desk.ts'

// Goal: no sequence of uses, returns, limits and pauses makes a promotion count otherwise than a
// few lines in memory do.
// Method: play random steps in one house, each history with a promotion of its own; compare what
// each step answers, and the count and the invariants after all of them.

const RUNS: Record<Engine, number> = { sqlite: 60, postgres: 12 }
const BUYERS = 3
const ORDERS = 8

const limit = fc.option(fc.integer({ min: 1, max: 5 }))
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      order: fc.nat(ORDERS - 1),
      code: fc.constantFrom('main' as const, 'drawn' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('back' as const), order: fc.nat(ORDERS - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('limit' as const), all: limit, each: limit }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('activate' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Who used what: all that the limits are about. */
class Model {
  readonly #uses = new Map<number, { code: string; live: boolean }>()
  #status = 'active'
  #all: number | null = null
  #each: number | null = null

  play(step: Step): string {
    if (step.do === 'use') return this.#use(step.order, step.code)
    if (step.do === 'back') return this.#back(step.order)
    if (step.do === 'limit') return this.#limit(step.all, step.each)
    const next = step.do === 'pause' ? 'paused' : 'active'
    if (this.#status === next) return `PROMOTION_CANNOT_${step.do.toUpperCase()}`
    this.#status = next
    return 'done'
  }

  get live(): [order: number, code: string][] {
    return [...this.#uses].flatMap(([order, { code, live }]) => (live ? [[order, code]] : []))
  }

  #ofBuyer = (buyer: number) => this.live.filter(([order]) => order % BUYERS === buyer).length

  #use(order: number, code: string): string {
    const known = this.#uses.get(order)
    if (known) return known.live ? 'done' : 'COUPON_GIVEN_BACK'
    if (this.#status !== 'active') return 'COUPON_REFUSED'
    const full =
      this.live.length >= (this.#all ?? Number.POSITIVE_INFINITY) ||
      this.#ofBuyer(order % BUYERS) >= (this.#each ?? Number.POSITIVE_INFINITY) ||
      (code === 'drawn' && this.live.some(([, one]) => one === code))
    if (full) return 'COUPON_USED_UP'
    this.#uses.set(order, { code, live: true })
    return 'done'
  }

  #back(order: number): string {
    const known = this.#uses.get(order)
    if (known) known.live = false
    return 'done'
  }

  #limit(all: number | null, each: number | null): string {
    const most = Math.max(...Array.from({ length: BUYERS }, (_, buyer) => this.#ofBuyer(buyer)))
    if (all !== null && this.live.length > all) return 'PROMOTION_LIMIT_BELOW_USAGE'
    if (each !== null && most > each) return 'PROMOTION_LIMIT_BELOW_USAGE'
    this.#all = all
    this.#each = each
    return 'done'
  }
}

async function playIn(house: House, customers: readonly string[], steps: readonly Step[]) {
  const { id } = await promote(house, { code: `C${await nextNumber(house)}` })
  const { code: main } = await made(house, `GET /api/v1/promotions/${id}`)
  const drawn = await made(house, `POST /api/v1/promotions/${id}/codes`, { count: 1 })
  const codes = { main, drawn: drawn.items[0].code }
  const orders = await ordersIds(house, ORDERS)
  const ask = async (route: string, body?: object) => {
    const { status, error } = await house.ask(route, body)
    return status < 300 ? 'done' : error.code
  }
  const told: string[] = []
  for (const step of steps) {
    if (step.do === 'use') {
      const order_id = orders[step.order] as string
      const customer_id = customers[step.order % BUYERS] as string
      told.push(
        await use(house, { order_id, customer_id, discounts: [{ id, code: codes[step.code] }] }),
      )
    } else if (step.do === 'back') told.push(await takeBack(house, orders[step.order] as string))
    else if (step.do === 'limit') {
      const limits = { usage_limit: step.all, usage_limit_per_customer: step.each }
      told.push(await ask(`PUT /api/v1/promotions/${id}`, limits))
    } else told.push(await ask(`POST /api/v1/promotions/${id}/${step.do}`))
  }
  return { told, times_redeemed: (await usage(house, id)).times_redeemed }
}

/** A number that no other promotion of the house has in its code. */
const nextNumber = async (house: House) => (await ordersIds(house, 1))[0]

onEveryEngine('any sequence of uses, returns and limits', (engine) => {
  it('goes as the model says, and breaks no invariant', async () => {
    await using house = await openHouse(engine)
    const customers = await people(house, BUYERS)
    const history = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' })
    const property = fc.asyncProperty(history, async (steps) => {
      const model = new Model()
      const expected = steps.map((one) => model.play(one))
      const { told, times_redeemed } = await playIn(house, customers, steps)
      assert.deepEqual(told, expected)
      assert.equal(times_redeemed, model.live.length)
      assert.deepEqual(await house.violations(), [])
    })
    await fc.assert(property, { numRuns: RUNS[engine], interruptAfterTimeLimit: 30_000 })
  })
})
