import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { faults, openStore, type Store, shopper } from './selling.ts'

const open = (engine: 'sqlite' | 'postgres') => openStore(engine, [{ sku: 'MUG', price: '12.50' }])

const move = (store: Store, id: string, status: string, reason?: string) =>
  store.ask(`PUT /api/v1/orders/${id}/status`, { status, ...(reason && { reason }) })
const hold = (store: Store, id: string, code?: string, note?: string) =>
  store.ask(`POST /api/v1/orders/${id}/hold`, { ...(code && { code }), ...(note && { note }) })
const release = (store: Store, id: string, body: object = {}) =>
  store.ask(`POST /api/v1/orders/${id}/release`, body)
const why = async (store: Store, id: string) =>
  (await store.ask(`GET /api/v1/orders/${id}/holds`)).data
const eventsOf = async (store: Store, id: string) =>
  (await store.ask(`GET /api/v1/orders/${id}/history?limit=100`)).data.items

onEveryEngine('holding orders', (engine) => {
  it('stops an order for several reasons and lets it go where it was when the last is gone', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })
    await move(store, order.id, 'confirmed')

    const first = await hold(store, order.id, 'fraud_review', 'Paid from afar.')
    const second = await hold(store, order.id, 'address_check')

    assert.deepEqual([first.status, first.data.status], [200, 'on_hold'])
    assert.equal(first.data.status_reason, null, 'what staff notes is not told to the buyer')
    assert.deepEqual(
      second.data.holds.map(({ code }: { code: string }) => code),
      ['fraud_review', 'address_check'],
    )
    const told = await why(store, order.id)
    assert.deepEqual([told.is_on_hold, told.returns_to], [true, 'confirmed'])
    assert.deepEqual(
      told.open.map((one: Record<string, string>) => [one.code, one.note, one.held_by]),
      [
        ['fraud_review', 'Paid from afar.', 'user:test-admin'],
        ['address_check', null, 'user:test-admin'],
      ],
    )

    const one = await release(store, order.id, { code: 'fraud_review', note: 'It is them.' })
    assert.equal(one.data.status, 'on_hold')
    const last = await release(store, order.id)
    assert.deepEqual([last.data.status, last.data.holds], ['confirmed', []])
    const after = await why(store, order.id)
    assert.deepEqual([after.is_on_hold, after.returns_to, after.open], [false, null, []])
    assert.deepEqual(
      after.released.map((gone: Record<string, string>) => [gone.code, gone.release_note]),
      [
        ['address_check', null],
        ['fraud_review', 'It is them.'],
      ],
    )
    const events = await store.events()
    const ours = events.filter((name) => /order\.(held|released)/.test(name))
    assert.deepEqual(ours, ['order.held', 'order.held', 'order.released', 'order.released'])
    assert.deepEqual(await store.violations(), [])
  })

  it('takes the same reason twice for one, and a release that was made already for made', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })

    await hold(store, order.id, 'stock')
    const again = await hold(store, order.id, 'stock')
    const { id: hold_id } = again.data.holds[0]
    assert.equal(again.data.holds.length, 1)

    assert.equal((await release(store, order.id, { hold_id })).data.status, 'pending')
    const twice = await release(store, order.id, { hold_id })
    assert.deepEqual([twice.status, twice.data.status], [200, 'pending'])
    assert.deepEqual(await store.violations(), [])
  })

  it('refuses to release what is not held, a hold of another order, and to hold what is over', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })
    const other = await store.place({ MUG: 1 })
    const { data } = await hold(store, other.id)

    const free = await release(store, order.id)
    assert.deepEqual([free.status, free.error.code], [409, 'ORDER_CANNOT_RELEASE'])
    assert.deepEqual(free.error.details.open_moves, ['confirm', 'process', 'hold', 'cancel'])
    const foreign = await release(store, order.id, { hold_id: data.holds[0].id })
    assert.deepEqual([foreign.status, foreign.error.code], [404, 'ORDER_HOLD_NOT_FOUND'])
    await store.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    const over = await hold(store, order.id)
    assert.deepEqual([over.status, over.error.code], [409, 'ORDER_CANNOT_HOLD'])
    const named = await move(store, other.id, 'confirmed')
    assert.equal(named.status, 409, 'a release is not asked for by naming a state')
    assert.deepEqual(await store.violations(), [])
  })

  it('follows the published state too: held by naming it, let go by going on', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })

    await move(store, order.id, 'on_hold', 'They will call back.')
    const told = await why(store, order.id)
    assert.deepEqual(
      told.open.map(({ code, note }: Record<string, string>) => [code, note]),
      [['manual', 'They will call back.']],
    )
    assert.equal(told.returns_to, 'pending')
    await hold(store, order.id, 'address_check')
    await move(store, order.id, 'processing')
    assert.deepEqual((await why(store, order.id)).open, [])

    await hold(store, order.id, 'again')
    await store.ask(`POST /api/v1/orders/${order.id}/cancel`, { reason: 'no answer' })
    const [gone] = (await why(store, order.id)).released
    assert.deepEqual([gone.code, gone.release_note], ['again', 'no answer'])
    assert.deepEqual(await store.violations(), [])
  })

  it('confirms on release what was paid while it was held', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })
    await hold(store, order.id, 'fraud_review')
    await store.pay(order)
    assert.equal((await store.order(order.id)).status, 'on_hold')

    const released = await release(store, order.id)

    assert.deepEqual([released.data.status, released.data.payment_status], ['confirmed', 'paid'])
    assert.deepEqual(await store.violations(), [])
  })

  it('ends races of holding, releasing and cancelling as one after the other', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })

    const answers = await Promise.all([
      hold(store, order.id, 'one'),
      hold(store, order.id, 'one'),
      hold(store, order.id, 'two'),
      release(store, order.id),
      move(store, order.id, 'processing'),
      release(store, order.id, { code: 'one' }),
      store.ask(`POST /api/v1/orders/${order.id}/cancel`, {}),
    ])

    assert.deepEqual(faults(answers), [])
    for (const { status } of answers) assert.ok([200, 404, 409].includes(status), String(status))
    assert.deepEqual(await store.violations(), [])
  })

  it('tells buyers nothing of it, and does not let them do it', async () => {
    await using store = await open(engine)
    const order = await store.place({ MUG: 1 })
    await hold(store, order.id, 'fraud_review', 'Looks odd.')
    const buyer = { as: shopper(store.customer_id) }

    const seen = await store.ask(`GET /api/v1/orders/${order.id}`, undefined, buyer)
    assert.deepEqual([seen.data.status, seen.data.holds], ['on_hold', []])
    const holds = await store.ask(`GET /api/v1/orders/${order.id}/holds`, undefined, buyer)
    assert.equal(holds.status, 403)
    const history = await store.ask(`GET /api/v1/orders/${order.id}/history`, undefined, buyer)
    assert.ok(!JSON.stringify(history.data).includes('fraud'))
    assert.equal((await store.ask(`POST /api/v1/orders/${order.id}/hold`, {}, buyer)).status, 403)
  })
})

onEveryEngine('what staff puts on orders', (engine) => {
  it('sets, adds and removes tags, in lower case and each once', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 1 })

    const set = await store.ask(`PUT /api/v1/orders/${id}/tags`, { tags: ['VIP', 'gift', 'vip '] })
    assert.deepEqual(set.data.tags, ['gift', 'vip'])
    const added = await store.ask(`POST /api/v1/orders/${id}/tags`, { tags: ['Rush'] })
    assert.deepEqual(added.data.tags, ['gift', 'rush', 'vip'])
    const removed = await store.ask(`DELETE /api/v1/orders/${id}/tags/GIFT`)
    assert.deepEqual(removed.data.tags, ['rush', 'vip'])
    assert.equal((await store.ask(`DELETE /api/v1/orders/${id}/tags/never`)).status, 200)
    const many = Array.from({ length: 49 }, (_, nth) => `tag ${nth}`)
    const refused = await store.ask(`POST /api/v1/orders/${id}/tags`, { tags: many })
    assert.deepEqual([refused.status, refused.error.code], [422, 'ORDER_TOO_MANY_MARKS'])
    const [last] = await eventsOf(store, id)
    assert.deepEqual(last.changes, {
      tags: { before: ['gift', 'rush', 'vip'], after: ['rush', 'vip'] },
    })
    assert.deepEqual(await store.violations(), [])
  })

  it('keeps custom attributes of any JSON within limits; null removes one', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 1 })
    const put = (attributes: object) =>
      store.ask(`PUT /api/v1/orders/${id}/attributes`, { attributes })

    const set = await put({ gift_wrap: true, erp: 'A-1', box: { width: 3 } })
    assert.deepEqual(set.data.attributes, { gift_wrap: true, erp: 'A-1', box: { width: 3 } })
    const changed = await put({ erp: null, box: [1, 2] })
    assert.deepEqual(changed.data.attributes, { gift_wrap: true, box: [1, 2] })
    const [last] = await eventsOf(store, id)
    assert.deepEqual(last.changes, {
      'attributes.erp': { before: 'A-1', after: null },
      'attributes.box': { before: { width: 3 }, after: [1, 2] },
    })
    assert.ok(!JSON.stringify(last.details).includes('A-1'), 'events do not tell values')
    const long = await put({ erp: 'x'.repeat(2_100) })
    assert.deepEqual([long.status, long.error.code], [400, 'VALIDATION_FAILED'])
    assert.equal((await put({ 'no good': 1 })).status, 400)
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, nth) => [`a${nth}`, nth]))
    assert.equal((await put(many)).error.code, 'ORDER_TOO_MANY_MARKS')
    assert.deepEqual(await store.violations(), [])
  })

  it('keeps notes for staff and for buyers apart, and removes those of people', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 1 })
    const add = (body: object) => store.ask(`POST /api/v1/orders/${id}/notes`, body)

    const secret = await add({ body: 'Difficult.' })
    const shown = await add({ body: 'Comes on Friday.', kind: 'customer' })
    assert.deepEqual([secret.status, secret.data.kind], [201, 'internal'])
    const buyer = { as: shopper(store.customer_id) }
    const seen = await store.ask(`GET /api/v1/orders/${id}/notes`, undefined, buyer)
    assert.deepEqual(
      seen.data.items.map((note: Record<string, string>) => [note.id, note.body, note.author]),
      [[shown.data.id, 'Comes on Friday.', null]],
    )
    const all = await store.ask(`GET /api/v1/orders/${id}/notes?limit=1`)
    assert.deepEqual([all.data.total, all.data.items[0].id], [2, shown.data.id])
    const next = await store.ask(`GET /api/v1/orders/${id}/notes?cursor=${all.data.next_cursor}`)
    assert.deepEqual(next.data.items[0].id, secret.data.id)

    const path = `DELETE /api/v1/orders/${id}/notes`
    assert.equal((await store.ask(`${path}/${secret.data.id}`)).status, 204)
    const gone = await store.ask(`${path}/${secret.data.id}`)
    assert.deepEqual([gone.status, gone.error.code], [404, 'ORDER_NOTE_NOT_FOUND'])
    const [last] = await eventsOf(store, id)
    assert.deepEqual(last.changes, {
      [`notes.${secret.data.id}`]: { before: 'Difficult.', after: null },
    })
    assert.equal((await add({ body: 'x', kind: 'system' })).status, 400)
  })

  it('attaches documents by address', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 1 })
    const url = 'https://files.example.com/a.pdf'
    const add = (body: object) => store.ask(`POST /api/v1/orders/${id}/attachments`, body)

    const made = await add({ name: 'Customs', url })
    const shown = await add({ name: 'Manual', url: `${url}?2`, for_customer: true })
    assert.equal(made.status, 201)
    const list = await store.ask(`GET /api/v1/orders/${id}/attachments`)
    assert.deepEqual(
      list.data.map(({ name }: { name: string }) => name),
      ['Customs', 'Manual'],
    )
    const buyer = { as: shopper(store.customer_id) }
    const seen = await store.ask(`GET /api/v1/orders/${id}/attachments`, undefined, buyer)
    assert.deepEqual(
      seen.data.map((one: Record<string, string>) => [one.id, one.added_by]),
      [[shown.data.id, null]],
    )
    for (const bad of ['javascript:alert(1)', 'ftp://x', 'https://a b']) {
      assert.equal((await add({ name: 'No', url: bad })).status, 400, bad)
    }
    const path = `DELETE /api/v1/orders/${id}/attachments/${made.data.id}`
    assert.equal((await store.ask(path)).status, 204)
    assert.equal((await store.ask(path)).error.code, 'ORDER_ATTACHMENT_NOT_FOUND')
  })

  it('puts an archived order back, and lists the archived ones when asked', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 1 })
    await store.ask(`POST /api/v1/orders/${id}/cancel`, {})
    await store.ask(`POST /api/v1/orders/${id}/archive`)
    const total = async (query = '') => (await store.ask(`GET /api/v1/orders${query}`)).data.total

    assert.deepEqual([await total(), await total('?archived=true')], [0, 1])
    const back = await store.ask(`POST /api/v1/orders/${id}/unarchive`)
    assert.equal(back.data.is_archived, false)
    const again = await store.ask(`POST /api/v1/orders/${id}/unarchive`)
    assert.deepEqual([again.status, again.data.version], [200, back.data.version])
    assert.deepEqual([await total(), await total('?archived=true')], [1, 0])
    const [last] = await eventsOf(store, id)
    assert.deepEqual(last.changes, { is_archived: { before: true, after: false } })
  })

  it('leaves what every move changed in the history, with who did it', async () => {
    await using store = await open(engine)
    const { id } = await store.place({ MUG: 2 })
    await move(store, id, 'confirmed')
    await hold(store, id, 'stock')

    const history = await eventsOf(store, id)

    assert.deepEqual(
      history.map((one: Record<string, unknown>) => [one.event, one.changes, one.actor]),
      [
        ['order.held', { 'holds.stock': { before: null, after: 'open' } }, 'user:test-admin'],
        [
          'order.status_changed',
          { status: { before: 'confirmed', after: 'on_hold' } },
          'user:test-admin',
        ],
        [
          'order.status_changed',
          { status: { before: 'pending', after: 'confirmed' } },
          'user:test-admin',
        ],
        ['order.created', {}, 'user:test-admin'],
      ],
    )
  })
})
