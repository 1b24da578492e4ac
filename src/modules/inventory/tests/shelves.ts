import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import type { House } from '#testing'

/** A house with shelves, by SKU and location code: `{ MUG: { MAIN: 5 } }`. */
export async function openShelves(house: House, stock: Record<string, Record<string, number>>) {
  const items: Record<string, Id<'item'>> = {}
  const places: Record<string, Id<'location'>> = {}
  const codes = new Set(Object.values(stock).flatMap((at) => Object.keys(at)))
  for (const [nth, code] of [...codes].entries()) {
    const place = { code, name: code, priority: (nth + 1) * 10 }
    places[code] = (await house.ask('POST /api/v1/locations', place)).data.id
  }
  for (const [item_number, at] of Object.entries(stock)) {
    for (const [location_id, quantity_on_hand] of Object.entries(at)) {
      const shelf = { item_number, location_id, quantity_on_hand }
      const { status, data, error } = await house.ask('POST /api/v1/inventory', shelf)
      assert.equal(status, 201, JSON.stringify(error))
      items[item_number] = data.id
    }
  }
  return {
    item: (sku: string) => items[sku] as Id<'item'>,
    at: (code: string) => places[code] as Id<'location'>,
    /** Units of one shelf, or of all: on hand, promised, available. */
    async counts(sku: string, code?: string): Promise<number[]> {
      const { data } = await house.ask(`GET /api/v1/inventory/${sku}`)
      const of = code ? data.locations.find((at: any) => at.location_name === code) : data
      const { on_hand, allocated, available } = of.quantities
      return [on_hand, allocated, available].map(Number)
    },
    write: <T>(body: (ctx: Context) => Promise<T>) =>
      transactAsSystem(house.app, body, 'read committed'),
    read: <T>(body: (ctx: Context) => Promise<T>) => readAsSystem(house.app, body),
  }
}
export type Shelves = Awaited<ReturnType<typeof openShelves>>

/** The payloads of the events of one name, oldest first. */
export async function payloads(house: House, name: string): Promise<any[]> {
  const { rows } = await house.database.read((session) =>
    sql<{ payload: unknown }>`select payload from events where name = ${name} order by id`.execute(
      session.kysely,
    ),
  )
  return rows.map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload))
}

/** A holder such as an order. */
export const holder = (nth: number) => ({
  reference_type: 'order',
  reference_id: `01937b5e-9c00-7a3b-8f11-${String(nth).padStart(12, '0')}`,
})
