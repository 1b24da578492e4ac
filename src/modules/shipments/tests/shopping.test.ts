import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { chooseOffer, type Offer } from '../labels/shopping.ts'

const offer = (service: string, amount: number, day: number | null, currency = 'USD'): Offer => ({
  carrier: 'easypost',
  carrier_name: 'UPS',
  service,
  amount,
  currency,
  delivery_days: day,
  delivery_at: day === null ? null : `2026-11-${20 + day}T12:00:00.000Z`,
})
const offers = [
  offer('ground', 500, 5),
  offer('cheap', 500, 6),
  offer('two', 900, 2),
  offer('two-dear', 950, 2),
  offer('dateless', 100, null),
  offer('abroad', 1, 1, 'JPY'),
]
const USD = { currency: 'USD' }
const best = (wish: object) =>
  chooseOffer(offers, { strategy: 'cheapest', ...USD, ...wish })?.offer.service

describe('the offer that is taken', () => {
  it('is the cheapest in the currency asked for, the faster one of equals', () => {
    assert.equal(best({}), 'dateless')
    const dated = offers.filter(({ delivery_days }) => delivery_days !== null)
    assert.equal(chooseOffer(dated, { strategy: 'cheapest', ...USD })?.offer.service, 'ground')
  })
  it('is the fastest, the cheaper one of equals; what names no day comes last', () => {
    const local = offers.filter(({ currency }) => currency === 'USD')
    assert.equal(chooseOffer(local, { strategy: 'fastest', ...USD })?.offer.service, 'two')
  })
  it('is the cheapest that arrives in time, and says if none does', () => {
    const by = (day: number) => `2026-11-${20 + day}T23:00:00.000Z`
    const wish = (day: number) => ({ strategy: 'promise' as const, deliver_by: by(day), ...USD })
    const dated = offers.filter(({ currency }) => currency === 'USD')
    assert.deepEqual(chooseOffer(dated, wish(5)), { offer: offers[0], in_time: true })
    assert.deepEqual(chooseOffer(dated, wish(3)), { offer: offers[2], in_time: true })
    assert.deepEqual(chooseOffer(dated, wish(1)), { offer: offers[2], in_time: false })
  })
  it('is of the carrier and service that were asked for, in any case', () => {
    assert.equal(best({ carrier: 'ups', service: 'TWO' }), 'two')
    assert.equal(best({ carrier: 'EasyPost', service: 'ground' }), 'ground')
    assert.equal(best({ carrier: 'DHL' }), undefined)
  })
  it('does not depend on the order of the offers', () => {
    const shuffled = fc.shuffledSubarray(offers, { minLength: offers.length })
    const strategy = fc.constantFrom('cheapest' as const, 'fastest' as const)
    fc.assert(
      fc.property(shuffled, strategy, (some, one) => {
        const wish = { strategy: one, ...USD }
        assert.deepEqual(chooseOffer(some, wish), chooseOffer(offers, wish))
      }),
    )
  })
})
