import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '#kit/ids'
import { amountOfUnits } from '#modules/pricing'
import type { PolicyRow } from '../policies/tables.ts'
import { policyFor } from '../policies/terms.ts'
import { lotsOf } from '../stock.ts'
import { worthOf } from '../worth.ts'

/** The same numbers for the same seed. */
function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const NO_LABEL = { amount: 0, taken_amount: 0 }

describe('what returned units are worth', () => {
  it('is their share less fees, and comes to the same unit by unit as at once (I-42)', () => {
    const next = random(11)
    for (let round = 0; round < 2000; round++) {
      const units = 1 + next(12)
      const total = next(20_000)
      const terms = { fee_ppm: next(1_000_001), fee_unit_amount: next(3) === 0 ? next(500) : 0 }
      const share = (from: number, to: number) =>
        amountOfUnits(total, to, units) - amountOfUnits(total, from, units)
      const line = (from: number, to: number) => ({
        key: 'a',
        quantity: to - from,
        amount: share(from, to),
        ...terms,
        before: { quantity: from, amount: share(0, from) },
      })
      const whole = worthOf([line(0, units)], NO_LABEL)
      assert.ok(whole.due_amount >= 0 && whole.due_amount <= total)
      let [done, fees, due] = [0, 0, 0]
      while (done < units) {
        const to = Math.min(units, done + 1 + next(3))
        const part = worthOf([line(done, to)], NO_LABEL)
        assert.ok(part.due_amount >= 0, JSON.stringify(part))
        fees += part.fee_amount
        due += part.due_amount
        done = to
      }
      assert.deepEqual([fees, due], [whole.fee_amount, whole.due_amount])
    }
  })

  it('keeps the label back once, and never more than is there', () => {
    const line = (amount: number) => ({
      key: 'a',
      quantity: 1,
      amount,
      fee_ppm: 0,
      fee_unit_amount: 0,
      before: { quantity: 0, amount: 0 },
    })
    const label = (taken_amount: number) => ({ amount: 650, taken_amount })
    assert.deepEqual(worthOf([line(500)], label(0)).due_amount, 0)
    assert.deepEqual(worthOf([line(500)], label(0)).label_fee_amount, 500)
    assert.deepEqual(worthOf([line(500)], label(500)).due_amount, 350)
    assert.deepEqual(worthOf([line(500)], label(650)).due_amount, 500)
  })
})

describe('the policy for a line', () => {
  const [reason_id, category_id] = [newId('return_reason', 1), newId('category', 1)]
  const policy = (more: Partial<PolicyRow>): PolicyRow => ({
    id: newId('return_policy', 1),
    name: '',
    reason_id: null,
    category_id: null,
    priority: 0,
    is_returnable: true,
    window_days: null,
    label_paid_by: null,
    fee_ppm: null,
    fee_unit_amount: null,
    fee_currency: null,
    archived_at: null,
    created_at: '',
    updated_at: '',
    ...more,
  })

  it('is the closest: both, the reason, the category, everything; then the higher priority', () => {
    const all = policy({ name: 'all', priority: 9 })
    const category = policy({ name: 'category', category_id, priority: 1 })
    const other = policy({ name: 'other', category_id, priority: 2 })
    const reason = policy({ name: 'reason', reason_id })
    const both = policy({ name: 'both', reason_id, category_id })
    const every = [all, category, other, reason, both]
    const place = { reason_id, categories: [category_id] }
    assert.equal(policyFor(every, place)?.name, 'both')
    assert.equal(policyFor(every, { ...place, categories: [] })?.name, 'reason')
    assert.equal(policyFor(every, { ...place, reason_id: null })?.name, 'other')
    assert.equal(policyFor(every, { reason_id: null, categories: [] })?.name, 'all')
    assert.equal(policyFor([both], { reason_id: null, categories: [] }), undefined)
  })
})

describe('the lots of units that were looked at', () => {
  it('are those that follow on the ones before, with their serial numbers', () => {
    const lots = [
      { quantity: 2, serial_numbers: ['A', 'B'] },
      { quantity: 3, serial_numbers: ['C', 'D', 'E'] },
    ]
    assert.deepEqual(lotsOf(lots, 0, 1), [{ quantity: 1, serial_numbers: ['A'] }])
    assert.deepEqual(lotsOf(lots, 1, 3), [
      { quantity: 1, serial_numbers: ['B'] },
      { quantity: 2, serial_numbers: ['C', 'D'] },
    ])
    assert.deepEqual(lotsOf(lots, 4, 1), [{ quantity: 1, serial_numbers: ['E'] }])
    assert.equal(lotsOf(null, 0, 1), undefined)
  })
})
