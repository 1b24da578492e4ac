import { parseMoney } from '#kit/money'
import type { Cart as CartAnswer } from '#modules/carts'
import { filled, less, type Message, metadata, more, type Total } from './answers.ts'
import type { Asked, Call } from './calls.ts'
import { NoSuchThing } from './fault.ts'
import { type Cart, readCart } from './requests.ts'

const capability = 'dev.ucp.shopping.cart'
const DISCOUNT = 'dev.ucp.shopping.discount'

/**
 * A cart of nobody in particular is the guest's who knows its secret. The protocol has one word for
 * a cart, so its name here is both.
 */
type Ref = { id: string; session_id?: string | undefined }
const nameOf = ({ id, session_id }: Ref) => (session_id ? `${id}.${session_id}` : id)
function refOf(name: string): Ref {
  const [id = '', session_id] = name.split('.')
  return { id, session_id }
}

type Read = { cart: Omit<CartAnswer, 'items'>; items: CartAnswer['items'] }
async function read({ caller }: Asked, ref: Ref): Promise<CartAnswer> {
  const { cart, items } = (await caller.ask('carts.get', ref)) as Read
  return { ...cart, items }
}

const isClosed = ({ status }: CartAnswer) => status !== 'Active' && status !== 'Converting'

/** What a cart holds, for the checkout that is made of it. A closed one is not there. */
export async function cartItems(asked: Asked, name: string) {
  const cart = await read(asked, refOf(name))
  if (isClosed(cart)) throw new NoSuchThing('The cart is closed.')
  return cart.items.map(({ variant_id, quantity }) => ({ id: variant_id, quantity }))
}

const placeOf = ({ context }: Cart) =>
  context?.address_country
    ? filled({
        country_code: context.address_country,
        province: context.address_region,
        postal_code: context.postal_code,
      })
    : undefined

async function create(asked: Asked): Promise<{ cart: CartAnswer; ref: Ref }> {
  const wanted = readCart(asked.body)
  const { context, buyer, discounts } = wanted
  const cart = (await asked.caller.ask('carts.create', {
    ...filled({
      currency: context?.currency,
      email: buyer?.email,
      shipping_address: placeOf(wanted),
    }),
    items: wanted.line_items.map(({ item, quantity }) => ({ ...articleOf(item.id), quantity })),
    coupon_codes: discounts?.codes ?? [],
  })) as CartAnswer
  return { cart, ref: { id: cart.id, session_id: cart.session_id ?? undefined } }
}

/** Ids and SKUs are told apart by whoever looks them up. */
const articleOf = (id: string) => ({ variant_id: id })

/** Makes a cart hold just these lines. Each step can be taken again, and the end is the same. */
async function update(asked: Asked): Promise<{ cart: CartAnswer; ref: Ref }> {
  const wanted = readCart(asked.body)
  const ref = refOf(asked.id)
  const { caller } = asked
  // Under the request's own key: another body with it is refused here, before anything changes.
  const email = wanted.buyer?.email ?? null
  const before = (await caller.ask('carts.update', { ...ref, email })) as CartAnswer
  const left = new Map(
    before.items.flatMap((item) =>
      [item.variant_id, item.sku, item.product_id].map((name) => [name, item] as const),
    ),
  )
  const kept = new Set<string>()
  for (const { item, quantity } of wanted.line_items) {
    const line = left.get(item.id as never)
    if (line) {
      kept.add(line.id)
      if (line.quantity === quantity) continue
      await caller.askAgain('carts.set_item', { ...ref, item_id: line.id, quantity })
    } else await caller.askAgain('carts.add_item', { ...ref, ...articleOf(item.id), quantity })
  }
  for (const { id: item_id } of before.items.filter(({ id }) => !kept.has(id))) {
    await caller.askAgain('carts.set_item', { ...ref, item_id, quantity: 0 })
  }
  await replaceCodes(asked, { ref, before, codes: wanted.discounts?.codes ?? [] })
  const place = placeOf(wanted)
  if (place) await caller.askAgain('carts.set_shipping_address', { ...ref, ...place })
  return { cart: await read(asked, ref), ref }
}

type Codes = { ref: Ref; before: CartAnswer; codes: readonly string[] }

async function replaceCodes({ caller }: Asked, { ref, before, codes }: Codes): Promise<void> {
  const has = (list: readonly string[], code: string) =>
    list.some((one) => one.toLowerCase() === code.toLowerCase())
  for (const code of before.coupon_codes.filter((code) => !has(codes, code))) {
    await caller.askAgain('carts.remove_coupon', { ...ref, code })
  }
  for (const code of codes.filter((code) => !has(before.coupon_codes, code))) {
    await caller.askAgain('carts.add_coupon', { ...ref, code })
  }
}

async function cancel(asked: Asked): Promise<{ cart: CartAnswer; ref: Ref }> {
  const ref = refOf(asked.id)
  const cart = await read(asked, ref)
  if (!isClosed(cart)) await asked.caller.ask('carts.abandon', ref)
  return { cart, ref }
}

async function get(asked: Asked): Promise<{ cart: CartAnswer; ref: Ref }> {
  const ref = refOf(asked.id)
  const cart = await read(asked, ref)
  if (isClosed(cart)) throw new NoSuchThing('The cart is closed.')
  return { cart, ref }
}

function printed({ platform }: Asked, { cart, ref }: { cart: CartAnswer; ref: Ref }) {
  const minor = (text: string) => parseMoney(text, cart.currency)
  const messages = cart.notices.map(
    ({ code, message }): Message => ({ type: 'warning', code, content: message }),
  )
  return {
    ucp: metadata(platform, capability),
    id: nameOf(ref),
    currency: cart.currency,
    line_items: cart.items.map((item) => lineOf(item, minor)),
    ...(cart.email !== null && { buyer: { email: cart.email } }),
    totals: totalsOf(cart, minor),
    ...(messages.length > 0 && { messages }),
    expires_at: cart.expires_at,
    ...(platform.capabilities.has(DISCOUNT) && { discounts: discountsOf(cart, minor) }),
  }
}

type Minor = (text: string) => number

function lineOf(item: CartAnswer['items'][number], minor: Minor) {
  const [subtotal, discount] = [minor(item.line_total), minor(item.discount_total)]
  const { image_url } = item
  return {
    id: item.id,
    item: {
      id: item.variant_id,
      title: item.name ?? item.sku ?? item.variant_id,
      price: minor(item.unit_price),
      ...(image_url !== null && URL.canParse(image_url) && { image_url }),
    },
    quantity: item.quantity,
    totals: [
      { type: 'subtotal', amount: subtotal },
      ...less('items_discount', discount),
      { type: 'total', amount: subtotal - discount },
    ],
  }
}

/** Tax that prices contain is no entry: the others add up without it. */
function totalsOf(cart: CartAnswer, minor: Minor): Total[] {
  const subtotal = minor(cart.subtotal)
  const discount = minor(cart.discount_total)
  const shipping = minor(cart.shipping_total)
  const total = minor(cart.total)
  return [
    { type: 'subtotal', amount: subtotal },
    ...less('discount', discount),
    ...more('fulfillment', shipping),
    ...more('tax', total - subtotal + discount - shipping),
    { type: 'total', amount: total },
  ]
}

function discountsOf(cart: CartAnswer, minor: Minor) {
  const applied = cart.adjustments.filter(({ applied }) => applied)
  return {
    codes: cart.coupon_codes,
    applied: applied.map(({ code, label, amount }) => ({
      ...(code !== null && { code }),
      title: label ?? code ?? 'Discount',
      amount: minor(amount),
      automatic: code === null,
    })),
  }
}

const of =
  (run: (asked: Asked) => Promise<{ cart: CartAnswer; ref: Ref }>): Call['run'] =>
  async (asked) =>
    printed(asked, await run(asked))

export const cartCalls: readonly Call[] = [
  {
    name: 'create_cart',
    title: 'Create a cart',
    description: 'A cart of items with estimated prices.',
    route: 'POST /carts',
    status: 201,
    capability,
    operations: ['carts.create'],
    kind: 'adds',
    argument: 'cart',
    run: of(create),
  },
  {
    name: 'get_cart',
    title: 'Read a cart',
    description: 'A cart at the prices of now.',
    route: 'GET /carts/:id',
    status: 200,
    capability,
    operations: ['carts.get'],
    kind: 'reads',
    run: of(get),
  },
  {
    name: 'update_cart',
    title: 'Update a cart',
    description: 'Replaces what is in a cart.',
    route: 'PUT /carts/:id',
    status: 200,
    capability,
    operations: ['carts.update', 'carts.set_item'],
    kind: 'sets',
    argument: 'cart',
    run: of(update),
  },
  {
    name: 'cancel_cart',
    title: 'Cancel a cart',
    description: 'Gives a cart up.',
    route: 'POST /carts/:id/cancel',
    status: 200,
    capability,
    operations: ['carts.abandon'],
    kind: 'destroys',
    demandsKey: true,
    run: of(cancel),
  },
]
