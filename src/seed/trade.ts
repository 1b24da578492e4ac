import { DomainError } from '#kit/errors'
import { formatMoney } from '#kit/money'
import { type Caller, inCrowds } from './caller.ts'
import { type Basket, beginCheckout, completeCheckout } from './check-out.ts'
import type { DemoAddress, DemoCustomer, DemoOrder, DemoOrderStep } from './demo/types.ts'

/** A moment of the year: an order is placed, or one of its later steps is taken. */
type Step = { at: string; order: DemoOrder; step?: DemoOrderStep }
/** An order that staff entered, or the basket of a buyer who is about to pay. */
type Placed = { id?: string; total_amount?: string; currency: string; basket?: Basket }
type Person = { id: string; first_name: string; last_name: string }
/** The customers by their e-mail. */
type People = ReadonlyMap<string, Person>

/** Makes the customers with their addresses. Answers them by e-mail. */
export async function inviteCustomers(
  caller: Caller,
  customers: readonly DemoCustomer[],
): Promise<People> {
  const people = new Map<string, Person>()
  const inTime = customers.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
  await inCrowds(inTime, async (person) => {
    const { email, first_name, last_name, phone, accepts_marketing, created_at } = person
    const customer = { email, first_name, last_name, accepts_marketing, ...(phone && { phone }) }
    const { id } = await caller.call('customers.create', customer, created_at)
    const home = { id, first_name, last_name, ...homeOf(person.address) }
    await caller.call('customers.add_address', home, created_at)
    people.set(email, { id, first_name, last_name })
  })
  return people
}

const homeOf = ({ street, city, state, postal_code, country }: DemoAddress) => ({
  address_line_1: street,
  city,
  province: state,
  country_code: country,
  postal_code,
  is_default_shipping: true,
  is_default_billing: true,
})

/** Lives through the year: every order and what became of it, in the order of time. */
export async function tradeForAYear(
  caller: Caller,
  orders: readonly DemoOrder[],
  people: People,
): Promise<void> {
  const placed = new Map<string, Placed>()
  await inCrowds(
    stepsOf(orders),
    async ({ order, step }) => {
      if (step) await follow(caller, placed.get(order.reference) as Placed, step)
      else placed.set(order.reference, await place(caller, order, people))
    },
    ({ order }) => order,
  )
}

function stepsOf(orders: readonly DemoOrder[]): Step[] {
  return orders
    .flatMap((order): Step[] => [
      { at: order.placed_at, order },
      ...order.history.map((step) => ({ at: step.at, order, step })),
    ])
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
}

async function place(caller: Caller, order: DemoOrder, people: People): Promise<Placed> {
  const person = people.get(order.customer_email) as Person
  if (order.checkout) {
    return { currency: order.currency, basket: await beginCheckout(caller, order, person) }
  }
  const basket = {
    customer_id: person.id,
    currency: order.currency,
    items: order.lines.map(({ sku, quantity }) => ({ product_id: sku, quantity })),
    shipping_address: order.shipping_address,
    notes: order.notes ?? null,
  }
  const made = await caller.call('orders.create', basket, order.placed_at)
  const { id, total_amount } = made
  return { id, total_amount, currency: order.currency }
}

async function follow(caller: Caller, order: Placed, step: DemoOrderStep): Promise<void> {
  const { id } = order
  const { at } = step
  switch (step.do) {
    case 'decline':
      return declined(pay(caller, order, { at, token: 'pm_test_declined' }))
    case 'pay':
      return pay(caller, order, { at, token: 'pm_test_success' })
    case 'ship':
      return void (await caller.call('orders.set_status', { id, status: 'shipped' }, at))
    case 'deliver':
      return void (await caller.call('orders.set_status', { id, status: 'delivered' }, at))
    case 'cancel':
      return void (await caller.call('orders.cancel', { id, reason: step.reason }, at))
    case 'refund':
      return refund(caller, order, step)
  }
}

type Means = { at: string; token: string }

/** By the checkout where there is one: what is paid there becomes an order. */
async function pay(caller: Caller, order: Placed, { at, token }: Means): Promise<void> {
  if (order.basket) {
    order.id = await completeCheckout(caller, order.basket, { at, token })
    return
  }
  const payment = {
    order_id: order.id,
    amount: order.total_amount,
    currency: order.currency,
    payment_method: 'credit_card',
    payment_method_id: token,
  }
  await caller.call('payments.create', payment, at)
}

async function declined(payment: Promise<unknown>): Promise<void> {
  try {
    await payment
  } catch (error) {
    if (error instanceof DomainError && error.status === 402) return
    throw error
  }
  throw new Error('a payment that should be declined went through')
}

type Refund = Extract<DemoOrderStep, { do: 'refund' }>

/** Units go back at what was paid for them, whatever was taken off or added to their price. */
async function refund(caller: Caller, order: Placed, step: Refund): Promise<void> {
  const { at, reason, lines } = step
  const { id, currency } = order
  const { items } = await caller.call('orders.get', { id }, at)
  const goodwill = { amount: formatMoney(step.amount, currency) }
  const units = lines.map(({ sku, quantity }) => ({
    item_id: items.find((item: { sku: string }) => item.sku === sku).id,
    quantity,
  }))
  const what = lines.length === 0 ? goodwill : step.whole ? {} : { items: units }
  await caller.call('orders.refund', { id, reason, ...what }, at)
}
