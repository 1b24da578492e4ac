import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseMoney } from '#kit/money'
import type { Engine } from '#platform/database/database'
import { type House, openHouse } from '#testing'
import { asGuest, made, newCustomer, openShop } from './shop.ts'

const SKUS = ['MUG', 'TEA', 'CAP'] as const
type SKU = (typeof SKUS)[number]
/** A code, what it takes off, and from which subtotal on. In the order of their priority. */
const CODES = {
  TENTH: { priority: 1, percent: 10, minimum: 0 },
  THREE: { priority: 2, fixed: 300, minimum: 2000 },
} as const
type Code = keyof typeof CODES

const sku = fc.constantFrom(...SKUS)
const cart = fc.constantFrom('first', 'second', 'own')
const code = fc.constantFrom<Code>('TENTH', 'THREE')
export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      cart,
      sku,
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      cart,
      sku,
      quantity: fc.integer({ min: 0, max: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), cart }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enter' as const), cart, code }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), cart, code }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abandon' as const), cart }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('price' as const),
      sku,
      amount: fc.integer({ min: 1, max: 3000 }),
    }),
  },
)
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Believed = {
  id: string
  lines: Map<SKU, number>
  codes: Set<Code>
  status: 'Active' | 'Abandoned' | 'Converted'
  who: object
}
export type World = AsyncDisposable & {
  house: House
  session_id: string
  carts: Record<'first' | 'second' | 'own', Believed>
  prices: Record<SKU, number>
  stock: Record<SKU, number>
  variants: Record<string, string>
  as: object
}

/** Two carts of one guest and one of a customer, three articles and two codes. */
export async function openWorld(engine: Engine): Promise<World> {
  const house = await openHouse(engine)
  const variants = await openShop(house, {
    MUG: ['12.50', 5],
    TEA: ['4.00', 30],
    CAP: ['0.33', 6],
  })
  const promotion = (name: Code, more: object) =>
    made(house, 'POST /api/v1/promotions', {
      name,
      label: name,
      code: name,
      priority: CODES[name].priority,
      status: 'active',
      ...more,
    })
  await promotion('TENTH', { kind: 'percent', percent: '10' })
  const usd = (amount: string) => [{ currency: 'USD', amount }]
  await promotion('THREE', {
    kind: 'fixed',
    amounts: usd('3.00'),
    minimum_subtotals: usd('20.00'),
  })
  const { as } = await newCustomer(house)
  const open = async (body: object, who: object): Promise<Believed> => {
    const { status, data } = await house.ask('POST /api/v1/carts', body, who)
    assert.equal(status, 201)
    return { id: data.id, lines: new Map(), codes: new Set(), status: 'Active', who }
  }
  const session_id = 'the-secret-of-one-guest'
  const guest = asGuest(session_id)
  const carts = {
    first: await open({}, guest),
    second: await open({}, guest),
    own: await open({}, { as }),
  }
  return {
    house,
    session_id,
    carts,
    prices: { MUG: 1250, TEA: 400, CAP: 33 },
    stock: { MUG: 5, TEA: 30, CAP: 6 },
    variants,
    as: { as },
    [Symbol.asyncDispose]: () => house.close(),
  }
}

/** Plays a step on both; the answer has the status that the model says. */
export async function play(world: World, one: Step): Promise<void> {
  if (one.do === 'price') return setPrice(world, one)
  if (one.do === 'merge') return merge(world)
  const believed = world.carts[one.cart]
  const ask = async (route: string, body?: object) => {
    const [method, path = ''] = route.split(' ')
    return world.house.ask(`${method} /api/v1/carts/${believed.id}${path}`, body, believed.who)
  }
  const closed = believed.status !== 'Active'
  if (one.do === 'abandon') {
    assert.equal((await ask('DELETE ')).status, closed ? 409 : 204)
    if (!closed) believed.status = 'Abandoned'
  } else if (one.do === 'clear') {
    assert.equal((await ask('POST /clear', {})).status, closed ? 409 : 200)
    if (!closed) believed.lines.clear()
  } else if (one.do === 'enter') {
    assert.equal(
      (await ask('POST /coupons', { code: one.code.toLowerCase() })).status,
      closed ? 409 : 200,
    )
    if (!closed) believed.codes.add(one.code)
  } else if (one.do === 'withdraw') {
    const there = believed.codes.has(one.code)
    assert.equal(
      (await ask(`DELETE /coupons/${one.code}`)).status,
      closed ? 409 : there ? 200 : 404,
    )
    if (!closed) believed.codes.delete(one.code)
  } else if (one.do === 'add') {
    const sum = (believed.lines.get(one.sku) ?? 0) + one.quantity
    const expected = closed ? 409 : sum > world.stock[one.sku] ? 422 : 200
    const { status, body } = await ask('POST /items', { sku: one.sku, quantity: one.quantity })
    assert.equal(status, expected, JSON.stringify(body))
    if (status === 200) believed.lines.set(one.sku, sum)
  } else {
    await set(world, { believed, ask, one })
  }
}

type Setting = {
  believed: Believed
  ask: (route: string, body?: object) => Promise<{ status: number; data: any }>
  one: Step & { do: 'set' }
}

async function set(world: World, { believed, ask, one }: Setting): Promise<void> {
  const { data } = await ask('GET ')
  const item = data.items.find(({ variant_id }: any) => variant_id === world.variants[one.sku])
  const had = believed.lines.get(one.sku)
  assert.equal(item?.quantity, had)
  if (had === undefined) return
  const closed = believed.status !== 'Active'
  const short = one.quantity > had && one.quantity > world.stock[one.sku]
  const { status } = await ask(`PUT /items/${item.id}`, { quantity: one.quantity })
  assert.equal(status, closed ? 409 : short ? 422 : 200)
  if (status !== 200) return
  if (one.quantity === 0) believed.lines.delete(one.sku)
  else believed.lines.set(one.sku, one.quantity)
}

async function setPrice(
  { house, prices, variants }: World,
  { sku, amount }: Step & { do: 'price' },
) {
  const price = (amount / 100).toFixed(2)
  await made(house, `PUT /api/v1/products/variants/${variants[sku]}/price`, { price })
  prices[sku] = amount
}

async function merge({ house, carts, session_id, as, stock }: World): Promise<void> {
  const guests = [carts.first, carts.second].filter(({ status }) => status === 'Active')
  const { status, data } = await house.ask('POST /api/v1/carts/merge', { session_id }, as)
  if (guests.length === 0 && carts.own.status !== 'Active') return assert.equal(status, 404)
  assert.equal(status, 200, JSON.stringify(data))
  if (carts.own.status !== 'Active') {
    carts.own = { ...carts.own, id: data.id, lines: new Map(), codes: new Set(), status: 'Active' }
  }
  assert.equal(data.id, carts.own.id)
  for (const guest of guests) {
    for (const [one, quantity] of guest.lines) {
      const sum = quantity + (carts.own.lines.get(one) ?? 0)
      carts.own.lines.set(one, Math.min(sum, stock[one]))
    }
    for (const entered of guest.codes) carts.own.codes.add(entered)
    Object.assign(guest, { status: 'Converted', lines: new Map() })
  }
}

/** Every cart is as the model believes, its money adds up, and no law is broken. */
export async function agree({ house, carts, prices, variants }: World): Promise<void> {
  for (const { id, lines, codes, status, who } of Object.values(carts)) {
    const { data } = await house.ask(`GET /api/v1/carts/${id}`, undefined, who)
    assert.equal(data.cart.status, status)
    const told = new Map(data.items.map((item: any) => [item.variant_id, item.quantity]))
    assert.deepEqual(told, new Map([...lines].map(([one, count]) => [variants[one], count])))
    if (status === 'Active') assertMoney(data, { lines, codes, prices })
  }
  assert.deepEqual(await house.violations(), [])
}

type Facts = { lines: Map<SKU, number>; codes: Set<Code>; prices: Record<SKU, number> }

/** Goods, codes, shipping and tax added up by hand, in cents. */
function assertMoney({ cart, items }: any, { lines, codes, prices }: Facts): void {
  const cents = (amount: string) => parseMoney(amount, 'USD')
  const sum = (member: string) =>
    items.reduce((all: number, item: any) => all + cents(item[member]), 0)
  let subtotal = 0
  for (const [one, count] of lines) subtotal += prices[one] * count
  let discount = 0
  for (const [name, terms] of Object.entries(CODES)) {
    if (!codes.has(name as Code) || subtotal < terms.minimum || subtotal === 0) continue
    const left = subtotal - discount
    const percent = 'percent' in terms ? Math.round((left * terms.percent) / 100) : 0
    discount += 'fixed' in terms ? Math.min(left, terms.fixed) : percent
  }
  const shipping = subtotal === 0 || subtotal >= 5000 ? 0 : 1000
  assert.equal(cents(cart.subtotal), subtotal)
  assert.equal(cents(cart.discount_total), discount)
  assert.equal(cents(cart.shipping_total), shipping)
  assert.equal(sum('line_total'), subtotal)
  assert.equal(sum('discount_total'), discount)
  for (const item of items) {
    const net = cents(item.line_total) - cents(item.discount_total)
    assert.ok(net >= 0)
    assert.equal(cents(item.net_total), net)
    assert.equal(cents(item.tax_total), Math.floor((net * 8 + 50) / 100))
    assert.equal(cents(item.gross_total), net + cents(item.tax_total))
  }
  assert.equal(cents(cart.tax_total), sum('tax_total'))
  assert.equal(cents(cart.total), sum('gross_total') + shipping)
}
