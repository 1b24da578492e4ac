import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { placeTaxed } from '../../orders/tests/selling.ts'
import { ARTICLES, deliver, delivered, done, openStore, type Store } from './desk.ts'

const swap = (store: Store, order: { id: string }, body: object) =>
  store.ask('POST /api/v1/exchanges', { order_id: order.id, reason: 'Too small.', ...body })

/** The goods of an exchange come back, all fit for sale. */
const back = (store: Store, exchange: { return: { id: string } }) =>
  done(store, `POST /api/v1/returns/${exchange.return.id}/restock`)

const storeCredit = async (store: Store) => {
  const rows = await store.rows('credit_accounts')
  return rows.map(({ balance_amount }) => Number(balance_amount))
}

onEveryEngine('an exchange', (engine) => {
  it('even: what comes back pays for what goes out, which waits for it', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const tea = await store.available('TEA')
    const made = await swap(store, order, {
      new_items: [{ sku: 'TEA', quantity: 2, unit_price: '5.00' }],
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.match(made.data.exchange_number, /^EXC-\d+$/)
    assert.deepEqual(
      [made.data.status, made.data.value_in, made.data.value_out, made.data.balance_is],
      ['requested', '10.00', '10.00', 'even'],
    )
    assert.equal(await store.available('TEA'), tea, 'nothing is reserved yet')
    const { id } = made.data
    const ok = await done(store, `POST /api/v1/exchanges/${id}/approve`)
    assert.deepEqual([ok.status, ok.return.status], ['approved', 'Approved'])
    assert.equal(await store.available('TEA'), tea - 2)
    assert.equal((await store.order(ok.new_order_id)).status, 'on_hold')
    const own = await store.ask(`POST /api/v1/returns/${ok.return.id}/cancel`, {})
    assert.deepEqual([own.status, own.error.code], [409, 'RETURN_OF_A_DOCUMENT'])
    // What comes back will pay for this order: until then it is one.
    await done(store, `POST /api/v1/orders/${ok.new_order_id}/release`, { code: 'exchange' })
    const goods_now = await store.order(ok.new_order_id)
    const other = await store.place({ TEA: 2 }, { shipping_address: goods_now.shipping_address })
    const apart = await store.ask(`POST /api/v1/orders/${goods_now.id}/split`, {
      items: [{ item_id: goods_now.items[0].id, quantity: 1 }],
    })
    const joined = await store.ask(`POST /api/v1/orders/${other.id}/merge`, {
      orders: [goods_now.id],
    })
    assert.deepEqual(
      [apart, joined].map(({ status, error }) => [status, error.code]),
      [
        [409, 'ORDER_NOT_SPLITTABLE'],
        [409, 'ORDER_NOT_MERGEABLE'],
      ],
    )
    for (const { error } of [apart, joined]) assert.ok(error.message.includes(ok.exchange_number))
    await done(store, `POST /api/v1/orders/${goods_now.id}/hold`, { code: 'exchange' })
    await done(store, `POST /api/v1/orders/${other.id}/cancel`)
    const early = await store.ask(`POST /api/v1/exchanges/${id}/settle`, {})
    assert.deepEqual([early.status, early.error.code], [409, 'RETURN_CANNOT_REFUND'])
    await back(store, ok)
    const over = await done(store, `POST /api/v1/exchanges/${id}/settle`)
    assert.deepEqual(
      [over.status, over.balance, over.return.status],
      ['completed', '0.00', 'Refunded'],
    )
    const goods = await store.order(ok.new_order_id)
    assert.deepEqual([goods.status, goods.payment_status], ['confirmed', 'paid'])
    assert.deepEqual(await storeCredit(store), [0])
    assert.equal((await store.order(order.id)).payment_status, 'paid', 'no money has moved')
    const again = await done(store, `POST /api/v1/exchanges/${id}/settle`)
    assert.equal(again.status, 'completed')
    // It is over: the order is like any other, and what came back has paid for both parts.
    const two = await done(store, `POST /api/v1/orders/${goods.id}/split`, {
      items: [{ item_id: goods.items[0].id, quantity: 1 }],
    })
    assert.deepEqual([two.new_order.total_amount, two.new_order.payment_status], ['5.00', 'paid'])
    await done(store, `POST /api/v1/orders/${two.new_order.id}/refund`)
    const told = (await store.events()).filter((name) => name.startsWith('exchange.'))
    assert.deepEqual(told, [
      'exchange.created',
      'exchange.approved',
      'exchange.settled',
      'exchange.completed',
    ])
    assert.deepEqual(await store.violations(), [])
  })

  it('dearer: the rest is recorded, never charged, and paid like any order', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { TEA: 1 })
    const made = await swap(store, order, { new_items: [{ sku: 'MUG', quantity: 1 }] })
    const { id } = made.data
    const { new_order_id } = await done(store, `POST /api/v1/exchanges/${id}/approve`)
    await back(store, made.data)
    const settled = await done(store, `POST /api/v1/exchanges/${id}/settle`)
    assert.deepEqual(
      [settled.status, settled.balance, settled.balance_is],
      ['settled', '6.00', 'to_pay'],
    )
    const goods = await store.order(new_order_id)
    assert.deepEqual([goods.status, goods.payment_status], ['on_hold', 'partially_paid'])
    await store.pay({ id: new_order_id, total_amount: '6.00' })
    const over = await store.ask(`GET /api/v1/exchanges/${id}`)
    assert.equal(over.data.status, 'completed')
    const paid = await store.order(new_order_id)
    assert.deepEqual([paid.status, paid.payment_status], ['confirmed', 'paid'])
    assert.deepEqual(await store.violations(), [])
  })

  for (const to of ['original', 'store_credit'] as const) {
    it(`cheaper: the rest goes to ${to}, to the cent`, async () => {
      await using store = await openStore(engine, ARTICLES)
      const order = await delivered(store, { MUG: 1 })
      const made = await swap(store, order, {
        new_items: [{ sku: 'TEA', quantity: 1 }],
        remainder_to: to,
      })
      assert.equal(made.data.balance, '-6.00')
      assert.equal(made.data.balance_is, to === 'original' ? 'to_refund' : 'to_credit')
      const { id } = made.data
      const { new_order_id } = await done(store, `POST /api/v1/exchanges/${id}/approve`)
      await back(store, made.data)
      const settled = await done(store, `POST /api/v1/exchanges/${id}/settle`)
      assert.equal(settled.status, 'completed')
      assert.deepEqual(await storeCredit(store), [to === 'original' ? 0 : 600])
      assert.equal((await store.order(new_order_id)).payment_status, 'paid')
      const first = await store.order(order.id)
      assert.equal(first.payment_status, to === 'original' ? 'partially_refunded' : 'paid')
      const { data: refunds } = await store.ask(`GET /api/v1/orders/${order.id}/refunds`)
      const [refund] = refunds.items
      assert.deepEqual(
        [refund.amount, refund.credit_amount, refund.return_id],
        ['10.00', to === 'original' ? '4.00' : '10.00', settled.return.id],
      )
      assert.deepEqual(await store.violations(), [])
    })
  }

  it('ships before the goods are back if that is said, and is paid when they are', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const made = await swap(store, order, {
      new_items: [{ sku: 'MUG', quantity: 1 }],
      ships: 'on_approval',
    })
    const { id } = made.data
    const { new_order_id } = await done(store, `POST /api/v1/exchanges/${id}/approve`)
    assert.equal((await store.order(new_order_id)).status, 'confirmed')
    await deliver(store, { id: new_order_id })
    const late = await store.ask(`POST /api/v1/exchanges/${id}/cancel`, {})
    assert.deepEqual([late.status, late.error.code], [409, 'EXCHANGE_ALREADY_SHIPPED'])
    await back(store, made.data)
    const over = await done(store, `POST /api/v1/exchanges/${id}/settle`)
    assert.equal(over.status, 'completed')
    const goods = await store.order(new_order_id)
    assert.deepEqual([goods.status, goods.payment_status], ['delivered', 'paid'])
    assert.deepEqual(await store.violations(), [])
  })

  it('that is not in stock is not agreed at all', async () => {
    await using store = await openStore(engine, [
      ...ARTICLES,
      { sku: 'ONE', price: '10.00', units: 1 },
    ])
    const order = await delivered(store, { MUG: 2 })
    const wish = { items: [{ sku: 'MUG', quantity: 1 }], new_items: [{ sku: 'ONE', quantity: 1 }] }
    const [a, b] = [await swap(store, order, wish), await swap(store, order, wish)]
    await done(store, `POST /api/v1/exchanges/${a.data.id}/approve`)
    const refused = await store.ask(`POST /api/v1/exchanges/${b.data.id}/approve`, {})
    assert.deepEqual([refused.status, refused.error.code], [422, 'INSUFFICIENT_STOCK'])
    const still = (await store.ask(`GET /api/v1/exchanges/${b.data.id}`)).data
    assert.deepEqual([still.status, still.return.status], ['requested', 'Requested'])
    const gone = await done(store, `POST /api/v1/exchanges/${a.data.id}/cancel`)
    assert.deepEqual([gone.status, gone.return.status], ['cancelled', 'Cancelled'])
    assert.equal((await store.order(gone.new_order_id)).status, 'cancelled')
    await done(store, `POST /api/v1/exchanges/${b.data.id}/approve`)
    await done(store, `POST /api/v1/exchanges/${b.data.id}/cancel`)
    const third = await swap(store, order, wish)
    const no = await done(store, `POST /api/v1/exchanges/${third.data.id}/reject`)
    assert.deepEqual([no.status, no.return.status], ['rejected', 'Rejected'])
    assert.deepEqual(await store.violations(), [])
  })

  it('counts taxes and discounts of both sides to the cent', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [3, 1000], TEA: [2, 401] })
    await store.pay(order)
    await deliver(store, order)
    const made = await swap(store, order, {
      items: [{ sku: 'MUG', quantity: 1 }],
      new_items: [{ sku: 'TEA', quantity: 2 }],
    })
    const { id } = made.data
    const { new_order_id } = await done(store, `POST /api/v1/exchanges/${id}/approve`)
    const goods = await store.order(new_order_id)
    assert.equal(goods.total_amount, made.data.value_out)
    assert.notEqual(goods.tax_total, '0.00')
    await back(store, made.data)
    const over = await done(store, `POST /api/v1/exchanges/${id}/settle`)
    assert.equal(over.status, 'completed')
    assert.equal(
      Number(over.balance),
      (Number(over.value_out) * 100 - Number(over.value_in) * 100) / 100,
    )
    assert.deepEqual(await store.violations(), [])
  })
})

onEveryEngine('a claim', (engine) => {
  const claim = async (store: Store, order: { id: string }, body: object = {}) =>
    store.ask('POST /api/v1/claims', {
      order_id: order.id,
      description: 'One is in pieces.',
      items: [{ sku: 'MUG', quantity: 1, problem: 'damaged' }],
      evidence: ['https://example.com/mug.jpg'],
      ...body,
    })

  it('is refunded while the goods stay; they cannot come back for money too', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const { data, status } = await claim(store, order)
    assert.equal(status, 201)
    assert.match(data.claim_number, /^CLM-\d+$/)
    await done(store, `POST /api/v1/claims/${data.id}/evidence`, {
      evidence: ['https://example.com/box.jpg'],
    })
    const two = { items: [{ sku: 'MUG', quantity: 2 }] }
    const both = await store.ask('POST /api/v1/returns', {
      order_id: order.id,
      reason: 'Too small.',
      ...two,
    })
    assert.deepEqual([both.status, both.error.details.left], [422, 1])
    const early = await store.ask(`POST /api/v1/claims/${data.id}/resolve`, {})
    assert.deepEqual([early.status, early.error.code], [409, 'CLAIM_CANNOT_RESOLVE'])
    const ok = await done(store, `POST /api/v1/claims/${data.id}/approve`, { remedy: 'refund' })
    assert.deepEqual([ok.status, ok.goods, ok.evidence.length], ['approved', 'stay', 2])
    const over = await done(store, `POST /api/v1/claims/${data.id}/resolve`)
    assert.equal(over.status, 'resolved')
    const { data: refunds } = await store.ask(`GET /api/v1/orders/${order.id}/refunds`)
    assert.deepEqual([refunds.items[0].amount, refunds.items[0].claim_id], ['10.00', data.id])
    assert.deepEqual(await store.violations(), [])
  })

  it('gives part of the price as store credit', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { data } = await claim(store, order)
    const remedy = { remedy: 'store_credit', amount: '2.50' }
    await done(store, `POST /api/v1/claims/${data.id}/approve`, remedy)
    await done(store, `POST /api/v1/claims/${data.id}/resolve`)
    assert.deepEqual(await storeCredit(store), [250])
    assert.deepEqual(await store.violations(), [])
  })

  it('is replaced for nothing, from stock, by an order that can be shipped', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const mugs = await store.available('MUG')
    const { data } = await claim(store, order, { description: 'It never came.' })
    await done(store, `POST /api/v1/claims/${data.id}/approve`, { remedy: 'replacement' })
    const over = await done(store, `POST /api/v1/claims/${data.id}/resolve`)
    const goods = await store.order(over.new_order_id)
    assert.deepEqual(
      [over.status, goods.total_amount, goods.status, goods.payment_status],
      ['resolved', '0.00', 'confirmed', 'paid'],
    )
    assert.equal(await store.available('MUG'), mugs - 1)
    const again = await store.ask(`POST /api/v1/claims/${data.id}/resolve`, {})
    assert.equal(again.status, 409)
    assert.deepEqual(await store.violations(), [])
  })

  it('has its goods back if that is wanted: their return holds them then', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { data } = await claim(store, order)
    const wish = { remedy: 'refund', goods: 'return' }
    const ok = await done(store, `POST /api/v1/claims/${data.id}/approve`, wish)
    const back = (await store.ask(`GET /api/v1/returns/${ok.return_id}`)).data
    assert.deepEqual([back.status, back.claim_id], ['Approved', data.id])
    await done(store, `POST /api/v1/claims/${data.id}/resolve`)
    await done(store, `POST /api/v1/returns/${back.id}/receive`)
    const items = [{ sku: 'MUG', quantity: 1, disposition: 'scrap' }]
    await done(store, `POST /api/v1/returns/${back.id}/inspect`, { items })
    const own = await store.ask(`POST /api/v1/returns/${back.id}/refund`, {})
    assert.deepEqual([own.status, own.error.code], [409, 'RETURN_OF_A_DOCUMENT'])
    const over = await done(store, `POST /api/v1/returns/${back.id}/complete`)
    assert.equal(over.status, 'Completed')
    assert.deepEqual(await store.violations(), [])
  })

  it('frees its units when it is rejected, and takes them again when reopened', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { data } = await claim(store, order)
    assert.equal((await claim(store, order)).status, 422)
    await done(store, `POST /api/v1/claims/${data.id}/reject`, { reason: 'Another mug.' })
    const other = await claim(store, order)
    assert.equal(other.status, 201)
    assert.equal((await store.ask(`POST /api/v1/claims/${data.id}/reopen`, {})).status, 422)
    await done(store, `POST /api/v1/claims/${other.data.id}/cancel`)
    const again = await done(store, `POST /api/v1/claims/${data.id}/reopen`)
    assert.equal(again.status, 'submitted')
    assert.deepEqual(await store.violations(), [])
  })
})
