import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { paidShare } from '../changes/paid-share.ts'

const money = fc.integer({ min: 0, max: 2 ** 45 })

describe('what units that leave an order take along of its money', () => {
  it('is what they cost where all is paid, and never more than is there or than they cost', () => {
    fc.assert(
      fc.property(money, money, money, money, (owed, part, taken, gone) => {
        const leaving = Math.min(part, owed)
        const left = Math.max(0, taken - gone)
        const share = paidShare({ owed, taken, left }, leaving)
        if (share === undefined) return taken >= owed && leaving > left
        const isWhole = taken >= owed
        return (
          Number.isSafeInteger(share) &&
          share >= 0 &&
          share <= left &&
          share <= leaving &&
          (!isWhole || share === (taken === 0 ? 0 : leaving))
        )
      }),
      { numRuns: 500 },
    )
  })

  it('is paid on both sides exactly where it was paid before', () => {
    fc.assert(
      fc.property(money, money, money, (owed, part, taken) => {
        const leaving = Math.min(part, owed)
        const share = paidShare({ owed, taken, left: taken }, leaving) as number
        const paid = taken >= owed
        return (taken - share >= owed - leaving && share >= leaving) === paid
      }),
      { numRuns: 500 },
    )
  })

  it('is a share of what is left where a part was paid, rounded down', () => {
    assert.equal(paidShare({ owed: 1001, taken: 500, left: 500 }, 333), 166)
    assert.equal(paidShare({ owed: 1001, taken: 500, left: 100 }, 333), 33)
    assert.equal(paidShare({ owed: 1001, taken: 0, left: 0 }, 333), 0)
    assert.equal(paidShare({ owed: 1001, taken: 1001, left: 333 }, 333), 333)
    assert.equal(paidShare({ owed: 1001, taken: 1001, left: 332 }, 333), undefined)
  })
})
