import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { count, faults } from '../../orders/tests/selling.ts'
import { ARTICLES, approved, ask, delivered, done, openStore, type Store } from './desk.ts'

type Call = [route: string, body?: object]
const all = (store: Store, calls: readonly Call[]) =>
  Promise.all(calls.map(([route, body = {}]) => store.ask(route, body)))

const statuses = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).toSorted()

// Goal: two who do something to one return at once end as if one had come after the other.
// Method: pairs and crowds of calls at once; the answers must be those of one of the orders, and
// what is left is looked at with every invariant.
onEveryEngine('returns that meet', (engine) => {
  it('approve and reject: one of them, and the other is told the state', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { id } = (await ask(store, order)).data
    const answers = await all(store, [
      [`POST /api/v1/returns/${id}/approve`],
      [`POST /api/v1/returns/${id}/reject`],
      [`POST /api/v1/returns/${id}/approve`],
    ])
    assert.deepEqual(faults(answers), [])
    assert.deepEqual(statuses(answers), [200, 409, 409])
    assert.deepEqual(await store.violations(), [])
  })

  it('approve and cancel: approved and then withdrawn, or withdrawn first', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { id } = (await ask(store, order)).data
    const [approve, cancel] = await all(store, [
      [`POST /api/v1/returns/${id}/approve`],
      [`POST /api/v1/returns/${id}/cancel`],
    ])
    assert.deepEqual(faults([approve, cancel] as never), [])
    assert.equal(cancel?.status, 200)
    assert.ok([200, 409].includes(approve?.status as number))
    assert.equal((await store.ask(`GET /api/v1/returns/${id}`)).data.status, 'Cancelled')
    assert.deepEqual(await store.violations(), [])
  })

  it('receive twice: the goods come in once', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const { id, items } = await approved(store, order)
    const two = { items: [{ id: items[0].id, quantity: 2 }] }
    const answers = await all(store, [
      [`POST /api/v1/returns/${id}/receive`, two],
      [`POST /api/v1/returns/${id}/receive`, two],
    ])
    assert.deepEqual(faults(answers), [])
    assert.deepEqual(statuses(answers), [200, 409])
    assert.deepEqual(await store.violations(), [])
  })

  it('restock twice: nothing is on the shelf twice', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const shelf = await store.available('MUG')
    const { id } = await approved(store, order)
    const route = `POST /api/v1/returns/${id}/restock`
    const answers = await all(store, [[route], [route], [route]])
    assert.deepEqual(faults(answers), [])
    assert.equal(count(answers, 200), 1)
    assert.equal(await store.available('MUG'), shelf + 3)
    assert.deepEqual(await store.violations(), [])
  })

  it('refund twice: the money goes back once', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/restock`)
    const route = `POST /api/v1/returns/${id}/refund`
    const answers = await all(store, [[route], [route], [route]])
    assert.deepEqual(faults(answers), [])
    assert.ok(count(answers, 200) === 1, JSON.stringify(answers.map(({ body }) => body)))
    const { data } = await store.ask(`GET /api/v1/returns/${id}`)
    assert.deepEqual([data.status, data.refund_amount], ['Refunded', '30.00'])
    assert.deepEqual(await store.violations(), [])
  })

  it('a refund of the return and one of the order: no unit is paid back twice', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/restock`)
    const items = [{ item_id: order.items[0].id, quantity: 1 }]
    const answers = await all(store, [
      [`POST /api/v1/returns/${id}/refund`],
      [`POST /api/v1/orders/${order.id}/refund`, { items }],
    ])
    assert.deepEqual(faults(answers), [])
    assert.equal(answers.filter(({ status }) => status < 300).length, 1)
    const { data } = await store.ask(`GET /api/v1/payments/order/${order.id}/total`)
    assert.equal(data.balance, order.total_amount)
    assert.deepEqual(await store.violations(), [])
  })

  it('requests for the same units, and a claim of them: each unit is held once', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 3 })
    const two = [{ sku: 'MUG', quantity: 2 }]
    const wish = { order_id: order.id, reason: 'Too small.', items: two }
    const answers = await all(store, [
      ['POST /api/v1/returns', wish],
      ['POST /api/v1/returns', wish],
      [
        'POST /api/v1/claims',
        {
          order_id: order.id,
          description: 'Broken.',
          items: [{ sku: 'MUG', quantity: 2, problem: 'damaged' }],
        },
      ],
      ['POST /api/v1/returns', { ...wish, items: [{ sku: 'MUG', quantity: 1 }] }],
    ])
    assert.deepEqual(faults(answers), [])
    // Two and one, or one and two: never two and two.
    assert.equal(count(answers, 201), 2, JSON.stringify(statuses(answers)))
    assert.deepEqual(await store.violations(), [])
  })

  it('two exchanges for the last unit: one is agreed, the other is told there is none', async () => {
    const articles = [...ARTICLES, { sku: 'ONE', price: '10.00', units: 1 }]
    await using store = await openStore(engine, articles)
    const ids: string[] = []
    for (let nth = 0; nth < 3; nth++) {
      const order = await delivered(store, { MUG: 1 })
      const made = await done(store, 'POST /api/v1/exchanges', {
        order_id: order.id,
        reason: 'Another one.',
        new_items: [{ sku: 'ONE', quantity: 1 }],
      })
      ids.push(made.id)
    }
    const answers = await all(
      store,
      ids.map((id): Call => [`POST /api/v1/exchanges/${id}/approve`]),
    )
    assert.deepEqual(faults(answers), [])
    assert.deepEqual(statuses(answers), [200, 422, 422])
    assert.equal(await store.available('ONE'), 0)
    assert.deepEqual(await store.violations(), [])
  })

  it('an exchange settled twice is paid once; approved and cancelled at once it is one of both', async () => {
    await using store = await openStore(engine, ARTICLES)
    const wish = { reason: 'Another one.', new_items: [{ sku: 'TEA', quantity: 1 }] }
    const make = async () => {
      const order = await delivered(store, { MUG: 1 })
      return done(store, 'POST /api/v1/exchanges', { order_id: order.id, ...wish })
    }
    const first = await make()
    await done(store, `POST /api/v1/exchanges/${first.id}/approve`)
    await done(store, `POST /api/v1/returns/${first.return.id}/restock`)
    const settle = `POST /api/v1/exchanges/${first.id}/settle`
    const settled = await all(store, [[settle], [settle]])
    assert.deepEqual(faults(settled), [])
    assert.ok(count(settled, 200) >= 1, JSON.stringify(settled.map(({ body }) => body)))
    const after = await done(store, settle)
    assert.equal(after.status, 'completed')
    const payments = await store.ask(`GET /api/v1/payments/order/${after.new_order_id}/total`)
    assert.deepEqual([payments.data.total_paid, payments.data.balance], ['4.00', '0.00'])

    const second = await make()
    const answers = await all(store, [
      [`POST /api/v1/exchanges/${second.id}/approve`],
      [`POST /api/v1/exchanges/${second.id}/cancel`],
    ])
    assert.deepEqual(faults(answers), [])
    assert.equal(answers[1]?.status, 200)
    assert.equal((await store.ask(`GET /api/v1/exchanges/${second.id}`)).data.status, 'cancelled')
    assert.deepEqual(await store.violations(), [])
  })
})
