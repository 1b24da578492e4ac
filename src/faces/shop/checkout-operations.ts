import type { Static } from 'typebox'
import { cartErrors } from '#modules/carts'
import {
  checkoutErrors,
  getHosted,
  HostedCheckout,
  openHosted,
  type WantedPage,
} from '#modules/checkout'
import { inventoryErrors } from '#modules/inventory'
import { findOrder, printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import { process } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { cartToBuy } from './cart-operations.ts'
import { nameOf } from './names.ts'
import { shopOrderNumber } from './order-number.ts'
import * as of from './schemas.ts'

const session_id = 'sess_kD3vXw0qTgS8mZr5'
const open = { permission: 'public', secret: true } as const
const errors = [
  cartErrors.not_found,
  checkoutErrors.cart_empty,
  checkoutErrors.items_unavailable,
  inventoryErrors.insufficient_stock,
  checkoutErrors.hosted_refused,
  checkoutErrors.hosted_unreachable,
  checkoutErrors.hosted_busy,
]

/** Paying at the provider: its page, the same embedded, or an intent for a form of one's own. */
export const checkoutOperations = {
  open: process('shop.open_session', {
    ...open,
    rest: 'POST /api/checkout/session',
    summary: "Open a checkout session of the payment provider for the caller's cart",
    input: of.OpenSession,
    output: HostedCheckout,
    errors,
    example: { session_id, mode: 'redirect', success_url: 'https://shop.example/thanks' },
    run: openSession,
  }),
  read: process('shop.get_session', {
    ...open,
    rest: 'GET /api/checkout/session/:checkout_session_id',
    summary: 'Read how a checkout session stands',
    input: of.SessionQuestion,
    output: of.SessionStatus,
    errors: [checkoutErrors.hosted_not_found],
    example: { session_id, checkout_session_id: 'cs_test_a1b2c3' },
    run: readSession,
  }),
  intent: process('shop.open_intent', {
    ...open,
    rest: 'POST /api/checkout/payment-intent',
    summary: "Open a payment intent for the caller's cart, or the one named in `metadata`",
    input: of.OpenIntent,
    output: HostedCheckout,
    errors: [...errors, checkoutErrors.amount_mismatch, checkoutErrors.nothing_to_pay],
    example: { session_id, amount: 34498, currency: 'usd' },
    run: openIntent,
  }),
}

type Asked = Pick<
  Static<typeof of.OpenSession>,
  'session_id' | 'customer_email' | 'shipping' | 'metadata'
>

/** Everything that page and intent have in common; the labels are those of the document. */
async function wanted(ctx: ProcessContext, asked: Asked): Promise<Omit<WantedPage, 'kind'>> {
  const { session_id, customer_email: email, shipping } = asked
  const metadata = textsOf(asked.metadata)
  const { cart_id, labels } = await ctx.transaction(
    (tx) => named(tx, { ...asked, cart_id: metadata.cart_id }),
    'read committed',
  )
  return {
    cart_id,
    ...(session_id && { session_id }),
    ...(email && { email }),
    ...(shipping && { shipping_address: addressOf(shipping) }),
    metadata,
    labels,
  }
}

async function named(ctx: Context, asked: Asked & { cart_id?: string | undefined }) {
  const { session_id, cart_id: name } = asked
  const cart_id = await cartToBuy(ctx, { ...(session_id && { session_id }), cart_id: name })
  const { customer_id, user_id } = ctx.actor
  const user = customer_id ?? user_id
  return {
    cart_id,
    labels: {
      cart_id: await nameOf(ctx, 'cart', cart_id),
      ...(user && { user_id: await nameOf(ctx, 'user', user) }),
    },
  }
}

/** What a client keeps is text: so it is told back by every provider. */
const textsOf = (metadata: Asked['metadata']): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, String(value)]))

const addressOf = (shipping: NonNullable<Asked['shipping']>) => ({
  first_name: shipping.first_name,
  last_name: shipping.last_name,
  address_line_1: shipping.address_1,
  address_line_2: shipping.address_2 ?? null,
  city: shipping.city,
  province: shipping.state,
  postal_code: shipping.postcode,
  country_code: shipping.country.toUpperCase(),
  phone: shipping.phone ?? null,
})

async function openSession(ctx: ProcessContext, input: Static<typeof of.OpenSession>) {
  const { success_url, cancel_url, mode } = input
  const { labels, ...rest } = await wanted(ctx, input)
  const kind = mode === 'redirect' ? ('page' as const) : ('embedded' as const)
  return openHosted(ctx, { ...rest, ...withLabels(labels), kind, success_url, cancel_url })
}

async function openIntent(ctx: ProcessContext, input: Static<typeof of.OpenIntent>) {
  const { amount, currency, payment_method_types } = input
  const { labels, ...rest } = await wanted(ctx, input)
  return openHosted(ctx, {
    ...rest,
    ...withLabels(labels),
    kind: 'intent',
    amount,
    currency,
    ...(payment_method_types && { payment_method_types }),
  })
}

const withLabels = (labels: WantedPage['labels']) => (labels ? { labels } : {})

async function readSession(
  ctx: ProcessContext,
  { checkout_session_id: ref, session_id }: Static<typeof of.SessionQuestion>,
): Promise<Static<typeof of.SessionStatus>> {
  const page = await getHosted(ctx, { ref, ...(session_id && { session_id }) })
  const { order_id } = page
  const order = order_id && (await ctx.transaction((tx) => orderNamed(tx, order_id)))
  return {
    session_id: page.ref ?? ref,
    status: page.state,
    payment_status: page.payment_status,
    amount_total: page.amount,
    currency: page.currency.toLowerCase(),
    customer_email: page.customer_email,
    order_id: order ? order.order_id : null,
    order_number: order ? order.order_number : null,
    metadata: page.metadata,
  }
}

/** What the order is called here. Whoever may read the session may know it. */
async function orderNamed(ctx: Context, id: string) {
  const { number, placed_at } = await findOrder(asHouse(ctx), id)
  return {
    order_id: await nameOf(ctx, 'order', id),
    order_number: shopOrderNumber(printOrderNumber(number), placed_at),
  }
}

const asHouse = (ctx: Context): Context => ({ ...ctx, actor: { ...ctx.actor, own_only: false } })

/** A session as the call that opened it is answered. */
export function openedSession(page: Static<typeof HostedCheckout>) {
  const { ref: session_id, url, client_secret, publishable_key, expires_at, kind } = page
  if (kind === 'page') return { session_id, url, expires_at }
  return { session_id, client_secret, publishable_key, expires_at }
}

export const openedIntent = (page: Static<typeof HostedCheckout>) => ({
  payment_intent_id: page.ref,
  client_secret: page.client_secret,
  amount: page.amount,
  currency: page.currency.toLowerCase(),
  status: page.payment_status === 'paid' ? 'succeeded' : 'requires_payment_method',
})
