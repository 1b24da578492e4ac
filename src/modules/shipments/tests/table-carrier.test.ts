import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onEveryEngine } from '#testing'
import { isTrackingNumber, trackingNumber } from '../../../adapters/table-rates/tracking-number.ts'
import { rateIn } from '../index.ts'
import { openDock } from './dock.ts'

const zone = (name: string, areas: object[], amount: number, delivery_days = 3) => ({
  name,
  areas: areas.map((area) => ({ region: null, postal_prefix: null, ...area })) as never,
  delivery_days,
  bands: [
    { up_to_grams: 1000, amount },
    { up_to_grams: 5000, amount: amount * 2 },
  ],
})

describe('the table of the built-in carrier', () => {
  const service = {
    zones: [
      zone('Everywhere', [], 4000, 9),
      zone('US', [{ country: 'US' }], 600),
      zone('Alaska', [{ country: 'US', region: 'AK' }], 1900),
      zone('Portland', [{ country: 'US', postal_prefix: '041' }], 300, 1),
    ],
  }
  const to = (country: string, state = '', postal_code = '') => ({ country, state, postal_code })
  const cases = [
    ['the country', to('US', 'MA', '02110'), 500, 600, 'US'],
    ['a region before its country', to('us', 'ak', '99501'), 500, 1900, 'Alaska'],
    ['a postal prefix before all', to('US', 'ME', '041 01'), 500, 300, 'Portland'],
    ['everywhere else', to('PL'), 500, 4000, 'Everywhere'],
    ['the lightest band that holds it, its end included', to('US'), 1000, 600, 'US'],
    ['the next band from one gram more on', to('US'), 1001, 1200, 'US'],
  ] as const
  for (const [name, place, weight_grams, amount, found] of cases) {
    it(name, () => {
      const rate = rateIn(service, { to: place, weight_grams })
      assert.deepEqual([rate?.amount, rate?.zone], [amount, found])
    })
  }
  it('takes nothing that is too heavy', () => {
    assert.equal(rateIn(service, { to: to('US'), weight_grams: 5001 }), undefined)
  })

  it('numbers each label in its own way, and sees a slip of the finger', () => {
    const numbers = Array.from({ length: 2000 }, (_, nth) => trackingNumber(`label ${nth}`))
    assert.equal(new Set(numbers).size, 2000)
    for (const number of numbers.slice(0, 100)) {
      assert.ok(isTrackingNumber(number), number)
      const at = 2 + (number.charCodeAt(5) % 12)
      const wrong = number[at] === '0' ? '1' : '0'
      const slipped = `${number.slice(0, at)}${wrong}${number.slice(at + 1)}`
      assert.equal(isTrackingNumber(slipped), false, slipped)
    }
    assert.equal(trackingNumber('a'), trackingNumber('a'))
  })
})

onEveryEngine('labels of the built-in carrier', (engine) => {
  it('are made here, stored, and printed as they are', async () => {
    await using dock = await openDock(engine)
    const { id } = await dock.create(await dock.place({ MUG: 2 }), { signature_required: true })
    const bought = await dock.made(`POST /api/v1/shipments/${id}/label`, {})
    const [label] = bought.labels
    assert.deepEqual([label.state, label.carrier, label.service], ['bought', 'table', 'standard'])
    assert.deepEqual([label.cost, label.currency], ['6.00', 'USD'])
    assert.ok(isTrackingNumber(label.tracking_number))
    assert.ok(label.estimated_delivery)
    const paper = await dock.send(`GET ${label.label_url}`)
    assert.deepEqual([paper.status, paper.headers['content-type']], [200, 'application/pdf'])
    assert.match(paper.body, /^%PDF-1/)
    const same = await dock.made(`GET /api/v1/labels/${label.id}/paper`)
    assert.match(Buffer.from(same.content, 'base64').toString('latin1'), /^%PDF-1/)
    const slip = await dock.send(`GET /api/v1/shipments/${id}/packing-slip.pdf`)
    assert.deepEqual([slip.status, slip.headers['content-type']], [200, 'application/pdf'])
    const nobody = await dock.send(`GET ${label.label_url}`, { as: 'nobody' })
    assert.equal(nobody.status, 401)
    assert.deepEqual(await dock.violations(), [])
  })

  it('cost what operators write in the table', async () => {
    await using dock = await openDock(engine)
    const { id } = await dock.create(await dock.place({ MUG: 2 }))
    const zones = [
      {
        name: 'At home',
        areas: [{ country: 'us' }],
        delivery_days: 2,
        bands: [{ up_to_grams: 2000, amount: '3.45' }],
      },
    ]
    const slow = {
      name: 'Slow',
      zones: [{ ...zones[0], delivery_days: 8, bands: [{ up_to_grams: 2000, amount: '2.00' }] }],
    }
    await dock.made('PUT /api/v1/carrier-services/cart', { name: 'Cart', method: 'express', zones })
    await dock.made('PUT /api/v1/carrier-services/slow', slow)
    const rates = await dock.made(`POST /api/v1/shipments/${id}/rates`, {
      deliver_by: new Date(Date.now() + 3 * 86_400_000).toISOString(),
    })
    const named = (rate_id: string) => rates.rates.find((rate: any) => rate.id === rate_id)?.service
    assert.deepEqual(
      rates.rates.map((rate: any) => [rate.service, rate.amount]),
      [
        ['slow', '2.00'],
        ['cart', '3.45'],
      ],
    )
    assert.deepEqual([named(rates.cheapest), named(rates.promise)], ['slow', 'cart'])
    const wish = { strategy: 'promise', deliver_by: '2020-01-01T00:00:00Z' }
    const late = await dock.made(`POST /api/v1/shipments/${id}/label`, wish)
    assert.deepEqual([late.in_time, late.rate.service], [false, 'cart'])
    await dock.made(`POST /api/v1/labels/${late.labels[0].id}/void`, {})
    const { status } = await dock.ask('DELETE /api/v1/carrier-services/cart')
    assert.equal(status, 204)
    const gone = await dock.ask('GET /api/v1/carrier-services/cart')
    assert.deepEqual([gone.status, gone.error.code], [404, 'CARRIER_SERVICE_NOT_FOUND'])
    assert.deepEqual(await dock.violations(), [])
  })

  it('are refused where a parcel was not weighed or goes nowhere', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    const item = (quantity: number) => [{ order_item_id: order.items[0].id, quantity }]
    const light = await dock.create(order, { items: item(1), parcels: [{}] })
    const unweighed = await dock.post(light.id, 'label')
    assert.deepEqual([unweighed.status, unweighed.error.code], [422, 'SHIPMENT_WITHOUT_WEIGHT'])
    const heavy = await dock.create(order, { items: item(1), parcels: [{ weight_grams: 90_000 }] })
    const refused = await dock.post(heavy.id, 'rates')
    assert.deepEqual([refused.status, refused.error.code], [422, 'CARRIER_NO_RATES'])
    assert.deepEqual(await dock.violations(), [])
  })

  it('are given back while nothing has left, and another is bought', async () => {
    await using dock = await openDock(engine, undefined, { background: true })
    const { id } = await dock.create(await dock.place({ MUG: 1 }))
    const buy = async () => (await dock.made(`POST /api/v1/shipments/${id}/label`, {})).labels[0]
    const label = await buy()
    const voiding = await dock.made(`POST /api/v1/labels/${label.id}/void`, {})
    assert.equal(voiding.state, 'voiding')
    for (let tries = 0; tries < 200; tries++) {
      const { state } = await dock.made(`GET /api/v1/labels/${label.id}`)
      if (state === 'voided') break
      await new Promise((next) => setTimeout(next, 25))
    }
    const paper = await dock.ask(`GET /api/v1/labels/${label.id}/paper`)
    assert.deepEqual([paper.status, paper.error.code], [409, 'LABEL_WITHOUT_DOCUMENT'])
    assert.deepEqual(
      [(await dock.shipment(id)).status, (await dock.shipment(id)).tracking_number],
      ['Pending', null],
    )
    const other = await buy()
    const number = { tracking_number: 'ANOTHER-1' }
    const renamed = await dock.ask(`PUT /api/v1/shipments/${id}/tracking`, number)
    assert.deepEqual([renamed.status, renamed.error.code], [409, 'LABEL_EXISTS'])
    assert.equal((await dock.post(id, 'ship', number)).error.code, 'LABEL_EXISTS')
    assert.notEqual(other.tracking_number, label.tracking_number)
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const late = await dock.ask(`POST /api/v1/labels/${other.id}/void`, {})
    assert.deepEqual([late.status, late.error.code], [409, 'LABEL_NOT_VOIDABLE'])
    assert.deepEqual(await dock.violations(), [])
  })
})
