import assert from 'node:assert/strict'
import type { Method as Token } from '../money.ts'
import { ask, expectStatus } from '../play.ts'
import type { Said } from './checkouts.ts'
import type { Step, StepOf } from './steps.ts'
import type { Destination } from './terms.ts'
import { asOwner, type Bazaar, EMAILS } from './world.ts'

type OnCheckout = StepOf<
  'start' | 'rush' | 'say' | 'complete' | 'confirm_checkout' | 'cancel_checkout'
>

const PLACES: Record<Destination, object> = {
  ME: { city: 'Portland', province: 'ME', postal_code: '04101', country_code: 'us' },
  TX: { city: 'Austin', province: 'TX', postal_code: '73301', country_code: 'US' },
  DE: { city: 'Berlin', province: 'BE', postal_code: '10115', country_code: 'DE' },
}
const address = (destination: Destination) => ({
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  ...PLACES[destination],
})
const means = (token: Token | undefined) =>
  token && { payment_method: 'CreditCard', payment_token: `pm_test_${token}` }

/** Plays one step of a checkout on both. */
export async function playCheckout(world: Bazaar, step: OnCheckout): Promise<void> {
  if (step.do === 'start') return start(world, step, step)
  if (step.do === 'rush') return rush(world, step)
  if (step.do === 'say') return say(world, step)
  if (step.do === 'complete') return complete(world, step, step)
  const { shop } = world
  const { nth } = step
  const answer =
    step.do === 'confirm_checkout'
      ? await asked(world, step, { route: 'POST /confirm' })
      : await asked(world, step, { route: 'DELETE ' })
  const status =
    step.do === 'confirm_checkout' ? shop.confirmCheckout(nth) : shop.cancelCheckout(nth)
  expectStatus(answer, status, step)
}

type OfNth = { nth: number; twice: boolean }

function asked(world: Bazaar, step: OfNth, { route, body }: { route: string; body?: object }) {
  const { shop, checkoutIds } = world
  const { cart } = shop.checkout(step.nth)
  const as = asOwner(world, shop.cart(cart).owner)
  const [method, path = ''] = route.split(' ')
  const to = `${method} /api/v1/checkout/${checkoutIds[step.nth]}${path}`
  return ask(world, { route: to, ...(body && { body }), as }, step)
}

/** `step.nth` is a cart. */
async function start(world: Bazaar, step: OfNth, said: Said): Promise<void> {
  const { shop, cartIds, checkoutIds } = world
  const { who, destination, method, token } = said
  const body = {
    cart_id: cartIds[step.nth],
    ...(who && { email: EMAILS[who] }),
    ...(destination && { shipping_address: address(destination) }),
    ...(method && { shipping_method: method }),
    ...means(token),
  }
  const as = asOwner(world, shop.cart(step.nth).owner)
  const answer = await ask(world, { route: 'POST /api/v1/checkout', body, as }, step)
  const begun = shop.start(step.nth, { who, destination, method, token })
  expectStatus(answer, begun.status, step)
  if (answer.status !== 201 || begun.checkout === undefined) return
  checkoutIds[begun.checkout] ??= answer.data.id
  assert.equal(answer.data.id, checkoutIds[begun.checkout])
}

async function rush(world: Bazaar, step: StepOf<'rush'>): Promise<void> {
  await start(world, step, step)
  const nth = world.shop.checkouts.findLastIndex(({ cart }) => cart === step.nth)
  if (nth >= 0) await complete(world, { ...step, nth }, { token: undefined })
}

const PATHS = {
  who: 'PUT /customer',
  destination: 'PUT /shipping-address',
  method: 'PUT /shipping-method',
  token: 'PUT /payment',
}

async function say(world: Bazaar, step: StepOf<'say'>): Promise<void> {
  const { who, destination, method, token }: Said = step.said
  const [what] = Object.keys(step.said) as (keyof typeof PATHS)[]
  const body = {
    ...(who && { email: EMAILS[who] }),
    ...(destination && address(destination)),
    ...(method && { method }),
    ...means(token),
  }
  const answer = await asked(world, step, { route: PATHS[what as keyof typeof PATHS], body })
  expectStatus(answer, world.shop.say(step.nth, step.said), step)
}

async function complete(
  world: Bazaar,
  step: OfNth & Pick<Step, 'do'>,
  { token }: { token: Token | undefined },
): Promise<void> {
  const { shop, orderIds, paymentIds } = world
  const orders = shop.orders.length
  const before = shop.checkout(step.nth).shown
  const answer = await asked(world, step, { route: 'POST /complete', body: { ...means(token) } })
  const { status, isNew, payment } = shop.complete(step.nth, token)
  expectStatus(answer, status, { ...step, before })
  const { data, error } = answer
  if (shop.orders.length > orders) orderIds.push(data?.order_id ?? error.details.order_id)
  if (isNew) paymentIds.push(data?.payment.id ?? error.details.payment_id)
  if (status !== 201) return
  const order = shop.checkout(step.nth).order as number
  assert.deepEqual(
    [data.order_id, data.payment?.status ?? null],
    [orderIds[order], payment],
    JSON.stringify(step),
  )
}
