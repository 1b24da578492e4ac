import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { METHODS, ZONES } from '../delivery.ts'
import { PROMOTIONS } from '../promotions.ts'
import { ATTRIBUTES, CATEGORIES } from '../shelves.ts'
import { TAX_RATES } from '../taxes.ts'
import { DEMO_CURRENCIES } from '../types.ts'
import { assertUnique, everyShop, variantsOf } from './shops.ts'

describe('the terms of the demo shop', () => {
  everyShop('put every product on a shelf that there is', (shop) => {
    const slugs = new Set<string>()
    for (const { slug, parent } of CATEGORIES) {
      assert.ok(parent === undefined || slugs.has(parent), `${slug} comes before ${parent}`)
      slugs.add(slug)
    }
    assertUnique(CATEGORIES.map(({ slug }) => slug))
    const codes = new Map<string, readonly string[] | undefined>(
      ATTRIBUTES.map((attribute) => [
        attribute.code,
        'choices' in attribute ? attribute.choices : undefined,
      ]),
    )
    for (const { sku, category, attributes } of shop.products) {
      assert.ok(category !== undefined && slugs.has(category), sku)
      for (const [code, value] of Object.entries(attributes)) {
        assert.ok(codes.has(code), `${sku}: ${code}`)
        const choices = codes.get(code)
        assert.ok(!choices || choices.includes(String(value)), `${sku}: ${value}`)
      }
    }
    const shelved = new Set(shop.products.map(({ category }) => category))
    const leaves = CATEGORIES.filter(({ slug }) =>
      CATEGORIES.every(({ parent }) => parent !== slug),
    )
    assert.deepEqual(
      leaves.filter(({ slug }) => !shelved.has(slug)),
      [],
      'an empty shelf',
    )
  })

  everyShop('tax and deliver at the home of every customer, in their currency', (shop) => {
    assertUnique(TAX_RATES.map((rate) => JSON.stringify({ ...rate, rate: '', reason: '' })))
    const taxed = (country: string, state: string) =>
      TAX_RATES.some((rate) => rate.country === country && [undefined, state].includes(rate.region))
    for (const { address, currency } of shop.customers) {
      const { country, state } = address
      const isOverseas = ['AU', 'JP'].includes(country)
      assert.equal(taxed(country, state), !isOverseas, `${country} ${state}`)
      const zones = ZONES.filter(({ areas }) => areas.some((area) => area.country === country))
      const methods = METHODS.filter(
        (method) => method.currency === currency && zones.some(({ name }) => name === method.zone),
      )
      assert.notEqual(methods.length, 0, `nothing goes to ${country} in ${currency}`)
    }
  })

  everyShop('offer less for more, and a sale below the price', (shop, now) => {
    const prices = new Map(variantsOf(shop).map((variant) => [variant.sku, variant.prices]))
    for (const { sku, breaks = [], sale } of shop.specials) {
      for (const currency of DEMO_CURRENCIES) {
        const tiers = [prices.get(sku), ...breaks.map((one) => one.prices)]
        const amounts = tiers.map((tier) => tier?.[currency] as number)
        assert.deepEqual(
          amounts,
          [...new Set(amounts)].sort((a, b) => b - a),
          sku,
        )
        assert.ok(!sale || sale.prices[currency] < (amounts[0] as number), sku)
      }
    }
    const sales = shop.specials.flatMap(({ sale }) => (sale ? [sale] : []))
    assert.ok(sales.some(({ starts_at, ends_at }) => starts_at < now && now < ends_at))
    assert.ok(sales.some(({ starts_at }) => starts_at > now))
  })

  everyShop('are kept by those who enter a coupon', (shop) => {
    const entered = (code: string) =>
      shop.orders.filter(({ checkout }) => checkout?.coupon === code)
    const known = new Set(PROMOTIONS.map(({ code }) => code))
    for (const { checkout } of shop.orders) assert.ok(known.has(checkout?.coupon))
    assertUnique(entered('WELCOME10').map(({ customer_email }) => customer_email))
    assert.equal(entered('OPENING5').length, 20)
    const through = shop.orders.filter(({ checkout }) => checkout).length
    assert.ok(through > 150 && through < 250, `${through} by the checkout`)
  })
})
