import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { AvailableAt } from '#modules/inventory'
import { placesFor } from '../commands/places.ts'
import { type Because, type Facts, type Refit, refit, type Work } from '../work/refit.ts'

const ITEMS = ['mug', 'tea', null]
const PLACES = ['east', 'west']

const facts = fc
  .record({
    lines: fc.array(
      fc.record({ item_id: fc.constantFrom(...ITEMS), open: fc.integer({ min: 0, max: 6 }) }),
      { minLength: 1, maxLength: 4 },
    ),
    held: fc.array(
      fc.record({ item: fc.nat(1), place: fc.nat(1), quantity: fc.integer({ min: 1, max: 6 }) }),
      { maxLength: 4 },
    ),
    awaited: fc.array(fc.record({ item: fc.nat(1), quantity: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 2,
    }),
    work: fc.array(
      fc.record({
        line: fc.nat(3),
        place: fc.nat(2),
        quantity: fc.integer({ min: 1, max: 6 }),
        picked: fc.nat(6),
        picking: fc.nat(6),
        shipped: fc.nat(6),
      }),
      { maxLength: 5 },
    ),
    fallback: fc.constantFrom('east', null),
  })
  .map((drawn) => {
    const lines = drawn.lines.map((line, n) => ({ ...line, order_line_id: `line ${n}` }))
    const unique = <T>(rows: readonly T[], key: (row: T) => string) => [
      ...new Map(rows.map((row) => [key(row), row])).values(),
    ]
    const held = drawn.held.map(({ item, place, quantity }) => ({
      item_id: ITEMS[item],
      location_id: PLACES[place],
      quantity,
      why: 'priority',
    }))
    const work = drawn.work.flatMap((one, n) => {
      const line = lines[one.line]
      if (!line) return []
      const picked = Math.min(one.picked, one.quantity)
      return [
        {
          fulfilment_order_id: `work ${n}`,
          nth: n + 1,
          order_line_id: line.order_line_id,
          item_id: line.item_id,
          // Untracked units wait for nothing.
          location_id: PLACES[one.place] ?? (line.item_id === null ? 'east' : null),
          quantity: one.quantity,
          picked_quantity: picked,
          picking_quantity: Math.min(one.picking, one.quantity - picked),
          packed_quantity: 0,
          shipped_quantity: Math.min(one.shipped, picked),
        },
      ]
    })
    return {
      lines,
      held: unique(held, (h) => `${h.item_id} ${h.location_id}`),
      awaited: unique(
        drawn.awaited.map(({ item, quantity }) => ({
          item_id: ITEMS[item],
          quantity,
          why: 'backorder',
        })),
        (a) => `${a.item_id}`,
      ),
      work,
      fallback: drawn.fallback,
    } as unknown as Facts
  })

const because = fc.constantFrom<Because[]>('ensure', 'follow', 'shipped')

/** The facts after a plan was done: routes become work of their own. */
function done(before: Facts, { shifts, routes }: Refit): Facts {
  const kept = before.work.map((work) => {
    const shift = shifts.find((one) => one.fulfilment_order_id === work.fulfilment_order_id)
    const { withdrawn = 0, shipped = 0 } = shift ?? {}
    const quantity = work.quantity - withdrawn
    const shipped_quantity = work.shipped_quantity + shipped
    const picked_quantity = Math.max(shipped_quantity, Math.min(work.picked_quantity, quantity))
    const picking_quantity = Math.min(work.picking_quantity, quantity - picked_quantity)
    return { ...work, quantity, shipped_quantity, picked_quantity, picking_quantity }
  })
  const made = routes.map((route, n) => ({
    fulfilment_order_id: `made ${n}`,
    nth: 100 + n,
    order_line_id: route.order_line_id,
    item_id: before.lines.find((line) => line.order_line_id === route.order_line_id)?.item_id,
    location_id: route.location_id,
    quantity: route.quantity,
    picking_quantity: 0,
    picked_quantity: 0,
    packed_quantity: 0,
    shipped_quantity: 0,
  })) as Work[]
  return { ...before, work: [...kept, ...made] }
}

const leftOf = ({ quantity, shipped_quantity }: Work) => quantity - shipped_quantity
const sum = (works: readonly Work[]) => works.reduce((units, work) => units + leftOf(work), 0)

function assertFits({ lines, held, awaited, work }: Facts): void {
  for (const one of work) {
    assert.ok(one.picked_quantity + one.picking_quantity <= one.quantity, JSON.stringify(one))
    assert.ok(one.shipped_quantity <= one.picked_quantity, JSON.stringify(one))
  }
  for (const { order_line_id, open } of lines) {
    const own = work.filter((one) => one.order_line_id === order_line_id)
    assert.ok(sum(own) <= open, `${order_line_id}: ${sum(own)} of ${open}`)
  }
  const tracked = work.filter(({ item_id }) => item_id !== null)
  for (const [place, own] of Map.groupBy(tracked, (w) => `${w.item_id} ${w.location_id}`)) {
    const promise =
      held.find((h) => `${h.item_id} ${h.location_id}` === place)?.quantity ??
      awaited.find((a) => `${a.item_id} null` === place)?.quantity ??
      0
    assert.ok(sum(own) <= promise, `${place}: ${sum(own)} of ${promise}`)
  }
}

describe('refitted work', () => {
  it('is within what lines need and what is promised, and loses no unit of either', () => {
    fc.assert(
      fc.property(facts, because, (before, why) => {
        const after = done(before, refit(before, why))
        assertFits(after)
        if (why !== 'ensure') return
        for (const { order_line_id, item_id, open } of after.lines) {
          const own = after.work.filter((one) => one.order_line_id === order_line_id)
          if (sum(own) === open) continue
          // Units without work: then no promise of the item is free, or there is no place at all.
          if (item_id === null) {
            assert.equal(before.fallback, null)
            continue
          }
          const promised = [...after.held, ...after.awaited]
            .filter((promise) => promise.item_id === item_id)
            .reduce((units, { quantity }) => units + quantity, 0)
          assert.equal(sum(after.work.filter((one) => one.item_id === item_id)), promised)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('is left alone where it fits, and the same however often it is asked for', () => {
    fc.assert(
      fc.property(facts, because, (before, why) => {
        assert.deepEqual(refit(before, why), refit(before, why))
        const after = done(before, refit(before, why))
        const again = refit(after, why)
        assert.deepEqual(again.shifts, [])
        assert.deepEqual(again.routes, [])
      }),
      { numRuns: 2000 },
    )
  })

  it('only follows when it is asked to follow: what has no work gets none', () => {
    fc.assert(
      fc.property(facts, (before) => {
        const { shifts, routes } = refit(before, 'follow')
        const withdrawn = shifts.reduce((units, shift) => units + shift.withdrawn, 0)
        const routed = routes.reduce((units, route) => units + route.quantity, 0)
        assert.ok(routed <= withdrawn)
      }),
      { numRuns: 2000 },
    )
  })

  it('spares what a picker has touched as long as anything else can go', () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        // One line without stock: nothing but its open units decides.
        const lines = drawn.lines.slice(0, 1).map((line) => ({ ...line, item_id: null }))
        const work = drawn.work.slice(0, 4).map((one) => ({
          ...one,
          order_line_id: lines[0]?.order_line_id,
          item_id: null,
          location_id: one.location_id ?? 'east',
        })) as Work[]
        const { shifts } = refit({ ...drawn, lines, work }, 'follow')
        const rows = work.map((one) => {
          const shift = shifts.find((s) => s.fulfilment_order_id === one.fulfilment_order_id)
          const free = one.quantity - one.picked_quantity - one.picking_quantity
          return { free, withdrawn: shift?.withdrawn ?? 0 }
        })
        const isTouched = rows.some(({ free, withdrawn }) => withdrawn > free)
        if (isTouched) assert.ok(rows.every(({ free, withdrawn }) => withdrawn >= free))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('places for units that must go elsewhere', () => {
  const at = (location_id: string, available_quantity: number) =>
    ({ location_id, available_quantity }) as AvailableAt
  const wanted = (order_line_id: string, item_id: string | null, quantity: number) =>
    ({ order_line_id, item_id, quantity }) as never
  const ask = (lines: never[], shelves: Record<string, AvailableAt[]>) =>
    placesFor(lines, new Map(Object.entries(shelves)) as never, 'east' as never)?.map(
      ({ location_id, units }) => [location_id, units.map(({ quantity }) => quantity)],
    )

  it('are one if any has it all, else as few as do; never the old one', () => {
    const mugs = wanted('1', 'mug', 3)
    const teas = wanted('2', 'tea', 2)
    const gift = wanted('3', null, 1)
    assert.deepEqual(ask([mugs], { mug: [at('east', 9)] }), undefined)
    assert.deepEqual(ask([mugs], { mug: [at('west', 2), at('north', 3)] }), [['north', [3]]])
    assert.deepEqual(ask([mugs], { mug: [at('west', 1), at('north', 2)] }), [
      ['north', [2]],
      ['west', [1]],
    ])
    assert.deepEqual(
      ask([mugs, teas, gift], {
        mug: [at('west', 9), at('north', 9)],
        tea: [at('north', 2)],
      }),
      [['north', [3, 2, 1]]],
    )
    assert.deepEqual(ask([mugs, teas, gift], { mug: [at('west', 9)], tea: [at('north', 2)] }), [
      ['west', [3, 1]],
      ['north', [2]],
    ])
    assert.deepEqual(ask([mugs, teas], { mug: [at('west', 9)], tea: [at('west', 1)] }), undefined)
    assert.deepEqual(ask([gift], {}), undefined)
    // Two lines of one item share its shelf.
    const more = wanted('4', 'mug', 2)
    assert.deepEqual(ask([mugs, more], { mug: [at('west', 4)] }), undefined)
  })
})
