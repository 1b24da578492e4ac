import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { Shelves, type Spot } from '../keeping/shelves.ts'

const SHELF = { item_id: 'item', location_id: 'here', state: 'sellable' } as never
const TODAY = '2026-11-21'

const spot = fc.record({
  lot_id: fc.constantFrom('l1', 'l2', 'l3', 'l4'),
  bin_id: fc.constantFrom(null, 'b1', 'b2'),
  quantity: fc.nat(5),
})
const DAYS: Record<string, string | null> = {
  l1: '2027-01-01',
  l2: '2026-11-20',
  l3: null,
  l4: '2026-12-01',
}
const BLOCKED = 'l4'

const asSpot = ({
  lot_id,
  bin_id,
  quantity,
}: {
  lot_id: string
  bin_id: string | null
  quantity: number
}) =>
  ({
    ...(SHELF as object),
    lot_id,
    bin_id,
    quantity,
    expires_on: DAYS[lot_id],
    blocked_at: lot_id === BLOCKED ? '2026-11-01T00:00:00.000Z' : null,
    bin_type: bin_id === 'b1' ? 'picking' : bin_id && 'storage',
    pick_sequence: bin_id && 1,
    bin_code: bin_id,
  }) as unknown as Spot

// Goal: whatever lies there, a choice is right by its definition. Method: random shelves, and the
// definition checked over all places one by one.
it('takes all that is wanted if it is there, never what is bad, and nothing before what expires first', () => {
  const places = fc.uniqueArray(spot, { selector: ({ lot_id, bin_id }) => `${bin_id}/${lot_id}` })
  const wanted = fc.record({ quantity: fc.nat(20), strict: fc.boolean() })
  fc.assert(
    fc.property(places, wanted, (lying, { quantity, strict }) => {
      const spots = lying.map(asSpot)
      const good_on = strict ? TODAY : undefined
      const chosen = new Shelves(spots).choose(SHELF, { quantity, good_on })
      const eligible = spots.filter(
        ({ expires_on, blocked_at }) =>
          !strict || (blocked_at === null && (expires_on === null || expires_on >= TODAY)),
      )
      const left = new Map(eligible.map((one) => [`${one.bin_id}/${one.lot_id}`, one.quantity]))
      for (const one of chosen) {
        const key = `${one.bin_id}/${one.lot_id}`
        left.set(key, (left.get(key) ?? Number.NEGATIVE_INFINITY) - one.quantity)
      }
      assert.ok([...left.values()].every((rest) => rest >= 0))
      const there = eligible.reduce((sum, one) => sum + one.quantity, 0)
      const taken = chosen.reduce((sum, one) => sum + one.quantity, 0)
      assert.equal(taken, Math.min(quantity, there))
      const dayOf = (lot: string | null) => DAYS[lot ?? ''] ?? '9999-12-31'
      const latest =
        chosen
          .map(({ lot_id }) => dayOf(lot_id))
          .sort()
          .at(-1) ?? ''
      for (const [key, rest] of left) {
        if (rest > 0) assert.ok(dayOf(key.split('/')[1] ?? '') >= latest)
      }
    }),
  )
})

it('takes the same from the same shelf in whatever order it was read', () => {
  const places = fc.uniqueArray(spot, { selector: ({ lot_id, bin_id }) => `${bin_id}/${lot_id}` })
  fc.assert(
    fc.property(places, fc.nat(20), (lying, quantity) => {
      const spots = lying.map(asSpot)
      const choose = (from: Spot[]) => new Shelves(from).choose(SHELF, { quantity })
      assert.deepEqual(choose(spots), choose(spots.toReversed()))
    }),
  )
})

it('sees in each choice what the ones before it have taken', () => {
  const shelves = new Shelves([asSpot({ lot_id: 'l1', bin_id: null, quantity: 3 })])
  shelves.change({ ...(SHELF as object), bin_id: null, lot_id: 'l1' } as never, -2)
  assert.equal(shelves.choose(SHELF, { quantity: 3 })[0]?.quantity, 1)
  shelves.change({ ...(SHELF as object), bin_id: null, lot_id: 'l1' } as never, 2)
  assert.deepEqual(shelves.changes(), [])
})
