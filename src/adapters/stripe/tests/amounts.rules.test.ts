import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { currencyCodes } from '#kit/currencies'
import { fromStripe, toStripe, Unpayable } from '../amounts.ts'

it('what Stripe is told and tells back is the same amount, in every currency', () => {
  const amounts = fc.tuple(fc.constantFrom(...currencyCodes), fc.nat(1_000_000_000))
  fc.assert(
    fc.property(amounts, ([currency, minor]) => {
      let told: number
      try {
        told = toStripe(minor, currency)
      } catch (error) {
        return error instanceof Unpayable
      }
      return fromStripe(told, currency.toLowerCase()) === minor
    }),
  )
})

it('Stripe counts yen whole, dollars in cents, dinars in fils, and krónur in hundredths', () => {
  const told = (currency: string) => toStripe(1230, currency)
  assert.deepEqual(
    ['JPY', 'USD', 'KWD', 'ISK', 'UGX', 'HUF'].map(told),
    [1230, 1230, 1230, 123_000, 123_000, 1230],
  )
  assert.equal(toStripe(1200, 'MGA'), 12)
  for (const [minor, currency] of [
    [1231, 'KWD'],
    [1230, 'MGA'],
    [1, 'CLF'],
  ] as const) {
    assert.throws(() => toStripe(minor, currency), Unpayable)
  }
})
