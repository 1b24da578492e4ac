import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '#kit/ids'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, someoneWho } from '#testing'
import { refundOrder } from '../refunds/refund-order.ts'
import { ADDRESS, count, faults, openStore, placeTaxed, type Store, shopper } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33' },
  { sku: 'TEA', price: '4.00' },
]

const refund = (store: Store, id: string, body: object = {}, more: object = {}) =>
  store.ask(`POST /api/v1/orders/${id}/refund`, body, more)
const cents = (money: string) => Math.round(Number(money) * 100)
type Refund = { amount: string; items: { amount: string; tax_amount: string | null }[] }
const total = async (store: Store, id: string) =>
  (await store.ask(`GET /api/v1/payments/order/${id}/total`)).data

onEveryEngine('a refund of an order', (engine) => {
  it('names items and units, is what its preview told, and stands in the books', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3, TEA: 2 })
    await store.pay(order)
    const [mug] = order.items
    const wanted = { items: [{ item_id: mug.id, quantity: 2 }], reason: 'chipped' }

    const preview = await store.ask(`POST /api/v1/orders/${order.id}/refund/preview`, wanted)
    assert.equal(preview.status, 200, JSON.stringify(preview.body))
    const { status, data } = await refund(store, order.order_number, wanted)

    assert.equal(status, 201)
    assert.deepEqual([data.amount, data.status, data.reason], ['6.66', 'succeeded', 'chipped'])
    assert.deepEqual(data.items, [
      { item_id: mug.id, sku: 'MUG', quantity: 2, amount: '6.66', tax_amount: null },
    ])
    for (const member of [
      'amount',
      'items',
      'items_amount',
      'shipping_amount',
      'goodwill_amount',
    ]) {
      assert.deepEqual(data[member], preview.data[member], member)
    }
    assert.deepEqual(
      data.payments.map(({ payment_id, amount }: never) => ({ payment_id, amount })),
      preview.data.payments,
    )
    const payment = (await store.ask(`GET /api/v1/payments/${data.payments[0].payment_id}`)).data
    assert.deepEqual([payment.refunds[0].kind, payment.refunded_amount], ['order_refund', '6.66'])
    assert.equal((await store.order(order.id)).payment_status, 'partially_refunded')
    assert.equal((await total(store, order.id)).balance, '6.66')

    const tooMany = await refund(store, order.id, wanted)
    assert.deepEqual([tooMany.status, tooMany.error.details.left], [422, 1])
    const rest = await refund(store, order.id)
    assert.equal(rest.data.amount, '11.33')
    assert.equal((await store.order(order.id)).payment_status, 'refunded')
    const nothing = await refund(store, order.id)
    assert.deepEqual([nothing.status, nothing.error.code], [422, 'ORDER_NOTHING_TO_REFUND'])
    const list = await store.ask(`GET /api/v1/orders/${order.id}/refunds`)
    assert.deepEqual(
      list.data.items.map(({ amount }: Refund) => amount),
      ['11.33', '6.66'],
    )
    const events = await store.events()
    assert.equal(events.filter((name) => name === 'order.refund_settled').length, 2)
    assert.deepEqual(await store.violations(), [])
  })

  it('gives back the frozen share of discounts and taxes: unit by unit as at once', async () => {
    await using store = await openStore(engine, ARTICLES)
    const lines = { MUG: [3, 333], TEA: [7, 401] } as const
    const orders = []
    for (let nth = 0; nth < 2; nth++) {
      const order = await placeTaxed(store, lines as never)
      await store.pay(order)
      orders.push(order)
    }
    const [slow, fast] = orders
    let sum = 0
    let tax = 0
    for (const { id, quantity } of slow.items) {
      for (let unit = 0; unit < quantity; unit++) {
        const { status, data } = await refund(store, slow.id, {
          items: [{ item_id: id, quantity: 1 }],
        })
        assert.equal(status, 201, JSON.stringify(data))
        sum += cents(data.amount)
        tax += cents(data.items[0].tax_amount)
      }
    }
    const items = fast.items.map(({ id, quantity }: never) => ({ item_id: id, quantity }))
    const { data } = await refund(store, fast.id, { items })
    assert.equal(cents(data.amount), sum)
    assert.equal(
      data.items.reduce(
        (all: number, one: Refund['items'][number]) => all + cents(one.tax_amount ?? '0'),
        0,
      ),
      tax,
    )
    const gross = fast.items.reduce(
      (all: number, one: { gross_price: string }) => all + cents(one.gross_price),
      0,
    )
    assert.equal(sum, gross)
    // What is left is the shipping, with its discount and its tax.
    for (const { id, total_amount } of orders) {
      const shipping = await refund(store, id, { include_shipping: true })
      assert.equal(cents(shipping.data.amount), cents(total_amount) - gross)
      assert.equal(shipping.data.amount, shipping.data.shipping_amount)
      assert.equal((await refund(store, id, { include_shipping: true })).status, 422)
      assert.equal((await store.order(id)).payment_status, 'refunded')
    }
    assert.deepEqual(await store.violations(), [])
  })

  it('is spread over the payments, the newest first, and never exceeds what they have', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ TEA: 10 })
    const parts = []
    for (const amount of ['10.00', '25.00', '5.00']) {
      parts.push((await store.pay(order, { amount, partial: true })).id)
    }
    const [tea] = order.items
    const free = await store.ask(`POST /api/v1/payments/${parts[1]}/refunds`, { amount: '3.00' })
    assert.equal(free.data.refund.kind, 'free_amount')
    const { data } = await refund(store, order.id, { items: [{ item_id: tea.id, quantity: 7 }] })
    assert.deepEqual(
      data.payments.map(({ payment_id, amount, status }: never) => [payment_id, amount, status]),
      [
        [parts[2], '5.00', 'succeeded'],
        [parts[1], '22.00', 'succeeded'],
        [parts[0], '1.00', 'succeeded'],
      ],
    )
    // The free amount was given beside the units, so all units together are too much now.
    const over = await refund(store, order.id)
    assert.deepEqual([over.status, over.error.code], [422, 'ORDER_REFUND_EXCEEDS_PAID'])
    assert.equal(over.error.details.available, '9.00')
    const good = await refund(store, order.id, { amount: '9.00', reason: 'sorry' })
    assert.deepEqual([good.data.goodwill_amount, good.data.items], ['9.00', []])
    assert.equal((await total(store, order.id)).total_paid, '0.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('of an order that is partly paid gives back no more than was paid', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ TEA: 3 })
    assert.equal((await refund(store, order.id)).error.code, 'ORDER_NOTHING_TO_REFUND')
    await store.pay(order, { amount: '8.00', partial: true })
    assert.equal((await refund(store, order.id)).status, 422)
    const [tea] = order.items
    const two = await refund(store, order.id, { items: [{ item_id: tea.id, quantity: 2 }] })
    assert.equal(two.data.amount, '8.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('refuses what makes no sense, with the member, and customers altogether', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ TEA: 3 })
    const other = await store.place({ TEA: 1 })
    await store.pay(order)
    const foreign = await refund(store, order.id, {
      items: [{ item_id: other.items[0].id, quantity: 1 }],
    })
    assert.deepEqual([foreign.status, foreign.error.details.field], [400, 'items.0.item_id'])
    assert.equal(
      (await refund(store, order.id, { items: [] })).error.code,
      'ORDER_NOTHING_TO_REFUND',
    )
    for (const amount of ['0', '-1', '0.001']) {
      assert.equal((await refund(store, order.id, { amount })).status, 400, amount)
    }
    const as = shopper(store.customer_id)
    for (const path of ['refund', 'refund/preview']) {
      const answer = await store.ask(`POST /api/v1/orders/${order.id}/${path}`, {}, { as })
      assert.deepEqual([answer.status, answer.error.code], [403, 'ORDER_STAFF_ONLY'])
    }
    const clerk = someoneWho('orders:read', 'orders:update')
    assert.equal((await refund(store, order.id, {}, { as: clerk })).status, 403)
    const stale = { headers: { 'if-match': '"v1"' } }
    assert.equal((await refund(store, order.id, {}, stale)).status, 412)
    assert.deepEqual(await store.violations(), [])
  })

  it('under one key is made once, however often it is asked for', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ TEA: 5 })
    await store.pay(order)
    const body = { items: [{ item_id: order.items[0].id, quantity: 2 }] }
    const headers = { 'idempotency-key': 'twice' }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => refund(store, order.id, body, { headers })),
    )
    const last = await refund(store, order.id, body, { headers })
    for (const { status, data } of [...answers, last]) {
      assert.ok(status === 201 ? data.id === last.data.id : status === 409)
    }
    assert.equal((await total(store, order.id)).refunded_amount, '8.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('that the provider refuses frees its units; one whose outcome is lost keeps them', async () => {
    await using store = await openStore(engine, ARTICLES)
    const refused = await store.place({ TEA: 2 })
    await store.pay(refused, { payment_method_id: 'pm_test_refund_fails' })
    const all = await refund(store, refused.id)
    assert.deepEqual([all.status, all.error.code], [422, 'ORDER_REFUND_REFUSED'])
    const list = (await store.ask(`GET /api/v1/orders/${refused.id}/refunds`)).data
    assert.deepEqual([list.items[0].status, list.items[0].payments[0].status], ['failed', 'failed'])
    const preview = await store.ask(`POST /api/v1/orders/${refused.id}/refund/preview`, {})
    assert.equal(preview.data.amount, '8.00')

    const lost = await store.place({ TEA: 2 })
    await store.pay(lost, { payment_method_id: 'pm_test_refund_timeout' })
    const pending = await refund(store, lost.id)
    assert.deepEqual([pending.status, pending.data.status], [201, 'pending'])
    assert.equal((await refund(store, lost.id)).status, 422)
    assert.equal((await total(store, lost.id)).refund_pending_amount, '8.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('that was interrupted goes on: by its key at once, or by the sweeper', async () => {
    let ahead_ms = 0
    const clock = () => new Date(Date.now() + ahead_ms)
    await using store = await openStore(engine, ARTICLES, { clock })
    const lose = { payment_method_id: 'pm_test_refund_timeout' }
    const [again, swept] = [await store.place({ TEA: 2 }), await store.place({ TEA: 3 })]
    for (const order of [again, swept]) await store.pay(order, lose)

    const process = systemProcess(store.app, newId('process', Date.now()))
    const first = await refundOrder(process, { id: again.id })
    assert.equal(first.status, 'pending')
    const second = await refundOrder(process, { id: again.id })
    assert.deepEqual([second.id, second.status, second.amount], [first.id, 'succeeded', '8.00'])

    await refund(store, swept.id)
    ahead_ms = 3_600_000
    await sweepPayments(systemProcess(store.app))
    const list = (await store.ask(`GET /api/v1/orders/${swept.id}/refunds`)).data
    assert.deepEqual([list.total, list.items[0].status], [1, 'succeeded'])
    assert.equal((await total(store, swept.id)).refunded_amount, '12.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('one part of which is refused says so, and its units are not given back twice', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ TEA: 2 })
    const fails = { payment_method_id: 'pm_test_refund_fails' }
    await store.pay(order, { amount: '4.00', partial: true, ...fails })
    await store.pay(order, { amount: '4.00' })
    const { status, data } = await refund(store, order.id)
    assert.deepEqual([status, data.status], [201, 'partly_failed'])
    assert.deepEqual(
      data.payments.map((part: { status: string }) => part.status),
      ['succeeded', 'failed'],
    )
    assert.equal((await refund(store, order.id)).error.code, 'ORDER_NOTHING_TO_REFUND')
    const byHand = await refund(store, order.id, { amount: '4.00' })
    assert.equal(byHand.status, 422)
    assert.equal((await total(store, order.id)).total_paid, '4.00')
    assert.deepEqual(await store.violations(), [])
  })
})

onEveryEngine('refunds that meet', (engine) => {
  it('never give back a unit twice, whoever asks for which units', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [10, 333], TEA: [10, 401] })
    await store.pay(order)
    const [mug, tea] = order.items
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, nth) =>
        refund(store, order.id, {
          items: [
            { item_id: mug.id, quantity: 1 + (nth % 3) },
            ...(nth % 2 ? [{ item_id: tea.id, quantity: 2 }] : []),
          ],
        }),
      ),
    )
    assert.deepEqual(faults(answers), [])
    const made = answers.filter(({ status }) => status === 201).map(({ data }) => data)
    assert.equal(made.length + count(answers, 422), 16)
    for (const { id, quantity } of [mug, tea]) {
      const units = made
        .flatMap(({ items }) => items)
        .filter(({ item_id }) => item_id === id)
        .reduce((sum, item) => sum + item.quantity, 0)
      assert.ok(units <= quantity)
    }
    const rest = await refund(store, order.id)
    assert.ok([201, 422].includes(rest.status))
    const { refunded_amount, captured_amount } = await total(store, order.id)
    assert.equal(refunded_amount, captured_amount)
    assert.deepEqual(await store.violations(), [])
  })

  it('and a cancellation: the money goes back once', async () => {
    await using store = await openStore(engine, ARTICLES)
    for (let round = 0; round < 4; round++) {
      const order = await store.place({ TEA: 4 }, { shipping_address: ADDRESS })
      await store.pay(order)
      const [tea] = order.items
      const answers = await Promise.all([
        refund(store, order.id, { items: [{ item_id: tea.id, quantity: 3 }] }),
        store.ask(`POST /api/v1/orders/${order.id}/cancel`, {}),
        store.ask(`POST /api/v1/payments`, {
          order_id: order.id,
          amount: '1.00',
          payment_method: 'cash',
        }),
      ])
      assert.deepEqual(faults(answers), [])
      const { refunded_amount, refund_pending_amount } = await total(store, order.id)
      assert.equal(cents(refunded_amount) + cents(refund_pending_amount), 1600)
    }
    for (let tries = 0; tries < 3; tries++) await sweepPayments(systemProcess(store.app))
    assert.deepEqual(await store.violations(), [])
  })
})
