import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, releaseReservations, reserveStock } from '#modules/inventory'
import { onEveryEngine, someoneWho } from '#testing'
import { dayFrom, type Floor, openFloor, runSchedules } from './floor.ts'

const reference = (reference_id: string) => ({ reference_type: 'basket', reference_id })

const ship = (floor: Floor, to: string, sku: string, quantity: number) =>
  floor.write(async (ctx) => {
    const item_id = floor.items.get(sku) as never
    const location_id = floor.location_id as never
    await reserveStock(ctx, [{ item_id, quantity }], reference(to))
    await consumeUnits(ctx, reference(to), [{ item_id, location_id, quantity }])
  })

async function withTea(floor: Floor): Promise<{ bad: string; good: string }> {
  await floor.item('TEA', { tracking: 'lot' })
  const line = { item_id: 'TEA', quantity: 10 }
  await floor.receive({ ...line, lot_number: 'BAD', expires_on: dayFrom(10) })
  await floor.receive({ ...line, lot_number: 'GOOD', expires_on: dayFrom(50) })
  const { items } = await floor.make('GET /api/v1/lots?item_id=TEA')
  const idOf = (number: string) => items.find((lot: any) => lot.lot_number === number).id
  return { bad: idOf('BAD'), good: idOf('GOOD') }
}

const recall = (floor: Floor, body: object) =>
  floor.make('POST /api/v1/recalls', { title: 'Metal in it', ...body })

onEveryEngine('a recall', (engine) => {
  it('blocks what is there and lists everyone who got some', async () => {
    await using floor = await openFloor(engine)
    const { bad } = await withTea(floor)
    await ship(floor, 'ann', 'TEA', 3)
    await ship(floor, 'bob', 'TEA', 2)

    const opened = await recall(floor, { lot_ids: [bad] })

    assert.equal(opened.number, 1)
    assert.deepEqual(opened.progress, {
      contacts: 2,
      pending: 2,
      contacted: 0,
      returned: 0,
      written_off: 0,
      units_out: 5,
      units_returned: 0,
      units_blocked: 5,
      units_promised: 0,
    })
    assert.deepEqual(await floor.places('TEA'), ['- BAD quarantine 5', '- GOOD sellable 10'])
    const { items } = await floor.make(`GET /api/v1/recalls/${opened.id}/contacts`)
    assert.deepEqual(
      items.map((one: any) => [one.reference_id, one.quantity, one.status]),
      [
        ['ann', 3, 'pending'],
        ['bob', 2, 'pending'],
      ],
    )
    const names = await floor.house.events()
    assert.ok(names.includes('recall.opened') && names.includes('lot.blocked'))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('lets nothing of it be shipped, and sends promised units to quarantine when they are free', async () => {
    await using floor = await openFloor(engine)
    const { bad } = await withTea(floor)
    const item_id = floor.items.get('TEA') as never
    await floor.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 16 }], reference('eve')))

    const opened = await recall(floor, { lot_ids: [bad] })

    assert.equal(opened.progress.units_blocked, 4)
    assert.equal(opened.progress.units_promised, 6)
    const location_id = floor.location_id as never
    await assert.rejects(
      floor.write((ctx) =>
        consumeUnits(ctx, reference('eve'), [{ item_id, location_id, quantity: 16 }]),
      ),
      { code: 'UNITS_NOT_PICKABLE' },
    )
    await floor.write((ctx) =>
      consumeUnits(ctx, reference('eve'), [{ item_id, location_id, quantity: 10 }]),
    )
    await floor.write((ctx) => releaseReservations(ctx, reference('eve')))
    await runSchedules(floor.house)
    assert.deepEqual(await floor.places('TEA'), ['- BAD quarantine 10'])
    const told = await floor.make(`GET /api/v1/recalls/${opened.id}`)
    assert.deepEqual([told.progress.units_blocked, told.progress.contacts], [10, 0])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('goes on from contact to contact until everyone is told, and then may end', async () => {
    await using floor = await openFloor(engine)
    const { bad } = await withTea(floor)
    for (const [who, units] of [
      ['ann', 3],
      ['bob', 2],
      ['cid', 1],
    ] as const) {
      await ship(floor, who, 'TEA', units)
    }
    const { id } = await recall(floor, { lot_ids: [bad], instructions: 'Bring it back.' })
    const { items } = await floor.make(`GET /api/v1/recalls/${id}/contacts`)
    const [ann, bob, cid] = items.map((one: any) => `/api/v1/recalls/${id}/contacts/${one.id}`)

    assert.equal(await floor.refused(`POST /api/v1/recalls/${id}/close`), 'RECALL_UNSETTLED')
    const told = await floor.make(`PUT ${ann}`, { status: 'contacted', note: 'By e-mail.' })
    assert.ok(told.contacted_at)
    assert.equal((await floor.make(`PUT ${ann}`, { returned_quantity: 2 })).status, 'contacted')
    assert.equal((await floor.make(`PUT ${ann}`, { returned_quantity: 3 })).status, 'returned')
    assert.equal(
      await floor.refused(`PUT ${ann}`, { status: 'written_off' }),
      'RECALL_CONTACT_CANNOT_BECOME_WRITTEN_OFF',
    )
    assert.equal(await floor.refused(`PUT ${bob}`, { returned_quantity: 9 }), 'VALIDATION_FAILED')
    assert.equal((await floor.make(`PUT ${bob}`, { status: 'returned' })).returned_quantity, 2)
    assert.equal((await floor.make(`PUT ${cid}`, { status: 'written_off' })).status, 'written_off')

    assert.equal(await floor.refused(`POST /api/v1/lots/${bad}/unblock`), 'LOT_RECALLED')
    const closed = await floor.make(`POST /api/v1/recalls/${id}/close`)
    assert.equal(closed.status, 'closed')
    assert.equal(closed.progress.units_returned, 5)
    assert.equal(await floor.refused(`POST /api/v1/recalls/${id}/close`), 'RECALL_CANNOT_CLOSE')
    assert.equal(await floor.refused(`PUT ${cid}`, { note: 'late' }), 'RECALL_CLOSED')
    const lot = await floor.make(`POST /api/v1/lots/${bad}/unblock`)
    assert.equal(lot.blocked_at, null)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('of serial numbers names those who have them', async () => {
    await using floor = await openFloor(engine)
    await floor.item('DRILL', { tracking: 'serial' })
    const serial_numbers = ['S-1', 'S-2', 'S-3', 'S-4']
    await floor.receive({ item_id: 'DRILL', quantity: 4, serial_numbers })
    await ship(floor, 'ann', 'DRILL', 1)
    const { items } = await floor.make('GET /api/v1/serials?item_id=DRILL')
    const idOf = (number: string) => items.find((one: any) => one.serial_number === number).id
    const serial_ids = ['S-1', 'S-3'].map(idOf)

    const opened = await recall(floor, { serial_ids })

    assert.deepEqual(
      [opened.progress.contacts, opened.progress.units_out, opened.progress.units_blocked],
      [1, 1, 1],
    )
    assert.deepEqual(await floor.places('DRILL'), ['- - quarantine 1', '- - sellable 2'])
    await ship(floor, 'bob', 'DRILL', 2)
    assert.equal((await floor.make(`GET /api/v1/serials/${idOf('S-3')}`)).state, 'quarantine')
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('reaches what the lot went into, however deep', async () => {
    await using floor = await openFloor(engine)
    const { bad } = await withTea(floor)
    await floor.item('BLEND', { tracking: 'lot' })
    await floor.item('GIFT', { tracking: 'serial' })
    await floor.receive({ item_id: 'BLEND', quantity: 5, lot_number: 'B-1' })
    await floor.receive({ item_id: 'GIFT', quantity: 2, serial_numbers: ['G-1', 'G-2'] })
    const [blend] = (await floor.make('GET /api/v1/lots?lot_number=B-1')).items
    const gifts = (await floor.make('GET /api/v1/serials?item_id=GIFT')).items
    const gift = gifts.find((one: any) => one.serial_number === 'G-1')
    const consume = (body: object) => floor.make('POST /api/v1/warehouse/consumptions', body)
    await consume({
      made: { lot_id: blend.id },
      components: [{ lot_id: bad, quantity: 4 }],
      location_id: 'MAIN',
      reference_type: 'work_order',
      reference_id: 'W-1',
    })
    await consume({ made: { serial_id: gift.id }, components: [{ lot_id: blend.id, quantity: 1 }] })
    assert.equal(
      await floor.refused('POST /api/v1/warehouse/consumptions', {
        made: { lot_id: bad },
        components: [{ serial_id: gift.id, quantity: 1 }],
      }),
      'LOT_MADE_OF_ITSELF',
    )
    assert.equal(await floor.onHand('TEA'), 16)
    const up = await floor.make(`GET /api/v1/lots/${bad}/genealogy`)
    assert.deepEqual(
      up.used_in.map((one: any) => [one.depth, one.lot_number ?? one.serial_number, one.quantity]),
      [
        [1, 'B-1', 4],
        [2, 'G-1', 1],
      ],
    )
    const down = await floor.make(`GET /api/v1/serials/${gift.id}/genealogy`)
    assert.deepEqual(
      down.made_of.map((one: any) => one.lot_number),
      ['B-1', 'BAD'],
    )

    const opened = await recall(floor, { lot_ids: [bad], include_made: true })

    assert.equal(opened.progress.units_blocked, 6 + 5 + 1)
    assert.deepEqual(await floor.places('GIFT'), ['- - quarantine 1', '- - sellable 1'])
    assert.ok((await floor.house.events()).includes('lot.consumed'))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('tells the order and its buyer, and needs permission', async () => {
    await using floor = await openFloor(engine)
    await floor.make('POST /api/v1/products', {
      name: 'Tea',
      sku: 'T',
      variants: [{ sku: 'TEA', name: 'Green', price: '4.00' }],
    })
    const { bad } = await withTea(floor)
    const customer = await floor.make('POST /api/v1/customers', {
      email: 'ann@example.com',
      first_name: 'Ann',
      last_name: 'Lee',
    })
    const order = await floor.make('POST /api/v1/orders', {
      customer_id: customer.id,
      items: [{ product_id: 'TEA', quantity: 2 }],
      shipping_address: {
        street: '12 Harbour Street',
        city: 'Portland',
        state: 'ME',
        postal_code: '04101',
        country: 'US',
      },
    })
    await floor.make(`PUT /api/v1/orders/${order.id}/status`, { status: 'processing' })
    await floor.make(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' })
    const body = { title: 'Metal', lot_ids: [bad] }
    const staff = someoneWho('inventory:adjust', 'inventory:read')
    const denied = await floor.house.ask('POST /api/v1/recalls', body, { as: staff })
    assert.equal(denied.status, 403)
    const { id } = await recall(floor, body)
    const { items } = await floor.make(`GET /api/v1/recalls/${id}/contacts`)
    assert.deepEqual(
      items.map((one: any) => [one.reference_number, one.customer_name, one.customer_email]),
      [[order.order_number, 'Ann Lee', 'ann@example.com']],
    )
    assert.equal((await floor.make('GET /api/v1/recalls?status=open')).items.length, 1)
    const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    assert.equal(
      await floor.refused('POST /api/v1/recalls', { title: 'x', lot_ids: [nobody] }),
      'LOT_NOT_FOUND',
    )
    assert.equal(await floor.refused('POST /api/v1/recalls', { title: 'x' }), 'VALIDATION_FAILED')
    assert.deepEqual(await floor.house.violations(), [])
  })
})
