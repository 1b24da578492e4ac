import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { followTime } from '#modules/warranties'
import type { Actor } from '#platform/context'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { Relay } from '#platform/relay'
import { admin, openHouse } from '#testing'

export const DAY_MS = 24 * 60 * 60 * 1000

/** A customer who is signed in. */
export const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^(orders|warranties|payments|store-credit|gift-cards):/.test(permission),
})

/** A house that sells drills, with a customer, and a clock that a test may put forward. */
export async function openWorkshop(engine: Engine) {
  let ahead_ms = 0
  const clock = () => new Date(Date.now() + ahead_ms)
  const house = await openHouse(engine, { clock })
  const made = async (route: string, body?: object): Promise<any> => {
    const { status, data, error } = await house.ask(route, body)
    assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
    return data
  }
  let people = 0
  const newCustomer = async (): Promise<string> => {
    const person = { email: `holder${people++}@example.com`, first_name: 'Ada', last_name: 'B' }
    return (await made('POST /api/v1/customers', person)).id
  }
  await made('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  const newProduct = async (sku: string) => {
    const product = await made('POST /api/v1/products', { name: `A ${sku}`, sku, price: '80.00' })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 100 }
    await made('POST /api/v1/inventory', stock)
    return product.id as string
  }
  const product_id = await newProduct('DRILL')
  const customer_id = await newCustomer()
  const at = (days: number) => new Date(clock().getTime() + days * DAY_MS).toISOString()
  return Object.assign(house, {
    made,
    newCustomer,
    newProduct,
    product_id,
    customer_id,
    clock,
    at,
    pass(days: number) {
      ahead_ms += days * DAY_MS
    },
    followTime: () => followTime(systemProcess(house.app)),
    /** Lets the relay deliver what is due. */
    async relay() {
      const relay = new Relay(house.app)
      relay.start()
      for (let tries = 0; tries < 500; tries++) {
        const { rows } = await house.database.read((session) =>
          sql<{ n: number }>`select count(*) as n from events
            where status in ('pending', 'processing')`.execute(session.kysely),
        )
        if (Number(rows[0]?.n) === 0) break
        await pause(10)
      }
      await relay.stop()
    },
    /** Covers a drill as published: for so many days, unless told otherwise. */
    cover: (more: object = {}, days = 365) =>
      made('POST /api/v1/warranties', {
        product_id,
        customer_id,
        serial_number: 'SN-1',
        warranty_type: 'Manufacturer',
        expiration_date: at(days),
        terms: 'Faults of material.',
        ...more,
      }),
    plan: (more: object = {}) =>
      made('POST /api/v1/warranties/plans', {
        code: 'two-years',
        name: 'Two years',
        terms: 'Faults of material and making.',
        term_months: 24,
        ...more,
      }),
    claim: (warranty_id: string, more: object = {}, as: Actor = admin) =>
      house.ask(
        'POST /api/v1/warranties/claims',
        { warranty_id, customer_id, description: 'It smokes.', ...more },
        { as },
      ),
    /** A claim that was accepted. */
    async approved(warranty_id: string, more: object = {}) {
      const body = { warranty_id, customer_id, description: 'It smokes.', ...more }
      const { id } = await made('POST /api/v1/warranties/claims', body)
      return made(`POST /api/v1/warranties/claims/${id}/approve`, { resolution: 'Accepted.' })
    },
    warranty: (id: string) => made(`GET /api/v1/warranties/${id}`),
    /** An order of so many drills, as it stands after it was placed. */
    order: (quantity = 1, more: object = {}) =>
      made('POST /api/v1/orders', {
        customer_id,
        items: [{ product_id: 'DRILL', quantity }],
        ...more,
      }),
  })
}

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>
