import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { reserveStock } from '#modules/inventory'
import { type PlacedOrder, placeOrder } from '#modules/orders'
import { type Discount, type PricingInput, priced, type TaxRate } from '#modules/pricing'
import type { Context } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'

const CALIFORNIA: TaxRate[] = [
  { name: 'State tax', jurisdiction: 'US-CA', rate_ppm: 72_500, reason: 'standard' },
  { name: 'County tax', jurisdiction: 'US-CA-081', rate_ppm: 12_500, reason: 'standard' },
]
const GERMANY: TaxRate[] = [
  { name: 'USt', jurisdiction: 'DE', rate_ppm: 190_000, reason: 'standard' },
]
const EXPORT: TaxRate[] = [{ name: 'Export', jurisdiction: 'CH', rate_ppm: 0, reason: 'export' }]
const TEN_PERCENT: Discount = {
  id: 'ten',
  code: 'TEN',
  label: 'Ten per cent off',
  priority: 1,
  exclusive: false,
  minimum_amount: 0,
  line_keys: null,
  kind: 'percent',
  rate_ppm: 100_000,
}
const FREE_SHIPPING: Discount = {
  ...TEN_PERCENT,
  id: 'ship',
  code: null,
  label: 'Free shipping',
  kind: 'free_shipping',
}
const ADDRESS = {
  street: '1 Quay',
  city: 'Oakland',
  state: 'CA',
  postal_code: '94601',
  country: 'US',
}

type Shop = { house: House; customer_id: PlacedOrder['customer_id']; items: Map<string, Item> }
type Item = Pick<PlacedOrder['lines'][number], 'product_id' | 'variant_id' | 'item_id' | 'sku'>

/** Mugs at 12.50 and tea at 4.00 with ten on the shelf each. */
async function openShop(house: House): Promise<Shop> {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  const items = new Map<string, Item>()
  for (const sku of ['MUG', 'TEA']) {
    const product = await house.ask('POST /api/v1/products', {
      name: `A ${sku}`,
      sku,
      price: '1.00',
    })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 10 }
    const item = await house.ask('POST /api/v1/inventory', stock)
    const variant = product.data.variants[0]
    items.set(sku, {
      sku,
      product_id: product.data.id,
      variant_id: variant.id,
      item_id: item.data.id,
    })
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { data } = await house.ask('POST /api/v1/customers', person)
  return { house, customer_id: data.id, items }
}

type Wanted = Pick<PricingInput, 'discounts' | 'prices_include_tax'> & {
  lines: [sku: string, quantity: number, unit_amount: number, taxes: TaxRate[]][]
  shipping?: { amount: number; taxes: TaxRate[] }
  currency?: string
  cart_id?: string
}

function orderOf(shop: Shop, wanted: Wanted): PlacedOrder {
  const { discounts, prices_include_tax, lines, shipping = null, currency = 'USD' } = wanted
  return {
    cart_id: (wanted.cart_id ?? randomUUID()) as PlacedOrder['cart_id'],
    customer_id: shop.customer_id,
    currency,
    email: 'ada@example.com',
    shipping_address: ADDRESS,
    billing_address: null,
    payment_method_id: null,
    notes: null,
    prices_include_tax,
    lines: lines.map(([sku], nth) => ({
      ...(shop.items.get(sku) as Item),
      key: `line ${nth}`,
      name: `A ${sku}`,
      tax_class: 'standard',
      image_url: null,
    })),
    shipping: shipping && { code: 'Standard', name: 'Standard' },
    priced: priced({
      lines: lines.map(([, quantity, unit_amount, taxes], nth) => ({
        key: `line ${nth}`,
        quantity,
        unit_amount,
        taxes,
      })),
      shipping,
      discounts,
      prices_include_tax,
      tax_rounding: 'document',
    }),
    holder: null,
  }
}

const place = ({ house }: Shop, order: PlacedOrder, before?: (ctx: Context) => Promise<unknown>) =>
  transactAsSystem(
    house.app,
    async (ctx) => {
      await before?.(ctx)
      return placeOrder(ctx, order)
    },
    'read committed',
  )

const available = async (house: House, sku: string) =>
  (await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available

onEveryEngine('an order of a priced cart', (engine) => {
  it('keeps every amount as it was shown: prices without tax', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const { id } = await place(
      shop,
      orderOf(shop, {
        prices_include_tax: false,
        discounts: [TEN_PERCENT],
        lines: [
          ['MUG', 2, 1250, CALIFORNIA],
          ['TEA', 1, 400, CALIFORNIA],
        ],
        shipping: { amount: 1000, taxes: EXPORT },
      }),
    )

    const { data } = await house.ask(`GET /api/v1/orders/${id}`)

    assert.deepEqual(
      [data.subtotal, data.discount_total, data.shipping_total, data.tax_total, data.total_amount],
      ['29.00', '2.90', '10.00', '2.22', '38.32'],
    )
    assert.deepEqual([data.tax_status, data.prices_include_tax], ['computed', false])
    assert.deepEqual(
      [data.email, data.status, data.payment_status],
      ['ada@example.com', 'pending', 'pending'],
    )
    assert.deepEqual(data.discounts, [
      { code: 'TEN', label: 'Ten per cent off', amount: '2.90', explanation: '10 % off all items' },
    ])
    assert.deepEqual(data.taxes, [
      {
        name: 'Export',
        jurisdiction: 'CH',
        rate: '0',
        reason: 'export',
        taxable_amount: '10.00',
        amount: '0.00',
      },
      {
        name: 'State tax',
        jurisdiction: 'US-CA',
        rate: '0.0725',
        reason: 'standard',
        taxable_amount: '26.10',
        amount: '1.89',
      },
      {
        name: 'County tax',
        jurisdiction: 'US-CA-081',
        rate: '0.0125',
        reason: 'standard',
        taxable_amount: '26.10',
        amount: '0.33',
      },
    ])
    assert.deepEqual(data.shipping, {
      method: 'Standard',
      name: 'Standard',
      amount: '10.00',
      discount: '0.00',
      tax_amount: '0.00',
      gross_amount: '10.00',
    })
    const [mug] = data.items
    assert.deepEqual(
      [
        mug.unit_price,
        mug.total_price,
        mug.discount,
        mug.tax_rate,
        mug.tax_amount,
        mug.gross_price,
      ],
      ['12.50', '25.00', '2.50', '0.085', '1.91', '24.41'],
    )
    assert.equal(await available(house, 'MUG'), '8')
    const created = (await house.events()).slice(-2)
    assert.deepEqual(created, ['order.created', 'inventory.reserved'])
    assert.deepEqual(await house.violations(), [])
  })

  it('keeps every amount as it was shown: prices with tax, and shipping for nothing', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const { id } = await place(
      shop,
      orderOf(shop, {
        currency: 'EUR',
        prices_include_tax: true,
        discounts: [TEN_PERCENT, FREE_SHIPPING],
        lines: [
          ['MUG', 3, 999, GERMANY],
          ['TEA', 1, 1, GERMANY],
        ],
        shipping: { amount: 495, taxes: GERMANY },
      }),
    )

    const { data } = await house.ask(`GET /api/v1/orders/${id}`)

    assert.deepEqual(
      [data.subtotal, data.discount_total, data.shipping_total, data.total_amount],
      ['29.98', '7.95', '4.95', '26.98'],
    )
    assert.equal(data.tax_total, '4.31')
    assert.deepEqual([data.shipping.discount, data.shipping.gross_amount], ['4.95', '0.00'])
    assert.deepEqual(await house.violations(), [])
  })

  it('that costs nothing is paid, confirmed and sure of its stock at once', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const everything = { ...TEN_PERCENT, rate_ppm: 1_000_000 }
    const { id } = await place(
      shop,
      orderOf(shop, {
        currency: 'JPY',
        prices_include_tax: false,
        discounts: [everything],
        lines: [['MUG', 1, 500, CALIFORNIA]],
      }),
    )

    const { data } = await house.ask(`GET /api/v1/orders/${id}`)

    assert.deepEqual([data.status, data.payment_status], ['confirmed', 'paid'])
    assert.deepEqual([data.total_amount, data.shipping], ['0', null])
    assert.deepEqual(await house.violations(), [])
  })

  it('is the only one of its cart', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const wanted: Wanted = {
      prices_include_tax: false,
      discounts: [],
      lines: [['MUG', 1, 500, EXPORT]],
    }
    const order = orderOf(shop, wanted)
    await place(shop, order)

    await assert.rejects(place(shop, order))

    assert.equal((await house.ask('GET /api/v1/orders')).data.total, 1)
    assert.equal(await available(house, 'MUG'), '9')
    assert.deepEqual(await house.violations(), [])
  })

  it('takes over what was held for it, and gives back what it does not need', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const item_id = (shop.items.get('MUG') as Item).item_id as never
    const hold = (reference_id: string, quantity: number) => (ctx: Context) => {
      const expires_at = new Date(Date.parse(ctx.now) + 60_000).toISOString()
      const holder = { reference_type: 'checkout', reference_id, expires_at }
      return reserveStock(ctx, [{ item_id, quantity }], holder)
    }
    const wanted: Wanted = {
      prices_include_tax: false,
      discounts: [],
      lines: [['MUG', 4, 500, EXPORT]],
    }
    for (const held of [4, 1, 6]) {
      const reference_id = randomUUID()
      const order = orderOf(shop, wanted)
      const placed = { ...order, holder: { reference_type: 'checkout', reference_id } }
      const { id } = await place(shop, placed, hold(reference_id, held))
      assert.equal(await available(house, 'MUG'), '6', `held ${held}`)
      await house.ask(`POST /api/v1/orders/${id}/cancel`, {})
      assert.equal(await available(house, 'MUG'), '10', `held ${held}`)
      const events = await house.events()
      assert.ok(events.includes('inventory.transferred'))
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('is listed with its money by as many statements as one', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house)
    const wanted: Wanted = {
      prices_include_tax: false,
      discounts: [TEN_PERCENT],
      lines: [['TEA', 1, 500, EXPORT]],
    }
    for (let nth = 0; nth < 3; nth++) await place(shop, orderOf(shop, wanted))

    const { data } = await house.ask('GET /api/v1/orders?include_items=true')

    for (const { items, discounts, taxes, total_amount } of data.items) {
      assert.deepEqual([items.length, discounts.length, taxes.length], [1, 1, 1])
      assert.equal(total_amount, '4.50')
    }
    const bare = await house.ask('GET /api/v1/orders')
    assert.deepEqual([bare.data.items[0].items, bare.data.items[0].taxes], [[], []])
  })
})
