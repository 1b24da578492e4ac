import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { PARCEL_STATUSES, type ParcelStatus } from '../tables.ts'
import { parcelState, shipmentProgress, type Told } from '../tracking/fold.ts'
import { TRACKING_KINDS } from '../tracking/tables.ts'

const hour = (h: number) => `2026-11-21T${String(h).padStart(2, '0')}:00:00.000Z`
let nth = 0
const told = (kind: Told['kind'], h: number, more: Partial<Told> = {}): Told => ({
  event_key: `k${nth++}`,
  kind,
  occurred_at: hour(h),
  description: null,
  signed_by: null,
  proof_urls: [],
  estimated_delivery_at: null,
  ...more,
})

const anyTold: fc.Arbitrary<Told> = fc.record({
  event_key: fc.uuid(),
  kind: fc.constantFrom(...TRACKING_KINDS),
  // Few hours, so that many events are of one and the same instant.
  occurred_at: fc.integer({ min: 0, max: 4 }).map(hour),
  description: fc.option(fc.constantFrom('a', 'b')),
  signed_by: fc.option(fc.constantFrom('Ada', 'Eve')),
  proof_urls: fc.constantFrom([], ['https://p/1'], ['https://p/2']),
  estimated_delivery_at: fc.option(fc.integer({ min: 5, max: 9 }).map(hour)),
})

describe('where a parcel is', () => {
  it('is the same whatever the order of the news, and however often they are told', () => {
    const histories = fc
      .uniqueArray(anyTold, { selector: ({ event_key }) => event_key, maxLength: 8 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.subarray(events),
        ),
      )
    fc.assert(
      fc.property(histories, ([events, shuffled, repeated]) => {
        const state = parcelState(events)
        assert.deepEqual(parcelState(shuffled), state)
        // The store keeps one of a key; told again it is the same one.
        const again = new Map([...shuffled, ...repeated].map((one) => [one.event_key, one]))
        assert.deepEqual(parcelState([...again.values()]), state)
      }),
      { numRuns: 2000 },
    )
  })

  const cases: [string, Told[], ParcelStatus][] = [
    ['nothing was told', [], 'unknown'],
    ['the newest counts', [told('out_for_delivery', 3), told('in_transit', 2)], 'out_for_delivery'],
    [
      'words that say nothing count for nothing',
      [told('in_transit', 1), told('info', 5)],
      'in_transit',
    ],
    [
      'a scan that is told after the arrival',
      [told('delivered', 2), told('in_transit', 4)],
      'delivered',
    ],
    [
      'a failed attempt, then another day',
      [told('attempted', 2), told('out_for_delivery', 9)],
      'out_for_delivery',
    ],
    ['on its way back', [told('exception', 1), told('returning', 2)], 'failed'],
    [
      'back after it was said to have arrived',
      [told('delivered', 2), told('returned', 6)],
      'returned',
    ],
    [
      'at one instant the heavier word counts',
      [told('delivered', 2), told('accepted', 2)],
      'delivered',
    ],
  ]
  for (const [name, events, status] of cases) {
    it(name, () => assert.equal(parcelState(events).status, status))
  }

  it('tells when it arrived, who signed, what proves it, and when it was expected', () => {
    const state = parcelState([
      told('in_transit', 1, { estimated_delivery_at: hour(9) }),
      told('out_for_delivery', 3, { estimated_delivery_at: hour(5) }),
      told('delivered', 4, { signed_by: 'Ada', proof_urls: ['https://p/1'] }),
    ])
    assert.deepEqual(state, {
      status: 'delivered',
      since: hour(4),
      delivered_at: hour(4),
      signed_by: 'Ada',
      proof_urls: ['https://p/1'],
      estimated_delivery_at: hour(5),
      exception: null,
    })
  })
})

describe('where a shipment is', () => {
  const cases: [ParcelStatus[], string][] = [
    [['unknown'], 'shipped'],
    [['announced', 'unknown'], 'shipped'],
    [['in_transit', 'unknown'], 'in_transit'],
    [['delivered', 'unknown'], 'in_transit'],
    [['delivered', 'out_for_delivery'], 'out_for_delivery'],
    [['delivered', 'failed'], 'failed'],
    [['delivered', 'delivered'], 'delivered'],
    [['delivered', 'returned'], 'returned'],
    [['returned'], 'returned'],
  ]
  for (const [parcels, status] of cases) {
    it(`${parcels.join(' and ')}: ${status}`, () => assert.equal(shipmentProgress(parcels), status))
  }

  it('does not depend on the order of its parcels', () => {
    const parcels = fc.array(fc.constantFrom(...PARCEL_STATUSES), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(parcels, (statuses) => {
        assert.equal(shipmentProgress(statuses.toReversed()), shipmentProgress(statuses))
      }),
    )
  })
})
