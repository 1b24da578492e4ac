import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { planParts, type Want } from '../allocation.ts'
import { chooseLocations } from '../routing/choose-locations.ts'
import type { RuleRow } from '../routing/known-rules.ts'
import type { RuleKind } from '../routing/tables.ts'

const CODES = ['A', 'B', 'C', 'D', 'E']

const rule = (kind: RuleKind, more: Partial<RuleRow> = {}): RuleRow => ({
  id: kind as never,
  position: 0,
  kind,
  location_id: null,
  country: null,
  region: null,
  paused_at: null,
  version: 1,
  created_at: '',
  updated_at: '',
  ...more,
})
const prefer = (code: string, more: Partial<RuleRow> = {}) =>
  rule('preferred_location', { location_id: code as never, ...more })

type Stock = Record<string, number>
const want = (item: string, quantity: number, stock: Stock, from?: string): Want => {
  const shelves = Object.entries(stock)
    .filter(([code, units]) => units > 0 && (from === undefined || code === from))
    .map(([code, available]) => ({
      location_id: code as never,
      available,
      priority: CODES.indexOf(code) + 1,
    }))
  const available = shelves.reduce((sum, shelf) => sum + shelf.available, 0)
  const item_id = item as never
  return {
    item_id,
    sku: item,
    quantity,
    available,
    shelves,
    ...(from && { location_id: from as never }),
  }
}

const region = (country: string, state = '') => ({ country, region: state })
type To = { country?: string; region?: string }
const route = (wants: Want[], rules: RuleRow[], destination: To | null = null) =>
  chooseLocations(wants, {
    rules,
    destination,
    regions: new Map([
      ['A' as never, region('US', 'ME')],
      ['B' as never, region('US', 'CA')],
      ['C' as never, region('DE')],
    ]),
  })
const told = (wants: Want[], rules: RuleRow[], destination: To | null = null) =>
  route(wants, rules, destination).parts.map(
    (p) => `${p.item_id} ${p.quantity} ${p.location_id} ${p.why}`,
  )

describe('routing rules', () => {
  it('prefer a location, and go on elsewhere where it has too little', () => {
    const stock = { A: 5, B: 3, C: 9 }
    assert.deepEqual(told([want('mug', 3, stock)], [prefer('B')]), ['mug 3 B preferred_location'])
    assert.deepEqual(told([want('mug', 4, stock)], [prefer('B')]), [
      'mug 3 B preferred_location',
      'mug 1 A priority',
    ])
  })

  it('count as they stand: fewest splits before a preference keeps it together', () => {
    const wants = [want('mug', 4, { A: 5, B: 3 })]
    assert.deepEqual(told(wants, [rule('fewest_splits'), prefer('B')]), ['mug 4 A priority'])
    const two = [want('mug', 2, { A: 5, B: 3 }), want('tea', 1, { B: 1, C: 4 })]
    assert.deepEqual(told(two, [rule('fewest_splits')]), [
      'mug 2 B fewest_splits',
      'tea 1 B priority',
    ])
  })

  it('find what is near the destination: its state, then its country', () => {
    const near = rule('nearest_region')
    const wants = [want('mug', 1, { A: 1, B: 1, C: 1 })]
    assert.deepEqual(told(wants, [near], { country: 'us', region: 'CA' }), [
      'mug 1 B nearest_region',
    ])
    assert.deepEqual(told(wants, [near], { country: 'DE' }), ['mug 1 C nearest_region'])
    assert.deepEqual(told(wants, [near], { country: 'FR' }), ['mug 1 A priority'])
    assert.deepEqual(told(wants, [near]), ['mug 1 A priority'])
  })

  it('narrow to a destination', () => {
    const wants = [want('mug', 1, { A: 1, C: 1 })]
    const german = prefer('C', { country: 'DE' })
    assert.deepEqual(told(wants, [german], { country: 'DE' }), ['mug 1 C preferred_location'])
    assert.deepEqual(told(wants, [german], { country: 'US' }), ['mug 1 A priority'])
    const maine = prefer('C', { country: 'US', region: 'ME' })
    assert.deepEqual(told(wants, [maine], { country: 'US', region: 'CA' }), ['mug 1 A priority'])
  })

  it('take who can give most', () => {
    const wants = [want('mug', 4, { A: 4, B: 9 }), want('tea', 3, { B: 3, C: 8 })]
    assert.deepEqual(told(wants, [rule('availability')]), [
      'mug 4 B availability',
      'tea 3 B availability',
    ])
  })

  it('leave a named location as it is, and tell what is short', () => {
    const { parts, shortages } = route(
      [want('mug', 2, { A: 5, B: 5 }, 'B'), want('tea', 9, { A: 2, C: 1 })],
      [prefer('A')],
    )
    assert.deepEqual(
      parts.map((p) => [p.location_id, p.quantity, p.why]),
      [
        ['B', 2, 'asked'],
        ['A', 2, 'preferred_location'],
        ['C', 1, 'fewest_splits'],
      ],
    )
    assert.deepEqual(shortages, [{ item_id: 'tea', sku: 'tea', requested: 9, available: 3 }])
  })
})

const stock = fc.dictionary(fc.constantFrom(...CODES), fc.nat(4), { noNullPrototype: true })
const demands = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), stock), {
  minLength: 1,
  maxLength: 3,
})
const ruleSets = fc.uniqueArray(
  fc.constantFrom<RuleRow>(
    prefer('B'),
    prefer('D', { id: 'other' as never }),
    rule('fewest_splits'),
    rule('nearest_region'),
    rule('availability'),
  ),
  { selector: ({ id }) => id, minLength: 1 },
)
const wantsOf = (rows: [number, Stock][]) =>
  rows.map(([quantity, at], nth) => want(`item-${nth}`, quantity, at))

/** The fewest locations that can give all there is: every set of them, smallest first. */
function fewestByBruteForce(wants: readonly Want[]): number {
  const sizes = Array.from({ length: 2 ** CODES.length }, (_, set) => {
    const some = CODES.filter((_, nth) => set & (1 << nth))
    const isEnough = wants.every(({ quantity, available, shelves }) => {
      const had = shelves.filter(({ location_id }) => some.includes(location_id as string))
      const units = had.reduce((sum, shelf) => sum + shelf.available, 0)
      return units >= Math.min(quantity, available)
    })
    return isEnough ? some.length : Number.POSITIVE_INFINITY
  })
  return Math.min(...sizes)
}

function assertPartition(wants: readonly Want[], parts: ReturnType<typeof route>['parts']): void {
  for (const { item_id, quantity, available, shelves } of wants) {
    const own = parts.filter((part) => part.item_id === item_id)
    const units = own.reduce((sum, part) => sum + part.quantity, 0)
    assert.equal(units, Math.min(quantity, available))
    assert.equal(new Set(own.map((part) => part.location_id)).size, own.length)
    for (const part of own) {
      const shelf = shelves.find(({ location_id }) => location_id === part.location_id)
      assert.ok(part.quantity > 0 && part.quantity <= (shelf?.available ?? 0))
    }
  }
}

describe('any demand, by any rules', () => {
  it('I-34 is divided without rest, within what each location has, the same each time', () => {
    fc.assert(
      fc.property(demands, ruleSets, (rows, rules) => {
        const wants = wantsOf(rows)
        const { parts } = route(wants, rules, { country: 'US', region: 'CA' })
        assertPartition(wants, parts)
        const shuffled = wants.map((w) => ({ ...w, shelves: w.shelves.toReversed() }))
        assert.deepEqual(route(shuffled, rules, { country: 'US', region: 'CA' }).parts, parts)
        assertPartition(wants, planParts(wants).parts)
      }),
      { numRuns: 500 },
    )
  })

  it('I-35 uses as few locations as brute force finds, if that is the first rule', () => {
    fc.assert(
      fc.property(demands, ruleSets, (rows, rules) => {
        const wants = wantsOf(rows)
        const first = [rule('fewest_splits'), ...rules.filter((r) => r.kind !== 'fewest_splits')]
        const { parts } = route(wants, first, { country: 'DE' })
        const used = new Set(parts.map(({ location_id }) => location_id)).size
        assert.equal(used, fewestByBruteForce(wants))
      }),
      { numRuns: 500 },
    )
  })

  it('takes as much as can be had from a location that the first rule prefers', () => {
    fc.assert(
      fc.property(demands, ruleSets, (rows, rules) => {
        const wants = wantsOf(rows)
        const first = [prefer('C', { id: 'first' as never }), ...rules]
        const { parts } = route(wants, first)
        for (const { item_id, quantity, shelves } of wants) {
          const there = shelves.find(({ location_id }) => location_id === ('C' as never))
          const taken = parts.find((p) => p.item_id === item_id && p.location_id === ('C' as never))
          assert.equal(taken?.quantity ?? 0, Math.min(quantity, there?.available ?? 0))
        }
      }),
      { numRuns: 500 },
    )
  })
})
