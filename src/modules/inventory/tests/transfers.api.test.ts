import assert from 'node:assert/strict'
import { it } from 'node:test'
import { heldBy, reserveStock } from '#modules/inventory'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { holder, openShelves, payloads } from './shelves.ts'

const PATH = '/api/v1/inventory/transfers'

onEveryEngine('a transfer', (engine) => {
  async function open(stock: Record<string, number> = { MUG: 10, TEA: 6 }) {
    const house = await openHouse(engine)
    const at = Object.entries(stock).map(([sku, units]) => [sku, { EAST: units, WEST: 0 }])
    const shop = await openShelves(house, Object.fromEntries(at))
    return { house, shop, ...askingFor(house) }
  }
  const askingFor = (house: House) => {
    const plan = async (...lines: [string, number | string, string?][]) => {
      const answer = await house.ask(`POST ${PATH}`, {
        from_location_id: 'EAST',
        to_location_id: 'WEST',
        lines: lines.map(([item_number, quantity, unit]) => ({
          item_number,
          quantity,
          ...(unit && { unit }),
        })),
      })
      return answer.data
    }
    const act = (transfer: any, verb: string, body: object = {}) =>
      house.ask(`POST ${PATH}/${transfer.id}/${verb}`, body)
    return { plan, act }
  }
  const fates = (t: any) => [
    t.shipped_quantity,
    t.received_quantity,
    t.lost_quantity,
    t.returned_quantity,
    t.in_transit_quantity,
  ]

  it('holds its units from the draft on if that is asked for, and gives them back', async () => {
    const { house, shop, plan, act } = await open()
    await using _ = house
    const free = async () => {
      const { data } = await house.ask('GET /api/v1/inventory/MUG')
      return Number(data.quantities.available)
    }
    const change = (transfer: any, body: object) => house.ask(`PUT ${PATH}/${transfer.id}`, body)
    const loose = await plan(['MUG', 4])
    assert.deepEqual([loose.holds_stock, await free()], [false, 10])
    const held = await change(loose, { hold_stock: true })
    assert.deepEqual([held.data.holds_stock, await free()], [true, 6])
    const other = await plan(['MUG', 7])
    const short = await change(other, { hold_stock: true })
    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    assert.equal((await act(other, 'dispatch')).status, 422, 'what is held is not for others')
    await change(loose, { lines: [{ item_number: 'MUG', quantity: 5 }] })
    assert.equal(await free(), 5)
    assert.deepEqual(await house.violations(), [])

    const { data: reservations } = await house.ask('GET /api/v1/inventory/reservations')
    const [one] = reservations.items
    assert.equal(one.reference_id, loose.id)
    for (const verb of ['release', 'cancel']) {
      const { status } = await house.ask(`POST /api/v1/inventory/reservations/${one.id}/${verb}`)
      assert.equal(status, 409, verb)
    }
    const left = await act(loose, 'dispatch', { lines: [{ item_number: 'MUG', quantity: 3 }] })
    assert.deepEqual([left.data.holds_stock, await free()], [false, 7])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [7, 0, 7])
    await change(other, { hold_stock: true })
    assert.equal(await free(), 0)
    assert.equal((await act(other, 'cancel')).data.holds_stock, false)
    assert.equal(await free(), 7)
    assert.deepEqual(await house.violations(), [])

    // Whoever is first has the units: a draft that holds them, or one that sends others away.
    const rivals = [await plan(['MUG', 5]), await plan(['MUG', 5])]
    const answers = await Promise.all([
      change(rivals[0], { hold_stock: true }),
      act(rivals[1], 'dispatch'),
      change(rivals[0], { hold_stock: true }),
    ])
    assert.ok(answers.every(({ status }) => status < 500))
    assert.ok(answers.some(({ status }) => status === 200))
    assert.deepEqual(await house.violations(), [])
  })

  it('leaves one location, is on its way, and arrives at the other in parts', async () => {
    const { house, shop, plan, act } = await open()
    await using _ = house
    const draft = await plan(['MUG', 4], ['tea', 3], ['mug', 2])
    assert.deepEqual([draft.status, draft.line_count, draft.quantity], ['draft', 2, 9])
    assert.match(draft.transfer_number, /^TR-\d+$/)

    const left = await act(draft, 'dispatch')
    assert.deepEqual([left.data.status, ...fates(left.data)], ['in_transit', 9, 0, 0, 0, 9])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [4, 0, 4])
    assert.deepEqual(await house.violations(), [])

    const part = await act(draft, 'receive', {
      lines: [
        { item_number: 'MUG', quantity: 3 },
        { item_number: 'TEA', quantity: 1, state: 'damaged', lost_quantity: 1, reason: 'dropped' },
      ],
      notes: 'first van',
    })
    assert.deepEqual([part.data.status, ...fates(part.data)], ['in_transit', 9, 4, 1, 0, 4])
    assert.deepEqual(await shop.counts('TEA', 'WEST'), [0, 0, 0])
    const rest = await act(draft, 'receive')
    assert.deepEqual([rest.data.status, ...fates(rest.data)], ['received', 9, 8, 1, 0, 0])
    assert.deepEqual(await shop.counts('MUG', 'WEST'), [6, 0, 6])

    const tea = await house.ask('GET /api/v1/inventory/TEA')
    assert.equal(tea.data.quantities.by_state.damaged, '1')
    const lines = await house.ask(`GET ${PATH}/${draft.transfer_number}/lines`)
    assert.deepEqual(
      lines.data.items.map((line: any) => [line.item_number, ...fates(line)]),
      [
        ['MUG', 6, 6, 0, 0, 0],
        ['TEA', 3, 2, 1, 0, 0],
      ],
    )
    const receipts = await house.ask(`GET ${PATH}/${draft.id}/receipts`)
    assert.deepEqual(
      receipts.data.items.map((r: any) => [r.notes, r.received_quantity, r.lost_quantity]),
      [
        ['first van', 4, 1],
        [null, 4, 0],
      ],
    )
    const told = (await house.events()).filter((name) => name.startsWith('transfer.'))
    assert.deepEqual(told, [
      'transfer.created',
      'transfer.dispatched',
      'transfer.settled',
      'transfer.settled',
      'transfer.received',
    ])
    const [out] = (await payloads(house, 'inventory.posted')).filter(
      (posted) => posted.reference_type === 'transfer',
    )
    assert.deepEqual([out.reference_id, out.lines.length], [draft.id, 2])
    assert.deepEqual(await house.violations(), [])
  })

  it('takes only what is available, and names every short item', async () => {
    const { house, shop, plan, act } = await open()
    await using _ = house
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 3, location_id: 'EAST' })
    const transfer = await plan(['MUG', 8], ['TEA', 7])

    const refused = await act(transfer, 'dispatch')

    assert.equal(refused.error.code, 'INSUFFICIENT_STOCK')
    assert.deepEqual(
      refused.error.details.shortages.map((s: any) => [s.sku, s.requested, s.available]),
      [
        ['MUG', 8, 7],
        ['TEA', 7, 6],
      ],
    )
    const fewer = {
      lines: [
        { item_number: 'MUG', quantity: 7 },
        { item_number: 'TEA', quantity: 0 },
      ],
    }
    const sent = await act(transfer, 'dispatch', fewer)
    assert.deepEqual([sent.data.quantity, sent.data.shipped_quantity], [15, 7])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [3, 3, 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('is changed while it is a draft, and not afterwards', async () => {
    const { house, plan, act } = await open()
    await using _ = house
    const transfer = await plan(['MUG', 1])
    const path = `${PATH}/${transfer.id}`

    const changed = await house.ask(`PUT ${path}`, {
      lines: [{ item_number: 'TEA', quantity: 2 }],
      notes: 'careful',
      expected_at: '2026-12-01T10:00:00+01:00',
    })
    assert.deepEqual(
      [changed.data.quantity, changed.data.notes, changed.data.expected_at, changed.data.version],
      [2, 'careful', '2026-12-01T09:00:00.000Z', 2],
    )
    await act(transfer, 'dispatch')

    const late = await house.ask(`PUT ${path}`, { notes: 'too late' })
    assert.equal(late.error.code, 'TRANSFER_HAS_LEFT')
    const again = await act(transfer, 'dispatch')
    assert.deepEqual([again.status, again.error.code], [409, 'TRANSFER_CANNOT_DISPATCH'])
    assert.deepEqual(again.error.details.open_moves, ['receive', 'cancel'])
    assert.deepEqual(await house.violations(), [])
  })

  it('goes back when it is given up, and what was lost can be written off', async () => {
    const { house, shop, plan, act } = await open()
    await using _ = house
    const unsent = await plan(['MUG', 1])
    assert.equal((await act(unsent, 'cancel')).data.status, 'cancelled')
    const sent = await plan(['MUG', 4], ['TEA', 1])
    await act(sent, 'dispatch')
    await act(sent, 'receive', { lines: [{ item_number: 'MUG', quantity: 1 }] })

    const back = await act(sent, 'cancel', { reason: 'no longer needed' })

    assert.deepEqual([back.data.status, ...fates(back.data)], ['cancelled', 5, 1, 0, 4, 0])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [9, 0, 9])
    const lost = await plan(['TEA', 2])
    await act(lost, 'dispatch')
    const over = await act(lost, 'write-off', { reason: 'the van burned' })
    assert.deepEqual([over.data.status, ...fates(over.data)], ['received', 2, 0, 2, 0, 0])
    assert.equal((await act(lost, 'cancel')).error.code, 'TRANSFER_CANNOT_CANCEL')
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses what never left, what is not in it and what is lost without a reason', async () => {
    const { house, plan, act } = await open()
    await using _ = house
    const transfer = await plan(['MUG', 2])
    const receive = (line: object) => act(transfer, 'receive', { lines: [line] })
    assert.equal((await act(transfer, 'receive')).error.code, 'TRANSFER_CANNOT_RECEIVE')
    await act(transfer, 'dispatch')

    const mug = { item_number: 'MUG' }
    assert.equal((await receive({ ...mug, quantity: 3 })).error.code, 'TRANSFER_OVER_RECEIVED')
    const twice = {
      lines: [
        { ...mug, quantity: 2 },
        { ...mug, quantity: 1 },
      ],
    }
    assert.equal((await act(transfer, 'receive', twice)).error.code, 'TRANSFER_OVER_RECEIVED')
    assert.equal((await receive({ ...mug, lost_quantity: 1 })).status, 400)
    assert.equal((await receive(mug)).status, 400)
    assert.equal((await receive({ item_number: 'TEA', quantity: 1 })).status, 400)
    assert.equal((await house.ask(`GET ${PATH}/TR-99`)).error.code, 'TRANSFER_NOT_FOUND')
    const same = {
      from_location_id: 'EAST',
      to_location_id: 'EAST',
      lines: [{ ...mug, quantity: 1 }],
    }
    assert.equal((await house.ask(`POST ${PATH}`, same)).status, 400)
    const reader = someoneWho('inventory:read')
    const denied = await house.ask(`POST ${PATH}/${transfer.id}/receive`, {}, { as: reader })
    assert.equal(denied.status, 403)
    assert.deepEqual(await house.violations(), [])
  })

  it('counts boxes and pallets exactly, and refuses what is no whole unit', async () => {
    const { house, plan, act } = await open({ MUG: 600 })
    await using _ = house
    const unit = (code: string, factor: object) =>
      house.ask(`PUT /api/v1/inventory/MUG/units/${code}`, factor)
    await unit('BOX', { numerator: 12 })
    await unit('PALLET', { numerator: 480 })
    await unit('gross-third', { numerator: 144, denominator: 3 })

    const transfer = await plan(
      ['MUG', 2, 'box'],
      ['MUG', '0.5', 'PALLET'],
      ['MUG', 1, 'Gross-Third'],
    )
    assert.equal(transfer.quantity, 24 + 240 + 48)
    await act(transfer, 'dispatch')
    const lines = [{ item_number: 'MUG', quantity: '26', unit: 'BOX' }]
    assert.equal((await act(transfer, 'receive', { lines })).data.status, 'received')

    const refused = await house.ask(`POST ${PATH}`, {
      from_location_id: 'EAST',
      to_location_id: 'WEST',
      lines: [{ item_number: 'MUG', quantity: '0.1', unit: 'BOX' }],
    })
    assert.equal(refused.error.code, 'ITEM_UNIT_NOT_EXACT')
    const listed = await house.ask('GET /api/v1/inventory/MUG/units')
    assert.deepEqual(
      listed.data.items.map((u: any) => [u.code, u.numerator, u.denominator]),
      [
        ['BOX', 12, 1],
        ['gross-third', 144, 3],
        ['PALLET', 480, 1],
      ],
    )
    assert.equal((await house.ask('DELETE /api/v1/inventory/MUG/units/box')).status, 204)
    const gone = await house.ask('DELETE /api/v1/inventory/MUG/units/box')
    assert.equal(gone.error.code, 'ITEM_UNIT_NOT_FOUND')
    assert.equal((await unit('EA', { numerator: 2 })).status, 400)
  })

  it('feeds what waits for stock where it arrives', async () => {
    const { house, shop, plan, act } = await open({ MUG: 5 })
    await using _ = house
    await house.ask('PUT /api/v1/inventory/MUG', { backorder_limit: 9 })
    const transfer = await plan(['MUG', 5])
    await act(transfer, 'dispatch')
    const demand = { item_id: shop.item('MUG'), quantity: 3 }
    await shop.write((ctx) => reserveStock(ctx, [demand], holder(1)))

    await act(transfer, 'receive', { lines: [{ item_number: 'MUG', quantity: 4 }] })

    const [held] = await shop.read((ctx) => heldBy(ctx, [holder(1)]))
    assert.deepEqual([held?.location_id, held?.quantity], [shop.at('WEST'), 3])
    assert.deepEqual(await house.violations(), [])
  })

  it('is listed by status and location, newest first', async () => {
    const { house, plan, act } = await open()
    await using _ = house
    const [first, second] = [await plan(['MUG', 1]), await plan(['TEA', 1])]
    await act(first, 'dispatch')
    const listed = async (query: string) =>
      (await house.ask(`GET ${PATH}?${query}`)).data.items.map((t: any) => t.id)

    assert.deepEqual(await listed(''), [second.id, first.id])
    assert.deepEqual(await listed('status=in_transit&from_location_id=EAST'), [first.id])
    assert.deepEqual(await listed('to_location_id=EAST'), [])
    const { data } = await house.ask(`GET ${PATH}?limit=1`)
    assert.deepEqual(await listed(`limit=1&cursor=${data.next_cursor}`), [first.id])
  })

  it('of one unit arrives once, whoever receives, loses or cancels it at once', async () => {
    const { house, plan, act } = await open({ MUG: 40 })
    await using _ = house
    for (let round = 0; round < 8; round++) {
      const transfer = await plan(['MUG', 3])
      const lines = [{ item_number: 'MUG', quantity: 2 }]
      await act(transfer, 'dispatch')

      const answers = await Promise.all([
        act(transfer, 'receive', { lines }),
        act(transfer, 'receive', { lines }),
        act(transfer, 'write-off', { reason: 'lost' }),
        act(transfer, 'cancel'),
        act(transfer, 'dispatch'),
      ])

      for (const { status } of answers) assert.ok([200, 409, 422].includes(status), `${status}`)
      const { data } = await house.ask(`GET ${PATH}/${transfer.id}`)
      assert.equal(data.in_transit_quantity, 0)
      assert.deepEqual(await house.violations(), [])
    }
  })

  it('of the last units leaves once, when two want them', async () => {
    const { house, shop, plan, act } = await open({ MUG: 4 })
    await using _ = house
    const two = [await plan(['MUG', 3]), await plan(['MUG', 3])]

    const answers = await Promise.all(two.map((transfer) => act(transfer, 'dispatch')))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 422])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [1, 0, 1])
    assert.deepEqual(await house.violations(), [])
  })
})
