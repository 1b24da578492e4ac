import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { ADDRESS, placeTaxed } from '../../orders/tests/selling.ts'
import { ARTICLES, deliver, done, openStore, type Store } from './desk.ts'

const TO = { shipping_address: ADDRESS }

/** A mug at 10.00 less a tenth, with its tax, paid and delivered. */
async function arrived(store: Store) {
  const order = await placeTaxed(store, { MUG: [1, 1000] })
  await store.pay(order)
  return deliver(store, order)
}

/** A mug comes back for teas at 4.00, two of which cost less; all of it is settled. */
async function settled(store: Store, teas: number) {
  const order = await arrived(store)
  const new_items = [{ sku: 'TEA', quantity: teas }]
  const wish = { order_id: order.id, reason: 'Too small.', new_items }
  const { id } = await done(store, 'POST /api/v1/exchanges', wish)
  const exchange = await done(store, `POST /api/v1/exchanges/${id}/approve`)
  await done(store, `POST /api/v1/returns/${exchange.return.id}/restock`)
  const over = await done(store, `POST /api/v1/exchanges/${id}/settle`)
  return { order, exchange: over, goods: await store.order(exchange.new_order_id) }
}

/** Another order of the customer, taxed as that of an exchange is. */
async function drafted(store: Store, product_id: string) {
  const { customer_id } = store
  const lines = [{ product_id, quantity: 1 }]
  const draft = await done(store, 'POST /api/v1/drafts', { customer_id, lines, ...TO })
  const path = `POST /api/v1/drafts/${draft.id}/complete`
  return store.order((await done(store, path, { payment: 'pending' })).order_id)
}

const sum = (...orders: { total_amount: string }[]): string =>
  orders.reduce((total, { total_amount }) => total + Number(total_amount), 0).toFixed(2)
const merge = (store: Store, into: { id: string }, ...others: { id: string }[]) =>
  done(store, `POST /api/v1/orders/${into.id}/merge`, { orders: others.map(({ id }) => id) })
const paidBy = async (store: Store, { id }: { id: string }) => {
  const { data } = await store.ask(`GET /api/v1/payments/order/${id}`)
  return data.map((one: any) => [one.payment_method, one.amount, one.refunded_amount])
}

onEveryEngine('the order of an exchange that is over', (engine) => {
  it('becomes part of another with what came back as its payment, and goes back there', async () => {
    await using store = await openStore(engine, ARTICLES)
    const { exchange, goods } = await settled(store, 2)
    assert.equal(exchange.status, 'completed')
    const tea = await store.available('TEA')
    const other = await drafted(store, 'MUG')
    await store.pay(other)
    const into = await merge(store, other, goods)
    assert.deepEqual([into.total_amount, into.payment_status], [sum(goods, other), 'paid'])
    assert.equal(await store.available('TEA'), tea, 'its stock stays promised')
    assert.deepEqual(await paidBy(store, into), [
      ['StoreCredit', goods.total_amount, '0.00'],
      ['CreditCard', other.total_amount, '0.00'],
    ])
    const ended = await store.order(goods.id)
    assert.deepEqual(
      [ended.status, ended.status_reason],
      ['cancelled', `merged into ${into.order_number}`],
    )
    const still = (await store.ask(`GET /api/v1/exchanges/${exchange.id}`)).data
    assert.deepEqual([still.status, still.value_out], ['completed', goods.total_amount])
    const again = await done(store, `POST /api/v1/exchanges/${exchange.id}/settle`)
    assert.deepEqual(again, still, 'asked again it changes nothing')
    assert.deepEqual(await store.violations(), [])

    const teas = into.items.find((item: any) => item.sku === 'TEA')
    const back = await done(store, `POST /api/v1/orders/${into.id}/refund`, {
      items: [{ item_id: teas.id, quantity: 2 }],
    })
    assert.equal(back.amount, goods.total_amount)
    await done(store, `POST /api/v1/orders/${into.id}/cancel`)
    await sweepPayments(systemProcess(store.app))
    const given = (await paidBy(store, into)).map((one: string[]) => one[2])
    assert.deepEqual(given, [goods.total_amount, other.total_amount], 'each to where it came from')
    assert.deepEqual(await store.violations(), [])
  })

  it('takes another in, whose payment ends no exchange twice', async () => {
    await using store = await openStore(engine, ARTICLES)
    const { exchange, goods } = await settled(store, 2)
    const other = await drafted(store, 'MUG')
    const into = await merge(store, goods, other)
    assert.deepEqual(
      [into.total_amount, into.payment_status],
      [sum(goods, other), 'partially_paid'],
    )
    await store.pay({ id: into.id, total_amount: other.total_amount })
    assert.equal((await store.order(into.id)).payment_status, 'paid')
    const told = (await store.events()).filter((name) => name === 'exchange.completed')
    assert.equal(told.length, 1)
    await deliver(store, into)
    const one = await done(store, 'POST /api/v1/exchanges', {
      order_id: into.id,
      reason: 'Another colour.',
      items: [{ sku: 'TEA', quantity: 1 }],
      new_items: [{ sku: 'TEA', quantity: 1 }],
    })
    assert.deepEqual([one.status, one.order_id], ['requested', into.id], 'exchanged once more')
    assert.equal((await store.ask(`GET /api/v1/exchanges/${exchange.id}`)).data.status, 'completed')
    assert.deepEqual(await store.violations(), [])
  })

  it('of two exchanges becomes one order, once both are paid, and not before', async () => {
    await using store = await openStore(engine, ARTICLES)
    const one = await settled(store, 2)
    const two = await settled(store, 3)
    assert.equal(two.exchange.status, 'settled', 'something is still owed')
    const route = `POST /api/v1/orders/${one.goods.id}/merge`
    const early = await store.ask(route, { orders: [two.goods.id] })
    assert.deepEqual([early.status, early.error.code], [409, 'ORDER_NOT_MERGEABLE'])
    assert.ok(early.error.message.includes(two.exchange.exchange_number))
    // Merged while it is paid: first the one, then the other.
    const [paid] = await Promise.all([
      store.pay({ id: two.goods.id, total_amount: two.exchange.balance }),
      store.ask(route, { orders: [two.goods.id] }),
    ])
    assert.ok(paid)
    const ended = await store.order(two.goods.id)
    if (ended.status !== 'cancelled') await merge(store, one.goods, two.goods)
    const into = await store.order(one.goods.id)
    assert.deepEqual([into.total_amount, into.payment_status], [sum(one.goods, two.goods), 'paid'])
    const { data } = await store.ask('GET /api/v1/exchanges')
    assert.deepEqual(
      data.items.map((exchange: any) => exchange.status),
      ['completed', 'completed'],
    )
    await deliver(store, into)
    assert.deepEqual(await store.violations(), [])
  })

  it('that replaces what a claim was about becomes part of another as well', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await arrived(store)
    const claim = await done(store, 'POST /api/v1/claims', {
      order_id: order.id,
      description: 'It never came.',
      items: [{ sku: 'MUG', quantity: 1, problem: 'damaged' }],
    })
    await done(store, `POST /api/v1/claims/${claim.id}/approve`, { remedy: 'replacement' })
    const over = await done(store, `POST /api/v1/claims/${claim.id}/resolve`)
    const goods = await store.order(over.new_order_id)
    const other = await drafted(store, 'TEA')
    await store.pay(other)
    const joined = await store.ask(`POST /api/v1/orders/${other.id}/merge`, { orders: [goods.id] })
    assert.equal(joined.status, 200, JSON.stringify(joined.body))
    assert.deepEqual(
      [joined.data.total_amount, joined.data.payment_status],
      [other.total_amount, 'paid'],
    )
    await deliver(store, joined.data)
    const { data } = await store.ask(`GET /api/v1/claims/${claim.id}`)
    assert.equal(data.status, 'resolved')
    assert.deepEqual(await store.violations(), [])
  })
})
