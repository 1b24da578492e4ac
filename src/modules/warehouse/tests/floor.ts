import assert from 'node:assert/strict'
import type { Id } from '#kit/ids'
import { keepItems, postMovements } from '#modules/inventory'
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
  const { data } = await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  return floorOf(house, data.id)
}

/** What tests ask of a warehouse, on a house whose location MAIN is there already. */
export function floorOf(house: House, location_id: string) {
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
  const items = new Map<string, string>()
  return {
    house,
    make,
    refused,
    location_id,
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
export type Floor = ReturnType<typeof floorOf>

/** So many items with stock at MAIN, without the API's own way to make each. */
export async function stockMany(floor: Floor, many: number): Promise<Map<string, Id<'item'>>> {
  const skus = Array.from({ length: many }, (_, nth) => `I-${String(nth).padStart(5, '0')}`)
  return floor.write(async (ctx) => {
    const facts = { description: null, reorder_point: null }
    const kept = await keepItems(
      ctx,
      skus.map((sku) => ({ sku, ...facts })),
    )
    await postMovements(
      ctx,
      [...kept].map(([sku, item_id]) => ({
        item_id,
        sku,
        location_id: floor.location_id as never,
        quantity_delta: 5,
        kind: 'received' as const,
        reason: null,
      })),
    )
    return kept
  })
}

/** A day from today on, `2026-11-21`. */
export const dayFrom = (days: number, now = Date.now()): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10)
