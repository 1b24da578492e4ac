import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openDepot } from './depot.ts'

const SHELVES = { TEA: { EAST: 9 } }
const BOX = { code: 'BOX-S', name: 'Small', length_mm: 300, width_mm: 200, height_mm: 100 }

async function openPackery(engine: Parameters<typeof openDepot>[0]) {
  const depot = await openDepot(engine, SHELVES)
  const mug = { name: 'Mug', sku: 'MUG', price: '9.00', weight_kg: '0.35' }
  await depot.made('POST /api/v1/products', mug)
  const stock = { item_number: 'MUG', location_id: 'EAST', quantity_on_hand: 9 }
  await depot.made('POST /api/v1/inventory', stock)
  const box = { ...BOX, tare_weight_grams: 120, max_weight_grams: 1200 }
  await depot.made('POST /api/v1/carton-presets', box)
  return depot
}

onEveryEngine('packing', (engine) => {
  it('puts what was picked into cartons that know their weight', async () => {
    await using depot = await openPackery(engine)
    const { order, items, line } = await depot.worked({ MUG: 3, TEA: 2 })
    const [{ id, number }] = items
    const none = await depot.post(id, 'cartons', {})
    assert.deepEqual([none.status, none.error.code], [409, 'FULFILMENT_NOT_PACKED'])
    await depot.post(id, 'pick')
    const two = [{ order_line_id: line('MUG'), quantity: 2 }]
    const first = await depot.post(id, 'cartons', { preset: 'box-s', items: two })
    assert.equal(first.status, 201, JSON.stringify(first.body))
    const { code, weight_grams, is_weight_known, length_mm } = first.data
    assert.deepEqual(
      [code, weight_grams, is_weight_known, length_mm],
      [`${number}-C1`, 820, true, 300],
    )
    const early = await depot.post(id, 'finish-packing')
    assert.deepEqual([early.status, early.error.code], [409, 'FULFILMENT_NOT_PACKED'])
    assert.deepEqual(
      early.error.details.differences.map(({ sku }: any) => sku),
      ['MUG', 'TEA'],
    )
    const much = [{ order_line_id: line('MUG'), quantity: 2 }]
    assert.equal((await depot.post(id, 'cartons', { items: much })).status, 422)
    const rest = await depot.post(id, 'cartons', { tare_weight_grams: 50 })
    assert.deepEqual(
      [rest.data.weight_grams, rest.data.is_weight_known, rest.data.items.length],
      [400, false, 2],
    )
    const weighed = await depot.ask(
      `PATCH /api/v1/fulfilment-orders/${id}/cartons/${rest.data.id}`,
      { measured_weight_grams: 910 },
    )
    assert.deepEqual([weighed.data.weight_grams, weighed.data.is_weight_known], [910, true])
    const done = await depot.post(id, 'finish-packing')
    assert.ok(done.data.packed_at)
    assert.equal((await depot.post(id, 'finish-packing')).status, 200)
    const cartons = (await depot.ask(`GET /api/v1/fulfilment-orders/${id}/cartons`)).data
    assert.deepEqual([cartons.items.length, cartons.weight_grams], [2, 1730])
    const slip = (await depot.ask(`GET /api/v1/fulfilment-orders/${number}/packing-slip`)).data
    assert.deepEqual(
      [slip.order_number, slip.ship_to.city, slip.weight_grams],
      [order.order_number, 'Portland', 1730],
    )
    assert.deepEqual(
      slip.items.map(({ sku, quantity, packed_quantity }: any) => [sku, quantity, packed_quantity]),
      [
        ['MUG', 3, 3],
        ['TEA', 2, 2],
      ],
    )
    assert.equal((await depot.ask(`GET /api/v1/cartons/by-code/${code}`)).data.id, first.data.id)
    assert.equal((await depot.ask('GET /api/v1/cartons/by-code/nothing')).status, 404)
    const names = await depot.events()
    assert.equal(names.filter((name) => name === 'fulfilment_order.packed').length, 1)
    assert.deepEqual(await depot.violations(), [])
  })

  it('refuses a carton that is too heavy, and unpacks one', async () => {
    await using depot = await openPackery(engine)
    const { items, line } = await depot.worked({ MUG: 4 })
    const [{ id }] = items
    await depot.post(id, 'pick')
    const heavy = await depot.post(id, 'cartons', { preset: 'BOX-S' })
    assert.deepEqual([heavy.status, heavy.error.code], [422, 'CARTON_TOO_HEAVY'])
    assert.equal((await depot.post(id, 'cartons', { preset: 'BOX-X' })).status, 404)
    const { data } = await depot.post(id, 'cartons', {})
    const carton = `/api/v1/fulfilment-orders/${id}/cartons/${data.id}`
    const back = { items: [{ order_line_id: line('MUG'), quantity: 1 }] }
    assert.equal((await depot.post(id, 'put-back', back)).status, 422)
    assert.equal((await depot.ask(`DELETE ${carton}`)).status, 204)
    assert.equal((await depot.ask(`DELETE ${carton}`)).status, 404)
    assert.equal((await depot.read(id)).items[0].packed_quantity, 0)
    const again = await depot.post(id, 'cartons', {})
    await depot.ship(id, { MUG: 4 })
    const left = `/api/v1/fulfilment-orders/${id}/cartons/${again.data.id}`
    assert.equal((await depot.ask(`DELETE ${left}`)).error.code, 'CARTON_HAS_LEFT')
    assert.equal((await depot.ask(`PATCH ${left}`, { height_mm: 5 })).status, 409)
    assert.deepEqual(await depot.violations(), [])
  })

  it('follows what is cancelled: it is taken out of the newest carton', async () => {
    await using depot = await openPackery(engine)
    const { order, items, line } = await depot.worked({ MUG: 3, TEA: 1 })
    const [{ id }] = items
    await depot.post(id, 'pick')
    const pack = (quantity: number) =>
      depot.post(id, 'cartons', { items: [{ order_line_id: line('MUG'), quantity }] })
    await pack(1)
    await pack(2)
    await depot.cancelUnits(order, { MUG: 2 })
    const cartons = (await depot.ask(`GET /api/v1/fulfilment-orders/${id}/cartons`)).data
    assert.deepEqual(
      cartons.items.map(({ items: own }: any) => own.map(({ quantity }: any) => quantity)),
      [[1], []],
    )
    const [mug] = (await depot.read(id)).items
    assert.deepEqual(
      [mug.quantity, mug.picked_quantity, mug.packed_quantity, mug.withdrawn_quantity],
      [1, 1, 1, 2],
    )
    assert.deepEqual(await depot.violations(), [])
  })

  it('is done for a whole order at once, as published clients ask for it', async () => {
    await using depot = await openPackery(engine)
    const order = await depot.place({ MUG: 2, TEA: 1 })
    await depot.made(`POST /api/v1/orders/${order.id}/pick`, {})
    const pack = () => depot.ask(`POST /api/v1/orders/${order.id}/pack`, { preset: 'BOX-S' })
    const { status, data } = await pack()
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual([data.packed_quantity, data.cartons.length], [3, 1])
    assert.ok(data.fulfilment_orders[0].packed_at)
    assert.deepEqual((await pack()).data.cartons, [])
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('kinds of boxes', (engine) => {
  it('have one name each, and are put away', async () => {
    await using depot = await openPackery(engine)
    const path = '/api/v1/carton-presets'
    const taken = await depot.ask(`POST ${path}`, { ...BOX, code: 'box-S' })
    assert.deepEqual([taken.status, taken.error.code], [409, 'CARTON_PRESET_TAKEN'])
    const changed = await depot.ask(`PATCH ${path}/box-s`, { height_mm: 150 })
    assert.deepEqual([changed.data.height_mm, changed.data.version], [150, 2])
    assert.equal((await depot.ask(`PATCH ${path}/box-s`, { max_weight_grams: 100 })).status, 422)
    assert.deepEqual((await depot.ask(`GET ${path}`)).data.items, [changed.data])
    assert.equal((await depot.ask(`DELETE ${path}/BOX-S`)).status, 204)
    assert.equal((await depot.ask(`GET ${path}/BOX-S`)).status, 404)
    assert.equal((await depot.ask(`POST ${path}`, BOX)).status, 201)
  })
})
