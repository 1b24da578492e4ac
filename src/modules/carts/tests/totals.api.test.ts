import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { codesOf, made, newArticle, newGuest, openShop } from './shop.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 50], TEA: ['4.00', 300] }
const USD = (amount: string) => [{ currency: 'USD', amount }]
const MUGS = (quantity: number) => ({ items: [{ sku: 'MUG', quantity }] })

const sums = ({ subtotal, discount_total, shipping_total, tax_total, total }: any) => [
  subtotal,
  discount_total,
  shipping_total,
  tax_total,
  total,
]

onEveryEngine('what a cart comes to', (engine) => {
  it('is as published: 8 % of the goods, shipping 10.00, nothing from 50.00 on', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const small = await newGuest(house, MUGS(2))
    const large = await newGuest(house, MUGS(4))
    assert.deepEqual(sums(small.opened), ['25.00', '0.00', '10.00', '2.00', '37.00'])
    assert.deepEqual(sums(large.opened), ['50.00', '0.00', '0.00', '4.00', '54.00'])
    assert.deepEqual(
      small.opened.taxes.map(({ rate, reason, amount }: any) => [rate, reason, amount]).toSorted(),
      [
        ['0', 'default', '0.00'],
        ['0.08', 'default', '2.00'],
      ],
    )
    assert.deepEqual([small.opened.estimated, small.opened.ready], [true, true])
    assert.deepEqual(await house.violations(), [])
  })

  it('has the shipping that was chosen, and tells when it cannot be had any more', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, MUGS(1))
    const codes = guest.opened.shipping_options.map(({ code }: any) => code)
    assert.deepEqual(codes, ['standard', 'express', 'overnight'])
    await guest.ask('PUT /shipping-address', { country_code: 'US', postal_code: '04101' })

    const chosen = await guest.ask('PUT /shipping-method', { method: 'Express' })
    assert.equal(chosen.data.shipping_total, '25.00')
    assert.deepEqual([chosen.data.shipping_method.code, chosen.data.estimated], ['express', false])
    const unknown = await guest.ask('PUT /shipping-method', { method: 'pigeon' })
    assert.deepEqual(
      [unknown.status, unknown.error.code],
      [422, 'CART_SHIPPING_METHOD_UNAVAILABLE'],
    )
    assert.deepEqual(unknown.error.details.open_methods, codes)

    await made(house, 'POST /api/v1/shipping/methods', {
      code: 'parcel',
      name: 'Parcel',
      estimated_days_min: 2,
      estimated_days_max: 4,
      rates: [{ amount: '7.50' }],
    })
    const { data } = await guest.ask('GET ')
    assert.deepEqual(codesOf(data.cart), ['shipping_method_gone'])
    assert.deepEqual([data.cart.shipping_total, data.cart.estimated], ['7.50', true])
    assert.deepEqual(await house.violations(), [])
  })

  it('has no shipping where nothing is to be sent', async () => {
    await using house = await openHouse(engine)
    await openShop(house, {})
    await made(house, 'POST /api/v1/products', {
      name: 'A song',
      sku: 'SONG',
      price: '3.00',
      is_digital: true,
    })
    const { opened } = await newGuest(house, { items: [{ sku: 'SONG', quantity: 2 }] })
    assert.deepEqual(sums(opened), ['6.00', '0.00', '0.00', '0.48', '6.48'])
    assert.deepEqual([opened.shipping_options, opened.shipping_method], [[], null])
    assert.deepEqual([opened.items[0].available_quantity, opened.ready], [null, true])
  })

  it('says of every code what it takes off, or why it takes nothing off', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const promotion = (code: string, more: object) =>
      made(house, 'POST /api/v1/promotions', { name: code, code, status: 'active', ...more })
    await promotion('TENTH', { kind: 'percent', percent: '10', label: 'A tenth off' })
    await promotion('LATER', {
      kind: 'fixed',
      amounts: USD('5.00'),
      minimum_subtotals: USD('40.00'),
    })
    await promotion('OVER', { kind: 'free_shipping', ends_at: '2020-01-01T00:00:00Z' }).catch(
      () => undefined,
    )
    const guest = await newGuest(house, MUGS(2))

    const first = await guest.ask('POST /coupons', { code: ' tenth ' })
    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual(sums(first.data), ['25.00', '2.50', '10.00', '1.80', '34.30'])
    const [taken] = first.data.adjustments
    assert.deepEqual([taken.code, taken.applied, taken.amount], ['TENTH', true, '2.50'])
    assert.ok(taken.explanation)
    const waiting = await guest.ask('POST /coupons', { code: 'later' })
    assert.equal(waiting.status, 200, JSON.stringify(waiting.body))
    assert.deepEqual(waiting.data.coupon_codes, ['TENTH', 'LATER'])
    const refused = waiting.data.adjustments.find(({ code }: any) => code === 'LATER')
    assert.deepEqual([refused.applied, refused.reason], [false, 'minimum_not_reached'])
    const unknown = await guest.ask('POST /coupons', { code: 'NOPE' })
    assert.deepEqual([unknown.status, unknown.error.code], [422, 'CART_COUPON_REFUSED'])

    const more = await guest.ask('POST /items', { sku: 'MUG', quantity: 2 })
    assert.equal(more.data.discount_total, '10.00')
    const less = await guest.ask('DELETE /coupons/tenth')
    assert.deepEqual([less.status, less.data.coupon_codes], [200, ['LATER']])
    assert.equal((await guest.ask('DELETE /coupons/TENTH')).error.code, 'CART_COUPON_NOT_FOUND')
    assert.equal((await guest.ask('GET ')).data.cart.discount_total, '5.00')
    assert.deepEqual(await house.violations(), [])
  })

  it('takes ten codes and no more', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, MUGS(1))
    for (let nth = 0; nth < 11; nth++) {
      const code = `CODE${nth}`
      const terms = { kind: 'fixed', amounts: USD('0.10'), status: 'active' }
      await made(house, 'POST /api/v1/promotions', { name: code, code, ...terms })
      const { status, error } = await guest.ask('POST /coupons', { code })
      if (nth < 10) assert.equal(status, 200)
      else assert.deepEqual([status, error.code], [422, 'CART_TOO_MANY_COUPONS'])
    }
    await guest.ask('DELETE /coupons/CODE4')
    const again = await guest.ask('POST /coupons', { code: 'CODE10' })
    assert.deepEqual([again.status, again.data.coupon_codes.length], [200, 10])
    assert.deepEqual(await house.violations(), [])
  })

  it('says where a price comes from: regular, a quantity break or a sale', async () => {
    await using house = await openHouse(engine)
    const variants = await openShop(house, SHELVES)
    await made(house, `PUT /api/v1/products/variants/${variants.MUG}/prices`, {
      prices: [{ currency: 'USD', price: '12.50', breaks: [{ min_quantity: 6, price: '11.00' }] }],
    })
    const guest = await newGuest(house, MUGS(5))
    const line = `/items/${guest.opened.items[0].id}`
    const priceOf = ({ items: [item] }: any) => [
      item.price_source,
      item.unit_price,
      item.regular_price,
      item.line_total,
    ]
    assert.deepEqual(priceOf(guest.opened), ['regular', '12.50', '12.50', '62.50'])
    const six = await guest.ask('POST /items', { sku: 'MUG', quantity: 1 })
    assert.deepEqual(priceOf(six.data), ['quantity_break', '11.00', '12.50', '66.00'])
    assert.deepEqual(codesOf(six.data), [], 'the buyer did it, so it is no news')
    const five = await guest.ask(`PUT ${line}`, { quantity: 5 })
    assert.deepEqual(priceOf(five.data), ['regular', '12.50', '12.50', '62.50'])
  })

  it('is taxed where it goes, by class, with the jurisdiction told', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    await made(house, 'POST /api/v1/tax/classes', { code: 'food', name: 'Food' })
    const rate = (more: object) => made(house, 'POST /api/v1/tax/rates', more)
    await rate({ country: 'DE', name: 'USt', rate: '0.19' })
    await rate({ country: 'DE', name: 'USt', rate: '0.07', tax_class: 'food', reason: 'reduced' })
    await newArticle(house, 'JAM', { price: '10.00', units: 10, tax_class: 'food' })
    const items = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'JAM', quantity: 1 },
    ]
    const guest = await newGuest(house, { items })
    const { data } = await guest.ask('PUT /shipping-address', { country_code: 'de' })
    const taxes = data.taxes.map(({ rate, taxable_amount, amount }: any) => [
      rate,
      taxable_amount,
      amount,
    ])
    assert.deepEqual(taxes.toSorted(), [
      ['0.07', '10.00', '0.70'],
      ['0.19', '35.00', '6.65'],
    ])
    assert.equal(data.taxes[0].jurisdiction.slice(0, 2), 'DE')
    const abroad = await guest.ask('PUT /shipping-address', { country_code: 'JP' })
    assert.deepEqual([abroad.data.tax_total, abroad.data.taxes[0].reason], ['0.00', 'export'])
    assert.deepEqual(await house.violations(), [])
  })

  it('contains its tax where prices do, rounded once a document where settings say so', async () => {
    const settings = { prices_include_tax: true, tax_rounding: 'document' as const }
    await using house = await openHouse(engine, { settings })
    await openShop(house, { ODD: ['0.33', 100], MUG: ['12.50', 50] })
    const items = [
      { sku: 'ODD', quantity: 1 },
      { sku: 'MUG', quantity: 1 },
    ]
    const { opened } = await newGuest(house, { items })
    assert.deepEqual(sums(opened), ['12.83', '0.00', '10.00', '0.95', '22.83'])
    assert.equal(opened.prices_include_tax, true)
    const [odd, mug] = opened.items
    assert.deepEqual([odd.gross_total, mug.gross_total], ['0.33', '12.50'])
    const cents = (amount: string) => Math.round(Number(amount) * 100)
    assert.equal(cents(odd.net_total) + cents(mug.net_total), 1283 - 95)
    assert.deepEqual(await house.violations(), [])
  })

  it("has a product's own tax rate before the default one", async () => {
    await using house = await openHouse(engine)
    await openShop(house, {})
    await newArticle(house, 'BOOK', { price: '20.00', units: 5, tax_rate: '0.05' })
    const { opened } = await newGuest(house, { items: [{ sku: 'BOOK', quantity: 1 }] })
    assert.equal(opened.tax_total, '1.00')
  })

  it('is told in the digits of its currency, none or three', async () => {
    await using house = await openHouse(engine)
    const variants = await openShop(house, SHELVES)
    const prices = [
      { currency: 'USD', price: '12.50' },
      { currency: 'JPY', price: '1800' },
      { currency: 'KWD', price: '3.125' },
    ]
    await made(house, `PUT /api/v1/products/variants/${variants.MUG}/prices`, { prices })
    const yen = await newGuest(house, { currency: 'jpy', ...MUGS(1) })
    assert.deepEqual(sums(yen.opened), ['1800', '0', '0', '144', '1944'])
    const dinar = await newGuest(house, { currency: 'KWD', ...MUGS(1) })
    assert.deepEqual(sums(dinar.opened), ['3.125', '0.000', '10.000', '0.250', '13.375'])
    assert.deepEqual(await house.violations(), [])
  })

  it('never exceeds what is kept: such an amount is refused, not rounded', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { DEAR: ['90000000000', 5000] })
    const guest = await newGuest(house)
    const { status, error } = await guest.ask('POST /items', { sku: 'DEAR', quantity: 5000 })
    assert.deepEqual([status, error.code], [400, 'PRICED_TOTAL_TOO_LARGE'])
    assert.equal((await guest.ask('GET ')).data.cart.item_count, 0)
  })
})
