import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Engine } from '#platform/database/database'
import { type House, openHouse } from '#testing'

export const ADDRESS = {
  name: 'Ada Brook',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}
const WAREHOUSE = {
  street: '1 Dock Road',
  city: 'Boston',
  state: 'MA',
  postal_code: '02110',
  country: 'US',
}

/** Units of each SKU at each location. */
export type Shelves = Record<string, Record<string, number>>

/** A house with locations EAST (asked first) and WEST, products of 250 g, and one customer. */
export async function openDock(
  engine: Engine,
  shelves: Shelves = { MUG: { EAST: 100 } },
  options: Parameters<typeof openHouse>[1] = {},
) {
  return dockIn(await openHouse(engine, options), shelves)
}

/** The same in a house that is open and empty. */
export async function dockIn(house: House, shelves: Shelves = { MUG: { EAST: 100 } }) {
  const made = makerOf(house)
  const places: Record<string, string> = {}
  for (const [nth, code] of ['EAST', 'WEST'].entries()) {
    const location = { code, name: code, priority: nth + 1, address: WAREHOUSE }
    places[code] = (await made('POST /api/v1/locations', location)).id
  }
  for (const [sku, levels] of Object.entries(shelves)) {
    const product = { name: `The ${sku}`, sku, price: '10.00', weight_kg: '0.25' }
    await made('POST /api/v1/products', product)
    for (const [location_id, quantity_on_hand] of Object.entries(levels)) {
      await made('POST /api/v1/inventory', { item_number: sku, location_id, quantity_on_hand })
    }
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made('POST /api/v1/customers', person)
  return Object.assign(house, dockOf(house, { made, places, customer_id }))
}

type Parts = {
  made: (route: string, body?: object) => Promise<any>
  places: Record<string, string>
  customer_id: string
}

/** Asks for what must work; answers what came of it. */
export const makerOf =
  (house: House): Parts['made'] =>
  async (route, body) => {
    const answer = await house.ask(route, body)
    assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
    return answer.data
  }

/** What tests ask of a dock, on a house that has one already too. */
export const dockOf = (house: House, { made, places, customer_id }: Parts) => ({
  made,
  places,
  customer_id,
  /** Places an order of so many units of each SKU, confirmed unless said. */
  async place(lines: Record<string, number>, status: string | null = 'confirmed') {
    const order = await made('POST /api/v1/orders', {
      customer_id,
      items: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
      shipping_address: ADDRESS,
    })
    if (status) await made(`PUT /api/v1/orders/${order.id}/status`, { status })
    return order
  },
  order: (id: string) => made(`GET /api/v1/orders/${id}`),
  shipment: (id: string) => made(`GET /api/v1/shipments/${id}`),
  create: (order: { id: string }, more: object = {}) =>
    made('POST /api/v1/shipments', { order_id: order.id, ...more }),
  post: (id: string, verb: string, body: object = {}) =>
    house.ask(`POST /api/v1/shipments/${id}/${verb}`, body),
  /** On hand, reserved and other states of a SKU at each location. */
  stock: (sku: string) => stockOf(house, sku),
  /** The statuses of an order: its own, and how much has left. */
  async standing(id: string): Promise<string> {
    const { status, fulfillment_status } = await made(`GET /api/v1/orders/${id}`)
    return `${status} ${fulfillment_status}`
  },
  /** Answers of a small read of the database. */
  async rows<T>(text: string): Promise<T[]> {
    return house.database.read(async (session) => {
      return (await sql.raw<T>(text).execute(session.kysely)).rows
    })
  },
})

export type Dock = Awaited<ReturnType<typeof openDock>>

async function stockOf(house: House, sku: string) {
  const { rows } = await house.database.read((session) =>
    sql<{ code: string; on_hand: number; reserved: number }>`
      select l.code, s.on_hand, s.reserved from stock_levels as s
      join locations as l on l.id = s.location_id
      join inventory_items as i on i.id = s.item_id
      where i.sku = ${sku} order by l.code`.execute(session.kysely),
  )
  return Object.fromEntries(
    rows.map(({ code, on_hand, reserved }) => [code, [Number(on_hand), Number(reserved)]]),
  )
}

/** The line of a SKU in an order. */
export const lineOf = (order: { items: any[] }, sku: string): string =>
  order.items.find((one) => one.sku === sku)?.id
