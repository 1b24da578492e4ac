import { openFloor } from '../../warehouse/tests/floor.ts'

type Engine = Parameters<typeof openFloor>[0]

/** A warehouse with two locations and the item `SALT`. */
export async function openShop(engine: Engine, options?: Parameters<typeof openFloor>[1]) {
  const floor = await openFloor(engine, options)
  await floor.make('POST /api/v1/locations', { code: 'EAST', name: 'East' })
  await floor.item('SALT')
  const asked = (more = '') => floor.make(`GET /api/v1/inventory/SALT/valuation${more}`)
  return {
    ...floor,
    asked,
    /** Takes units in, at a cost if one is told. */
    receive: (quantity: number, unit_cost?: string, more: object = {}) =>
      floor.make('POST /api/v1/inventory/receive', {
        location_id: 'MAIN',
        items: [{ item_number: 'SALT', quantity, ...(unit_cost && { unit_cost }) }],
        ...more,
      }),
    /** Units that leave, or are found. */
    adjust: (quantity_delta: number, more: object = {}) =>
      floor.make('POST /api/v1/inventory/SALT/adjust', {
        location_id: 'MAIN',
        quantity_delta,
        reason: 'count',
        ...more,
      }),
    /** Quantity, value by average and value by FIFO. */
    async worth(more = ''): Promise<[number, string | null, string | null]> {
      const { quantity, average_value, fifo_value } = await asked(more)
      return [quantity, average_value, fifo_value]
    },
    async [Symbol.asyncDispose]() {
      await floor.house.close()
    },
  }
}
export type Shop = Awaited<ReturnType<typeof openShop>>
