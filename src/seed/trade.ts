import { DomainError } from '#kit/errors'
import { formatMoney } from '#kit/money'
import { type Caller, inCrowds } from './caller.ts'
import type { DemoAddress, DemoCustomer, DemoOrder, DemoOrderStep } from './demo/types.ts'

/** A moment of the year: an order is placed, or one of its later steps is taken. */
type Step = { at: string; order: DemoOrder; step?: DemoOrderStep }
type Placed = { id: string; total_amount: string; currency: string; payment_id?: string }

/** Makes the customers with their addresses. Answers their ids by e-mail. */
export async function inviteCustomers(
  caller: Caller,
  customers: readonly DemoCustomer[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const inTime = customers.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
  await inCrowds(inTime, async (person) => {
    const { email, first_name, last_name, phone, accepts_marketing, created_at } = person
    const customer = { email, first_name, last_name, accepts_marketing, ...(phone && { phone }) }
    const { id } = await caller.call('customers.create', customer, created_at)
    const home = { id, first_name, last_name, ...homeOf(person.address) }
    await caller.call('customers.add_address', home, created_at)
    ids.set(email, id)
  })
  return ids
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
  customers: ReadonlyMap<string, string>,
): Promise<void> {
  const placed = new Map<string, Placed>()
  await inCrowds(
    stepsOf(orders),
    async ({ order, step }) => {
      if (step) await follow(caller, placed.get(order.reference) as Placed, step)
      else placed.set(order.reference, await place(caller, order, customers))
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

async function place(
  caller: Caller,
  order: DemoOrder,
  customers: ReadonlyMap<string, string>,
): Promise<Placed> {
  const basket = {
    customer_id: customers.get(order.customer_email),
    currency: order.currency,
    items: order.lines.map(({ sku, quantity }) => ({ product_id: sku, quantity })),
    shipping_address: order.shipping_address,
    notes: order.notes ?? null,
  }
  const made = await caller.call('orders.create', basket, order.placed_at)
  return { id: made.id, total_amount: made.total_amount, currency: order.currency }
}

async function follow(caller: Caller, order: Placed, step: DemoOrderStep): Promise<void> {
  const { id } = order
  const { at } = step
  switch (step.do) {
    case 'decline':
      return declined(pay(caller, order, { at, with: 'pm_test_declined' }))
    case 'pay':
      order.payment_id = (await pay(caller, order, { at, with: 'pm_test_success' })).id
      return
    case 'ship':
      return void (await caller.call('orders.set_status', { id, status: 'shipped' }, at))
    case 'deliver':
      return void (await caller.call('orders.set_status', { id, status: 'delivered' }, at))
    case 'cancel':
      return void (await caller.call('orders.cancel', { id, reason: step.reason }, at))
    case 'refund': {
      const amount = formatMoney(step.amount, order.currency)
      const refund = { id: order.payment_id, amount, reason: step.reason }
      return void (await caller.call('payments.refund', refund, at))
    }
  }
}

function pay(caller: Caller, order: Placed, how: { at: string; with: string }) {
  const payment = {
    order_id: order.id,
    amount: order.total_amount,
    currency: order.currency,
    payment_method: 'credit_card',
    payment_method_id: how.with,
  }
  return caller.call('payments.create', payment, how.at)
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
