import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { ARTICLES, approved, ask, delivered, done, openStore, shopper, units } from './desk.ts'

const someone = (customer_id: string) => ({
  as: { ...shopper(customer_id), may: (p: string) => /^(orders|returns):/.test(p) },
})

onEveryEngine('a return', (engine) => {
  it('goes from the request to the refund, and tells each step', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3, TEA: 2 })
    const before = await store.available('MUG')
    const { data: asked, status } = await ask(store, order, {
      items: [{ sku: 'MUG', quantity: 2, reason: 'chipped', condition: 'damaged' }],
      customer_notes: 'Sorry.',
    })
    assert.equal(status, 201)
    assert.match(asked.rma_number, /^RMA-\d+$/)
    assert.deepEqual(
      [asked.status, asked.reason, asked.items[0].condition, units(asked.items)],
      ['Requested', 'Too small.', 'Damaged', { MUG: 2 }],
    )
    const ok = await done(store, `POST /api/v1/returns/${asked.rma_number}/approve`)
    assert.equal(ok.status, 'Approved')
    const here = await done(store, `POST /api/v1/returns/${asked.id}/receive`)
    assert.deepEqual([here.status, here.items[0].received_quantity], ['Received', 2])
    assert.equal(await store.available('MUG'), before, 'nobody has looked at it yet')
    const early = await store.ask(`POST /api/v1/returns/${asked.id}/refund`, {})
    assert.deepEqual([early.status, early.error.code], [409, 'RETURN_NOT_INSPECTED'])

    const looked = await done(store, `POST /api/v1/returns/${asked.id}/inspect`, {
      items: [
        { sku: 'MUG', quantity: 1, disposition: 'restock' },
        { sku: 'MUG', quantity: 1, disposition: 'scrap' },
      ],
    })
    assert.equal(looked.items[0].accepted_quantity, 2)
    assert.equal(await store.available('MUG'), before + 1)
    const preview = await done(store, `POST /api/v1/returns/${asked.id}/refund/preview`)
    assert.equal(preview.amount, '20.00')
    const paid = await done(store, `POST /api/v1/returns/${asked.id}/refund`)
    assert.deepEqual(
      [paid.status, paid.refund_amount, paid.refund_status],
      ['Refunded', '20.00', 'succeeded'],
    )
    const after = await store.order(order.id)
    assert.deepEqual(
      [after.payment_status, after.return_status],
      ['partially_refunded', 'partially_returned'],
    )
    const again = await store.ask(`POST /api/v1/returns/${asked.id}/refund`, {})
    assert.deepEqual([again.status, again.error.code], [409, 'RETURN_CANNOT_REFUND'])
    const told = (await store.events()).filter((name) => name.startsWith('return.'))
    assert.deepEqual(told, [
      'return.created',
      'return.approved',
      'return.received',
      'return.inspected',
      'return.restocked',
      'return.refund_begun',
      'return.refunded',
    ])
    const history = await store.ask(`GET /api/v1/returns/${asked.id}/history`)
    assert.equal(history.data.items[0].event, 'return.refunded')
    assert.equal(history.data.items[0].new_status, 'Refunded')
    assert.deepEqual(await store.violations(), [])
  })

  it('works as published: created without items, approved, restocked', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2, TEA: 1 })
    const before = await store.available('MUG')
    const { data } = await ask(store, order)
    assert.deepEqual(units(data.items), { MUG: 2, TEA: 1 })
    await done(store, `POST /api/v1/returns/${data.id}/approve`)
    const back = await done(store, `POST /api/v1/returns/${data.id}/restock`)
    assert.deepEqual([back.return_id, back.status], [data.id, 'restocked'])
    assert.equal(back.return.status, 'Received')
    assert.equal(await store.available('MUG'), before + 2)
    const twice = await store.ask(`POST /api/v1/returns/${data.id}/restock`, {})
    assert.deepEqual([twice.status, twice.error.code], [409, 'RETURN_NOTHING_TO_RESTOCK'])
    const { data: list } = await store.ask('GET /api/v1/returns?status=received')
    assert.deepEqual([list.total, list.items[0].id], [1, data.id])
    assert.deepEqual(await store.violations(), [])
  })

  it('is done in one step by process: goods in, on the shelf, money back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const { id } = await approved(store, order, { items: [{ sku: 'MUG', quantity: 1 }] })
    const paid = await done(store, `POST /api/v1/returns/${id}/process`)
    assert.deepEqual([paid.status, paid.refund_amount], ['Refunded', '10.00'])
    assert.deepEqual(await store.violations(), [])
  })

  it('holds its units: no other return has them, until it is refused or withdrawn', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const items = [{ sku: 'MUG', quantity: 2 }]
    const first = (await ask(store, order, { items })).data
    const second = await ask(store, order, { items })
    assert.deepEqual([second.status, second.error.code], [422, 'RETURN_EXCEEDS_UNITS'])
    assert.equal(second.error.details.left, 1)
    await done(store, `POST /api/v1/returns/${first.id}/reject`, { reason: 'Worn.' })
    const third = (await ask(store, order, { items })).data
    await done(store, `POST /api/v1/returns/${third.id}/approve`)
    const gone = await done(store, `POST /api/v1/returns/${third.id}/cancel`)
    assert.deepEqual([gone.status, gone.approved_at], ['Cancelled', null])
    const reopened = await done(store, `POST /api/v1/returns/${first.id}/reopen`)
    assert.equal(reopened.status, 'Requested')
    const late = await store.ask(`POST /api/v1/returns/${third.id}/reopen`, {})
    assert.deepEqual([late.status, late.error.code], [422, 'RETURN_EXCEEDS_UNITS'])
    const bad = await store.ask(`POST /api/v1/returns/${third.id}/receive`, {})
    assert.deepEqual([bad.status, bad.error.details.open_moves], [409, ['reopen']])
    await done(store, `DELETE /api/v1/returns/${first.id}`)
    assert.equal((await store.ask(`GET /api/v1/returns/${first.id}`)).status, 404)
    assert.equal((await ask(store, order, { items })).status, 201)
    assert.deepEqual(await store.violations(), [])
  })

  it('is received in parts, and takes more than was agreed only if that is said', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const { id, items } = await approved(store, order, { items: [{ sku: 'MUG', quantity: 2 }] })
    const one = { items: [{ id: items[0].id, quantity: 1 }] }
    const part = await done(store, `POST /api/v1/returns/${id}/receive`, one)
    assert.equal(part.status, 'PartiallyReceived')
    const stuck = await store.ask(`POST /api/v1/returns/${id}/cancel`, {})
    assert.deepEqual([stuck.status, stuck.error.code], [409, 'RETURN_CANNOT_CANCEL'])
    const two = { items: [{ id: items[0].id, quantity: 2 }] }
    const over = await store.ask(`POST /api/v1/returns/${id}/receive`, two)
    assert.deepEqual([over.status, over.error.code], [409, 'RETURN_OVER_RECEIPT'])
    const all = await done(store, `POST /api/v1/returns/${id}/receive`, {
      ...two,
      over_receipt: true,
    })
    assert.deepEqual(
      [all.status, all.items[0].received_quantity, all.items[0].over_received_quantity],
      ['Received', 3, 1],
    )
    assert.equal((await store.order(order.id)).return_status, 'returned')
    await done(store, `POST /api/v1/returns/${id}/restock`)
    const paid = await done(store, `POST /api/v1/returns/${id}/refund`)
    assert.equal(paid.refund_amount, '30.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('never takes more than the order has, even when more than agreed may come', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const { id, items } = await approved(store, order)
    const three = { items: [{ id: items[0].id, quantity: 3 }], over_receipt: true }
    const refused = await store.ask(`POST /api/v1/returns/${id}/receive`, three)
    assert.deepEqual([refused.status, refused.error.code], [422, 'RETURN_EXCEEDS_UNITS'])
    assert.equal((await store.ask(`GET /api/v1/returns/${id}`)).data.status, 'Approved')
    assert.deepEqual(await store.violations(), [])
  })

  it('ends with what came when the rest will not come; the rest is free again', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const { id, items } = await approved(store, order)
    const here = await done(store, `POST /api/v1/returns/${id}/receive`, {
      items: [{ id: items[0].id, quantity: 1 }],
      final: true,
    })
    assert.equal(here.status, 'Received')
    assert.equal((await ask(store, order, { items: [{ sku: 'MUG', quantity: 2 }] })).status, 201)
    assert.deepEqual(await store.violations(), [])
  })

  it('counts what is sent back as returned no more, and ends without money', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/receive`)
    const items = [{ sku: 'MUG', quantity: 1, disposition: 'send_back' }]
    const paidFor = await store.ask(`POST /api/v1/returns/${id}/inspect`, {
      items: [{ ...items[0], accepted: true }],
    })
    assert.equal(paidFor.status, 400)
    await done(store, `POST /api/v1/returns/${id}/inspect`, { items })
    assert.equal((await store.order(order.id)).return_status, 'none')
    const none = await store.ask(`POST /api/v1/returns/${id}/refund`, {})
    assert.deepEqual([none.status, none.error.code], [422, 'RETURN_NOTHING_TO_REFUND'])
    const over = await done(store, `POST /api/v1/returns/${id}/complete`, { reason: 'Worn.' })
    assert.equal(over.status, 'Completed')
    assert.equal((await ask(store, order)).status, 201, 'the customer has it again')
    assert.deepEqual(await store.violations(), [])
  })

  it('is asked for within the window, unless staff says why not', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z')
    const clock = () => new Date(now)
    await using store = await openStore(engine, ARTICLES, { clock })
    const order = await delivered(store, { MUG: 1 })
    now += 31 * 24 * 3600 * 1000
    const late = await ask(store, order)
    assert.deepEqual([late.status, late.error.code], [422, 'RETURN_NOT_ALLOWED'])
    const forbidden = await ask(
      store,
      order,
      { override_reason: 'please' },
      someone(store.customer_id),
    )
    assert.deepEqual([forbidden.status, forbidden.error.code], [403, 'RETURN_STAFF_ONLY'])
    const passed = await ask(store, order, { override_reason: 'A good customer.' })
    assert.deepEqual([passed.status, passed.data.override_reason], [201, 'A good customer.'])
    assert.deepEqual(await store.violations(), [])
  })

  it('is a customer’s own: of others they see nothing, and they decide nothing', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const other = await store.newCustomer()
    const mine = someone(store.customer_id)
    const theirs = someone(other)
    assert.equal((await ask(store, order, {}, theirs)).status, 404)
    const { data } = await ask(store, order, { items: [{ sku: 'MUG', quantity: 1 }] }, mine)
    assert.equal((await store.ask(`GET /api/v1/returns/${data.id}`, undefined, theirs)).status, 404)
    assert.equal((await store.ask('GET /api/v1/returns', undefined, theirs)).data.total, 0)
    assert.equal((await store.ask('GET /api/v1/returns', undefined, mine)).data.total, 1)
    const own = await store.ask(`POST /api/v1/returns/${data.id}/approve`, {}, mine)
    assert.deepEqual([own.status, own.error.code], [403, 'RETURN_STAFF_ONLY'])
    await done(store, `POST /api/v1/returns/${data.id}/notes`, { content: 'A thief?' })
    await done(store, `POST /api/v1/returns/${data.id}/notes`, {
      content: 'Thank you.',
      note_type: 'Customer',
    })
    const notes = await store.ask(`GET /api/v1/returns/${data.id}/notes`, undefined, mine)
    assert.deepEqual(
      notes.data.items.map((note: any) => note.content),
      ['Thank you.'],
    )
    const withdrawn = await store.ask(`POST /api/v1/returns/${data.id}/cancel`, {}, mine)
    assert.equal(withdrawn.data.status, 'Cancelled')
    assert.deepEqual(await store.violations(), [])
  })
})
