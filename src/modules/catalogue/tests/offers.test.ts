import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { breaksNow, type Prices, runningSale, steadyAround, unitPriceOf } from '../offers.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()
const prices = (more: Partial<Prices> = {}): Prices => ({
  regular_amount: 1000,
  breaks: [],
  sales: [],
  ...more,
})
const sale = (amount: number, from: number, until: number, min_quantity = 1) => ({
  amount,
  min_quantity,
  starts_at: at(from),
  ends_at: at(until),
})
const costs = (of: Prices, quantity: number, hour: number) => {
  const { unit_amount, reason } = unitPriceOf({ prices: of }, quantity, at(hour)) ?? assert.fail()
  return [unit_amount, reason]
}

describe('a unit', () => {
  it('costs its regular price where nothing is offered', () => {
    assert.deepEqual(costs(prices(), 1, 0), [1000, 'regular'])
    assert.equal(unitPriceOf({ prices: null }, 1, at(0)), undefined)
  })

  it('costs less from the quantity of a break on', () => {
    const of = prices({ breaks: [{ min_quantity: 10, amount: 900 }] })
    assert.deepEqual(costs(of, 9, 0), [1000, 'regular'])
    assert.deepEqual(costs(of, 10, 0), [900, 'quantity_break'])
  })

  it('costs the sale price from the instant it begins, and no longer when it ends', () => {
    const of = prices({ sales: [sale(700, 2, 4)] })
    const told = [1, 2, 3, 4].map((hour) => costs(of, 1, hour)[0])
    assert.deepEqual(told, [1000, 700, 700, 1000])
  })

  it('costs the lowest of what overlaps; a higher sale changes nothing', () => {
    const of = prices({
      breaks: [{ min_quantity: 5, amount: 650 }],
      sales: [sale(700, 0, 9), sale(600, 3, 5), sale(800, 0, 9), sale(500, 0, 9, 20)],
    })
    assert.deepEqual(costs(of, 1, 2), [700, 'sale'])
    assert.deepEqual(costs(of, 1, 4), [600, 'sale'])
    assert.deepEqual(costs(of, 5, 2), [650, 'quantity_break'])
    assert.deepEqual(costs(of, 20, 2), [500, 'sale'])
    assert.deepEqual(breaksNow(of, at(2)), [
      { min_quantity: 5, amount: 650 },
      { min_quantity: 20, amount: 500 },
    ])
    assert.deepEqual(breaksNow(of, at(9)), [{ min_quantity: 5, amount: 650 }])
  })

  it('costs the same whatever the order of the offers, and never more for more of them', () => {
    const random = seeded(7)
    const upTo = (n: number) => Math.floor(random() * n)
    for (let round = 0; round < 2_000; round++) {
      const of = prices({
        breaks: many(upTo(4), () => ({ min_quantity: 2 + upTo(12), amount: 500 + upTo(8) * 100 })),
        sales: many(upTo(5), () => {
          const from = upTo(20)
          return sale(500 + upTo(8) * 100, from, from + 1 + upTo(9), 1 + upTo(3) * upTo(5))
        }),
      })
      const turned = { ...of, breaks: of.breaks.toReversed(), sales: of.sales.toReversed() }
      const hour = upTo(30)
      let last = Number.POSITIVE_INFINITY
      for (let quantity = 1; quantity <= 15; quantity++) {
        const price = unitPriceOf({ prices: of }, quantity, at(hour)) ?? assert.fail()
        assert.equal(price.unit_amount, cheapest(of, quantity, at(hour)))
        assert.deepEqual(price, unitPriceOf({ prices: turned }, quantity, at(hour)))
        assert.ok(price.unit_amount <= last)
        last = price.unit_amount
      }
      assert.deepEqual(runningSale(of, at(hour)), runningSale(turned, at(hour)))
      holdsAround(of, hour)
    }
  })
})

/** The answer by listing every price that one might pay. */
function cheapest({ regular_amount, breaks, sales }: Prices, quantity: number, now: string) {
  const reached = [...breaks, ...sales.filter((s) => s.starts_at <= now && s.ends_at > now)]
  const amounts = reached.filter((one) => one.min_quantity <= quantity).map((one) => one.amount)
  return Math.min(regular_amount, ...amounts)
}

/** Until the instant that is told, and since the one before, nothing changes. */
function holdsAround(of: Prices, hour: number): void {
  const { since, until } = steadyAround([{ EUR: of as never }], at(hour))
  for (let other = 0; other < 32; other++) {
    const isWithin = (!since || at(other) >= since) && (!until || at(other) < until)
    if (isWithin) assert.deepEqual(costs(of, 3, other), costs(of, 3, hour))
  }
}

const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
