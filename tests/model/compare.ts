import assert from 'node:assert/strict'
import { parseMoney } from '#kit/money'
import type { World } from './play.ts'
import { PLACES, SKUS } from './stock.ts'

/** Everything that the shop answers about itself must be what the model says, and no law broken. */
export async function compare(world: World): Promise<void> {
  await compareStock(world)
  await compareOrders(world)
  await comparePayments(world)
  assert.deepEqual(await world.house.violations(), [])
}

/** What is on the shelves and promised. */
export async function compareStock({ house, shop }: World): Promise<void> {
  const { data } = await house.ask('GET /api/v1/inventory?limit=100')
  const told: Record<string, string> = {}
  for (const { item_number, locations } of data.items) {
    for (const { location_name, quantities } of locations) {
      told[`${item_number} ${location_name}`] = `${quantities.on_hand} − ${quantities.allocated}`
    }
  }
  for (const sku of SKUS) {
    for (const at of PLACES) {
      const believed = `${shop.stock.standing(sku, at)} − ${shop.stock.promised(sku, at)}`
      assert.equal(told[`${sku} ${at}`] ?? '0 − 0', believed, `${sku} ${at}`)
    }
  }
}

async function compareOrders({ house, shop, orderIds }: World): Promise<void> {
  const { data } = await house.ask(
    'GET /api/v1/orders?limit=100&sort_by=order_number&sort_order=asc',
  )
  const told = data.items.map((order: any) => ({
    nth: orderIds.indexOf(order.id),
    total: parseMoney(order.total_amount, 'USD'),
    status: order.status,
    paid: order.payment_status,
    fulfilled: order.fulfillment_status === 'fulfilled',
  }))
  const believed = shop.orders.flatMap(({ total, status, paid, fulfilled, ...order }, nth) =>
    order.archived || order.deleted ? [] : [{ nth, total, status, paid, fulfilled }],
  )
  assert.deepEqual(told, believed)
  assert.equal(data.total, believed.length)
}

/** Every payment with its sums. */
export async function comparePayments({ house, shop, paymentIds }: World): Promise<void> {
  if (paymentIds.length === 0) return
  const { data } = await house.ask('GET /api/v1/payments?limit=100')
  const money = (amount: string) => parseMoney(amount, 'USD')
  const told = paymentIds.map((id) => {
    const payment = data.items.find((one: { id: string }) => one.id === id)
    return {
      status: payment?.status,
      authorized: money(payment?.authorized_amount ?? '-1'),
      captured: money(payment?.captured_amount ?? '-1'),
      voided: money(payment?.voided_amount ?? '-1'),
      refunded: money(payment?.refunded_amount ?? '-1'),
    }
  })
  const believed = shop.payments.map(({ status, authorized, captured, voided, refunded }) => ({
    status,
    authorized,
    captured,
    voided,
    refunded,
  }))
  assert.deepEqual(told, believed)
}
