import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { ensureFulfilmentOrders, shippedUnits, unshippedUnits } from '#modules/fulfilment'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import { cancelUnits, fulfilUnits, lockOrder, unfulfilUnits } from '#modules/orders'
import { type Engine, pause } from '#platform/database/database'
import { readAsSystem, systemProcess, transactAsSystem } from '#platform/execute'
import { Relay } from '#platform/relay'
import { type House, openHouse } from '#testing'
import { startRouter } from '../route-orders.ts'
import { openDue } from '../schedules.ts'

/** Units of each SKU at each location. */
export type Shelves = Record<string, Record<string, number>>

const ADDRESS = {
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** A house with locations EAST (asked first) and WEST, and what its tests ask of it. */
export async function openDepot(
  engine: Engine,
  shelves: Shelves,
  options: Parameters<typeof openHouse>[1] = {},
) {
  const house = await openHouse(engine, {
    ...options,
    settings: { outbox_poll_interval_ms: 20, ...options.settings },
  })
  const made = (route: string, body: object) => ask(house, route, body)
  const places: Record<string, string> = {}
  for (const [nth, code] of ['EAST', 'WEST', 'NORTH'].entries()) {
    const { id } = await made('POST /api/v1/locations', { code, name: code, priority: nth + 1 })
    places[code] = id
  }
  for (const [sku, levels] of Object.entries(shelves)) {
    await made('POST /api/v1/products', { name: `The ${sku}`, sku, price: '10.00' })
    for (const [location_id, quantity_on_hand] of Object.entries(levels)) {
      const stock = { item_number: sku, location_id, quantity_on_hand }
      await made('POST /api/v1/inventory', stock)
    }
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made('POST /api/v1/customers', person)
  return Object.assign(house, {
    places,
    customer_id,
    made,
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
    /** Places an order and makes its work. */
    async worked(lines: Record<string, number>, status: string | null = 'confirmed') {
      const order = await this.place(lines, status)
      const { items } = await made(`POST /api/v1/orders/${order.id}/route`, {})
      return { order, items, line: (sku: string) => lineOf(order, sku) }
    },
    work: async (order: { id: string }) =>
      (await made(`GET /api/v1/orders/${order.id}/fulfilment-orders`, undefined as never)).items,
    unrouted: async (order: { id: string }) =>
      (await made(`GET /api/v1/orders/${order.id}/fulfilment-orders`, undefined as never)).unrouted,
    read: (id: string) => made(`GET /api/v1/fulfilment-orders/${id}`, undefined as never),
    post: (id: string, verb: string, body: object = {}) =>
      house.ask(`POST /api/v1/fulfilment-orders/${id}/${verb}`, body),
    /** Ships units of a fulfilment order as shipments do, in one transaction. */
    ship: (id: string, units: Record<string, number>) => ship(house, id, units),
    /** Takes them back; they are held `here` again, or wherever the router finds them. */
    unship: (id: string, units: Record<string, number>, here = true) =>
      unship(house, id, units, here),
    /** Opens what was scheduled, as the schedule does. */
    openDue: () => openDue(systemProcess(house.app)),
    /** Lets the relay and the router do what is due. */
    async relay() {
      const relay = new Relay(house.app)
      relay.start()
      const router = startRouter(house.app)
      for (let tries = 0; tries < 500 && !(await isDone(house)); tries++) await pause(10)
      await Promise.all([relay.stop(), router.stop()])
    },
    ensure: (order: { id: string }) =>
      transactAsSystem(house.app, async (ctx) =>
        ensureFulfilmentOrders(ctx, await lockOrder(ctx, order.id)),
      ),
    /** Cancels units of an order by SKU. */
    cancelUnits: (order: any, units: Record<string, number>) =>
      transactAsSystem(
        house.app,
        async (ctx) =>
          void (await cancelUnits(ctx, await lockOrder(ctx, order.id), unitsOf(order, units))),
        'read committed',
      ),
    /** Units for sale of a SKU on each shelf that has any. */
    async onHand(sku: string): Promise<Record<string, number>> {
      const { rows } = await house.database.read((session) =>
        sql<{ code: string; on_hand: number }>`
          select l.code, s.on_hand from stock_levels as s
          join inventory_items as i on i.id = s.item_id and i.sku = ${sku}
          join locations as l on l.id = s.location_id
          where s.on_hand > 0 order by l.code`.execute(session.kysely),
      )
      return Object.fromEntries(rows.map(({ code, on_hand }) => [code, Number(on_hand)]))
    },
    async held(order: { id: string }): Promise<Record<string, number>> {
      const { rows } = await house.database.read((session) =>
        sql<{ code: string | null; quantity: number }>`
          select l.code, sum(r.quantity) as quantity from reservations as r
          left join locations as l on l.id = r.location_id
          where r.reference_id = ${order.id} and r.status in ('pending', 'confirmed')
          group by l.code`.execute(session.kysely),
      )
      return Object.fromEntries(
        rows.map(({ code, quantity }) => [code ?? 'none', Number(quantity)]),
      )
    },
  })
}

export type Depot = Awaited<ReturnType<typeof openDepot>>

/** The line of a SKU in an order, or in a fulfilment order. */
export const lineOf = (order: { items: any[] }, sku: string): string => {
  const line = order.items.find((one) => one.sku === sku)
  return line?.order_line_id ?? line?.id
}

/** What each fulfilment order has left, by location and SKU. */
export const leftOf = (items: readonly any[], places: Record<string, string>) => {
  const code = (id: string | null) =>
    Object.entries(places).find(([, place]) => place === id)?.[0] ?? 'none'
  return items
    .filter(({ status }) => ['waiting', 'scheduled', 'open', 'in_progress'].includes(status))
    .map((one) => [
      code(one.location_id),
      Object.fromEntries(
        one.items
          .map((line: any) => [line.sku, line.quantity - line.shipped_quantity])
          .filter(([, units]: [string, number]) => units > 0),
      ),
    ])
}

/** Whether every event is delivered and every order routed. */
const isDone = (house: House): Promise<boolean> =>
  readAsSystem(house.app, async (ctx) => {
    const { rows } = await sql<{ n: number }>`select
      (select count(*) from events where status in ('pending', 'processing'))
      + (select count(*) from orders_to_route) as n`.execute(ctx.session.kysely)
    return Number(rows[0]?.n) === 0
  })

async function ask(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

const unitsOf = (one: any, units: Record<string, number>) =>
  Object.entries(units).map(([sku, quantity]) => ({
    order_line_id: lineOf(one, sku) as never,
    quantity,
  }))

async function ship(house: House, id: string, units: Record<string, number>) {
  const one = await ask(house, `GET /api/v1/fulfilment-orders/${id}`, undefined as never)
  return transactAsSystem(
    house.app,
    async (ctx) => {
      const order = await lockOrder(ctx, one.order_id)
      const left = unitsOf(one, units)
      await shippedUnits(ctx, { fulfilment_order_id: one.id, units: left })
      const held = one.items.flatMap((line: any) => {
        const quantity = units[line.sku]
        return quantity && line.item_id
          ? [{ item_id: line.item_id, location_id: one.location_id, quantity }]
          : []
      })
      await consumeUnits(ctx, { reference_type: 'order', reference_id: order.id }, held)
      await fulfilUnits(ctx, order, left)
    },
    'read committed',
  )
}

async function unship(house: House, id: string, units: Record<string, number>, here: boolean) {
  const one = await ask(house, `GET /api/v1/fulfilment-orders/${id}`, undefined as never)
  return transactAsSystem(
    house.app,
    async (ctx) => {
      const order = await lockOrder(ctx, one.order_id)
      const back = unitsOf(one, units)
      const holder = { reference_type: 'order', reference_id: order.id }
      const { location_id } = one
      for (const { item_id, sku } of one.items) {
        const quantity = units[sku]
        if (!quantity || !item_id) continue
        const came = { item_id, sku, location_id, quantity_delta: quantity, reason: null }
        await postMovements(ctx, [{ ...came, kind: 'returned' }])
        await reserveStock(ctx, [{ item_id, quantity, ...(here && { location_id }) }], holder)
      }
      await unshippedUnits(ctx, { fulfilment_order_id: one.id, units: back })
      await unfulfilUnits(ctx, order, back)
    },
    'read committed',
  )
}
