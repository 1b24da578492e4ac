import assert from 'node:assert/strict'
import type { Context } from '#platform/context'
import type { Engine } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { type House, openHouse } from '#testing'
import { runSchedules } from '../../../../tests/races/shop.ts'

export { runSchedules }

type Sent = Parameters<House['ask']>[2]

/** A warehouse on an empty database: a location, and items that are kept as they are asked for. */
export async function openFloor(engine: Engine, options: Parameters<typeof openHouse>[1] = {}) {
  const house = await openHouse(engine, options)
  const make = async (route: string, body?: object, more?: Sent) => {
    const { status, data, error } = await house.ask(route, body, more)
    assert.ok(status < 300, `${route}: ${status} ${JSON.stringify(error)}`)
    return data
  }
  /** The code of the refusal; fails if there is none. */
  const refused = async (route: string, body?: object, more?: Sent): Promise<string> => {
    const { status, error } = await house.ask(route, body, more)
    assert.ok(status >= 400 && status < 500, `${route}: ${status}`)
    return error.code
  }
  const location = await make('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  const items = new Map<string, string>()
  return {
    house,
    make,
    refused,
    location_id: location.id as string,
    items,
    /** Keeps an item without stock. */
    async item(sku: string, tracking?: object): Promise<string> {
      const { id } = await make('POST /api/v1/inventory', {
        item_number: sku,
        location_id: 'MAIN',
        quantity_on_hand: 0,
      })
      if (tracking) await make(`PUT /api/v1/inventory/${sku}/tracking`, tracking)
      items.set(sku, id)
      return id
    },
    receive: (line: object, more: object = {}) =>
      make('POST /api/v1/warehouse/receipts', { location_id: 'MAIN', lines: [line], ...more }),
    /** What is on hand for sale. */
    async onHand(sku: string): Promise<number> {
      const { quantities } = await make(`GET /api/v1/inventory/${sku}`)
      return Number(quantities.on_hand)
    },
    /** What lies where, as `bin lot state quantity`. */
    async places(sku: string): Promise<string[]> {
      const { items: found } = await make(`GET /api/v1/warehouse/places?item_id=${sku}&limit=100`)
      return found
        .map((one: any) =>
          [one.bin_code ?? '-', one.lot_number ?? '-', one.state, one.quantity].join(' '),
        )
        .sort()
    },
    write: <T>(body: (ctx: Context) => Promise<T>, isolation?: 'read committed') =>
      transactAsSystem(house.app, body, isolation),
    async [Symbol.asyncDispose]() {
      await house.close()
    },
  }
}
export type Floor = Awaited<ReturnType<typeof openFloor>>

/** A day from today on, `2026-11-21`. */
export const dayFrom = (days: number, now = Date.now()): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10)
