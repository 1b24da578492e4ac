import assert from 'node:assert/strict'
import { it } from 'node:test'
import { pickedLots } from '#modules/fulfilment'
import type { Engine } from '#platform/database/database'
import { readAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { openDepot } from './depot.ts'

/** EAST keeps units by bin: milk in lots that expire, clocks by serial number, mugs by count. */
async function openBins(engine: Engine) {
  const depot = await openDepot(engine, {})
  for (const sku of ['MILK', 'CLOCK', 'MUG']) {
    await depot.made('POST /api/v1/products', { name: sku, sku, price: '2.00' })
    const none = { item_number: sku, location_id: 'EAST', quantity_on_hand: 0 }
    await depot.made('POST /api/v1/inventory', none)
  }
  await depot.made('PUT /api/v1/inventory/MILK/tracking', { tracking: 'lot' })
  await depot.made('PUT /api/v1/inventory/CLOCK/tracking', { tracking: 'serial' })
  const bins = [
    { code: 'Z-9', scan_code: 'BIN-Z9', type: 'picking', pick_sequence: 10 },
    { code: 'A-1', scan_code: 'BIN-A1', type: 'picking', pick_sequence: 20 },
  ]
  await depot.made('POST /api/v1/warehouse/bins', { location_id: 'EAST', bins })
  await depot.made('POST /api/v1/locations/EAST/start-bins', {})
  const lines = [
    { item_id: 'MILK', quantity: 4, lot_number: 'NEW', expires_on: '2035-06-01', bin: 'BIN-Z9' },
    { item_id: 'MILK', quantity: 3, lot_number: 'OLD', expires_on: '2035-01-01', bin: 'BIN-A1' },
    { item_id: 'CLOCK', quantity: 2, serial_numbers: ['SN-1', 'SN-2'], bin: 'BIN-Z9' },
    { item_id: 'MUG', quantity: 9, bin: 'BIN-A1' },
  ]
  await depot.made('POST /api/v1/warehouse/receipts', { location_id: 'EAST', lines })
  return depot
}

onEveryEngine('picking from bins', (engine) => {
  it('goes by the sequence of the bins, and takes what expires first', async () => {
    await using depot = await openBins(engine)
    const { items } = await depot.worked({ MILK: 5, CLOCK: 1, MUG: 2 })
    const list = await depot.made('POST /api/v1/pick-lists', { location_id: 'EAST' })
    assert.deepEqual(
      list.items.map((item: any) => [item.bin_code, item.sku, item.lot_number, item.quantity]),
      [
        ['Z-9', 'CLOCK', null, 1],
        ['Z-9', 'MILK', 'NEW', 2],
        ['A-1', 'MILK', 'OLD', 3],
        ['A-1', 'MUG', null, 2],
      ],
    )
    // Another list is told other units: the first has those of the old lot.
    await depot.worked({ MILK: 1 })
    const next = await depot.made('POST /api/v1/pick-lists', { location_id: 'EAST' })
    assert.deepEqual(
      next.items.map((item: any) => [item.bin_code, item.lot_number]),
      [['Z-9', 'NEW']],
    )

    const scan = (code: string, more: object = {}) =>
      depot.ask(`POST /api/v1/pick-lists/${list.id}/scan`, { code, ...more })
    const bin = await scan('bin-a1')
    assert.deepEqual(
      [bin.data.matched, bin.data.here.map(({ sku }: any) => sku)],
      ['bin', ['MILK', 'MUG']],
    )
    const lot = await scan('old', { quantity: 3 })
    assert.deepEqual([lot.data.matched, lot.data.item.picked_quantity], ['lot', 3])
    assert.equal((await scan('MILK', { bin: 'Z-9', quantity: 2 })).data.item.lot_number, 'NEW')
    assert.equal((await scan('MILK', { bin: 'Z-9' })).status, 422)
    const nameless = await scan('CLOCK')
    assert.deepEqual([nameless.status, nameless.error.code], [422, 'PICK_NEEDS_SERIAL'])
    assert.equal((await scan('SN-9')).error.code, 'PICK_NOT_ON_LIST')
    assert.equal((await scan('sn-2')).data.matched, 'serial')
    assert.equal((await scan('MUG', { quantity: 2 })).data.list.status, 'finished')

    const [{ id, items: lines }] = items
    const units = lines.map(({ order_line_id, quantity }: any) => ({ order_line_id, quantity }))
    const lots = await readAsSystem(depot.app, (ctx) =>
      pickedLots(ctx, { fulfilment_order_id: id, units }),
    )
    const of = (sku: string) =>
      lots.get(lines.find((line: any) => line.sku === sku).order_line_id) as any[]
    assert.deepEqual(
      of('MILK').map(({ quantity }) => quantity),
      [3, 2],
    )
    assert.deepEqual(of('CLOCK')[0].serial_numbers, ['SN-2'])
    assert.deepEqual(await depot.violations(), [])
  })

  it('picks one unit with a serial number once, whoever scans it', async () => {
    await using depot = await openBins(engine)
    const one = await depot.worked({ CLOCK: 1 })
    const two = await depot.worked({ CLOCK: 1 })
    const listOf = (work: any) =>
      depot.made('POST /api/v1/pick-lists', {
        location_id: 'EAST',
        fulfilment_order_ids: [work.items[0].id],
      })
    const [first, second] = [await listOf(one), await listOf(two)]
    const scan = (list: any, code: string) =>
      depot.ask(`POST /api/v1/pick-lists/${list.id}/scan`, { code })
    const race = await Promise.all([scan(first, 'SN-1'), scan(second, 'SN-1')])
    assert.deepEqual(race.map(({ status }) => status).sort(), [200, 409])
    const loser = race[0]?.status === 200 ? second : first
    const byHand = (serials: string[]) =>
      depot.ask(`POST /api/v1/pick-lists/${loser.id}/pick`, {
        item_id: loser.items[0].id,
        serial_numbers: serials,
      })
    assert.equal((await byHand(['SN-7'])).error.code, 'PICK_SERIAL_NOT_THERE')
    assert.equal((await byHand(['SN-1'])).error.code, 'PICK_SERIAL_TAKEN')
    assert.equal((await byHand(['SN-2'])).status, 200)
    assert.deepEqual(await depot.violations(), [])
  })

  it('writes off what is missing from the bin and the lot that were told', async () => {
    await using depot = await openBins(engine)
    await depot.made('PUT /api/v1/inventory/MILK', { backorder_limit: 9 })
    await depot.worked({ MILK: 2 })
    const list = await depot.made('POST /api/v1/pick-lists', { location_id: 'EAST' })
    const short = { item_id: list.items[0].id, reason: 'not_found', outcome: 'backorder' }
    const { status, body } = await depot.ask(`POST /api/v1/pick-lists/${list.id}/short`, short)
    assert.equal(status, 200, JSON.stringify(body))
    const { data } = await depot.ask('GET /api/v1/warehouse/places?item_id=MILK')
    assert.deepEqual(data.items.map((place: any) => [place.lot_number, place.quantity]).sort(), [
      ['NEW', 4],
      ['OLD', 1],
    ])
    assert.deepEqual(await depot.violations(), [])
  })
})
