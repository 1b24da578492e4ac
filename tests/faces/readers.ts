import assert from 'node:assert/strict'
import { keptOf } from '../../src/modules/checkout/tests/hosted.ts'
import type { House } from '../testing.ts'
import { askUcp } from './agent-buyers.ts'
import { type Bought, made, SKU, type Stage, UNITS } from './stage.ts'

const nameOn = async (house: House, face: string, id: string): Promise<string> => {
  const named = { face, kind: 'order', entity_ids: [id] }
  const { data } = await house.ask('POST /api/v1/external-ids', named)
  return data.items[0].public_id
}

/** How a face spells that an order is paid and waits, or was cancelled and paid back. */
const STATES = {
  paid: {
    canonical: ['confirmed', 'paid'],
    ecommerce: 'paid',
    mcp: ['confirmed', 'paid'],
    woocommerce: 'processing',
  },
  cancelled: {
    canonical: ['cancelled', 'refunded'],
    ecommerce: 'cancelled',
    mcp: ['cancelled', 'refunded'],
    woocommerce: 'refunded',
  },
} as const

/** An order as WooCommerce has it: the one that came last when it was first read. */
function ordersThere({ woo, sent }: Stage, order_id: string) {
  const id = sent.get(order_id) ?? [...woo.books.orders.keys()].at(-1) ?? 0
  sent.set(order_id, id)
  return woo.books.orders.get(id)
}

/**
 * Reads an order through every face that has it: they must tell the same sum and the same state.
 */
export async function readEverywhere(
  stage: Stage,
  { order_id, total, again }: Bought,
  { face, state }: { face: string; state: keyof typeof STATES },
): Promise<void> {
  const { house, kit, staff } = stage
  await kit.drain()
  const expected = STATES[state]
  const { data: order } = await house.ask(`GET /api/v1/orders/${order_id}`)
  assert.deepEqual(
    [order.total_amount, order.status, order.payment_status],
    [total, ...expected.canonical],
    `${face}, read through the canonical face`,
  )
  const { data: payments } = await house.ask(`GET /api/v1/payments/order/${order_id}`)
  const charged = state === 'paid' ? [Math.round(Number(total) * 100)] : []
  assert.deepEqual(keptOf({ payments }), charged, `${face}, what was charged`)
  const name = await nameOn(house, 'ecommerce', order_id)
  const { body: thin } = await house.send(`GET /api/v1/ecommerce/orders/${name}`)
  const through = `${face}, read through`
  assert.deepEqual([thin.total, thin.status], [total, expected.ecommerce], `${through} e-commerce`)
  const told = await staff.told('get_order', { order: order.order_number })
  assert.deepEqual(
    [told.total_amount, told.status, told.payment_status],
    [total, ...expected.mcp],
    `${through} MCP`,
  )
  const there = ordersThere(stage, order_id)
  assert.deepEqual(
    [there?.total, there?.status],
    [total, expected.woocommerce],
    `${through} WooCommerce`,
  )
  if (again) assert.equal((await again())[0], total, `${face}, read again through itself`)
}

/** Reads what is left through every face that tells it. */
export async function stockEverywhere(stage: Stage, face: string, left: number): Promise<void> {
  const { house, woo, staff, product_id } = stage
  const { data: item } = await house.ask(`GET /api/v1/inventory/${SKU}`)
  const { body: thin } = await house.send(`GET /api/v1/ecommerce/products/${product_id}`)
  const { body: short } = await house.send('POST /api/cart/items', {
    body: { product_id: SKU, quantity: UNITS + 1 },
  })
  const held = await staff.told('get_stock', { item: SKU })
  const shown = await staff.told('get_product', { product: SKU })
  const { body: csv } = await house.send('GET /api/v1/agentic-checkout/catalog?format=json')
  const [there] = [...woo.books.products.values()]
  const ucp = made(await askUcp(stage)('POST /catalog/lookup', { ids: [SKU] }))
  const told = {
    canonical: Number(item.quantities.available),
    ecommerce: thin.stock,
    shop: short.available_quantity,
    mcp: Number(held.quantities.available),
    mcp_product: shown.variants[0].available_quantity,
    feed: csv.feed.products[0].inventory_quantity,
    woocommerce: there?.stock_quantity,
  }
  const same = Object.fromEntries(Object.keys(told).map((name) => [name, left]))
  assert.deepEqual(told, same, `stock after ${face}`)
  assert.equal(ucp.products[0].variants[0].availability.available, left > 0)
}
