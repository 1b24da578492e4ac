import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '#kit/ids'
import { planRefund, type Refundable, type RefundableLine, type Share } from '../refunds/plan.ts'
import { refundStatus } from '../refunds/reactions.ts'

const NOTHING: Share = { quantity: 0, amount: 0, tax_amount: 0 }

/** The same numbers for the same seed. */
function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const lineOf = (share: Share): RefundableLine => ({
  ...share,
  line_id: newId('order_line', 1),
  sku: 'MUG',
  is_taxed: true,
  fulfilled_quantity: share.quantity,
  refunded: NOTHING,
})

const plain = (lines: RefundableLine[], more: Partial<Refundable> = {}): Refundable => ({
  currency: 'USD',
  lines,
  shipping: { amount: 0, refunded_amount: 0 },
  payments: [{ payment_id: newId('payment', 1), amount: 1_000_000_000 }],
  credited_amount: 0,
  ...more,
})

/** Refunds some units and remembers it. */
function refundUnits(line: RefundableLine, units: number): Share {
  const { lines } = planRefund(plain([line]), {
    units: new Map([[line.line_id, units]]),
    goodwill_amount: 1,
  })
  const [planned] = lines
  assert.ok(planned)
  const share = { quantity: units, amount: planned.amount, tax_amount: planned.tax_amount ?? 0 }
  line.refunded = plus(line.refunded, share, 1)
  return share
}

const plus = (a: Share, b: Share, sign: 1 | -1): Share => ({
  quantity: a.quantity + sign * b.quantity,
  amount: a.amount + sign * b.amount,
  tax_amount: a.tax_amount + sign * b.tax_amount,
})

describe('a refund of units', () => {
  it('comes to the same unit by unit, in any portions, and at once: to the cent', () => {
    const next = random(7)
    for (let round = 0; round < 500; round++) {
      const quantity = 1 + next(9)
      const amount = next(5000)
      const line = lineOf({ quantity, amount, tax_amount: next(amount + 1) })
      while (line.refunded.quantity < quantity) {
        const before = line.refunded
        const { amount, tax_amount } = refundUnits(
          line,
          1 + next(quantity - line.refunded.quantity),
        )
        assert.ok(amount >= 0 && tax_amount >= 0 && tax_amount <= amount)
        assert.ok(before.amount + amount <= line.amount)
      }
      assert.equal(line.refunded.amount, line.amount)
      assert.equal(line.refunded.tax_amount, line.tax_amount)
    }
  })

  it('leaves no cent behind when a refund in between fails', () => {
    const next = random(11)
    for (let round = 0; round < 500; round++) {
      const quantity = 2 + next(8)
      const amount = next(3000)
      const line = lineOf({ quantity, amount, tax_amount: next(amount + 1) })
      const standing: Share[] = []
      while (line.refunded.quantity < quantity) {
        standing.push(refundUnits(line, 1 + next(quantity - line.refunded.quantity)))
        if (standing.length > 1 && next(4) === 0) {
          const [bounced] = standing.splice(next(standing.length), 1)
          line.refunded = plus(line.refunded, bounced as Share, -1)
        }
        assert.ok(line.refunded.amount <= line.amount)
      }
      assert.equal(line.refunded.amount, line.amount)
    }
  })

  it('is refused beyond the units that are left, and beyond what was paid', () => {
    const line = lineOf({ quantity: 3, amount: 1000, tax_amount: 0 })
    const units = new Map([[line.line_id, 4]])
    assert.throws(() => planRefund(plain([line]), { units }), {
      code: 'ORDER_REFUND_EXCEEDS_UNITS',
    })
    const poor = plain([line], { payments: [{ payment_id: newId('payment', 1), amount: 999 }] })
    assert.throws(() => planRefund(poor, {}), { code: 'ORDER_REFUND_EXCEEDS_PAID' })
    const done = { ...line, refunded: { quantity: 3, amount: 1000, tax_amount: 0 } }
    assert.throws(() => planRefund(plain([done]), {}), { code: 'ORDER_NOTHING_TO_REFUND' })
  })

  it('goes back by the payments in their order, each as far as it reaches', () => {
    const line = lineOf({ quantity: 1, amount: 1000, tax_amount: 0 })
    const [a, b, c] = [1, 2, 3].map((ms) => newId('payment', ms)) as [never, never, never]
    const payments = [300, 600, 500].map((amount, nth) => ({
      payment_id: [a, b, c][nth] as never,
      amount,
    }))
    assert.deepEqual(planRefund(plain([line], { payments }), {}).parts, [
      { payment_id: a, amount: 300 },
      { payment_id: b, amount: 600 },
      { payment_id: c, amount: 100 },
    ])
  })

  it('with nothing named is everything that is left, shipping too, and no more', () => {
    const line = lineOf({ quantity: 3, amount: 1000, tax_amount: 76 })
    refundUnits(line, 1)
    const shipping = { amount: 500, refunded_amount: 0 }
    const all = planRefund(plain([line], { shipping }), {})
    assert.deepEqual([all.items_amount, all.shipping_amount, all.amount], [667, 500, 1167])
    const half = plain([line], { shipping: { amount: 500, refunded_amount: 500 } })
    assert.equal(planRefund(half, {}).shipping_amount, 0)
    assert.equal(planRefund(plain([line], { shipping }), { goodwill_amount: 5 }).amount, 5)
  })
})

it('a refund stands as its parts do', () => {
  const of = (...parts: ('pending' | 'succeeded' | 'failed')[]) =>
    refundStatus(parts.map((status) => ({ status })))
  assert.equal(of('succeeded', 'pending'), 'pending')
  assert.equal(of('succeeded', 'succeeded'), 'succeeded')
  assert.equal(of('succeeded', 'failed'), 'partly_failed')
  assert.equal(of('failed', 'failed'), 'failed')
})
