import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { formatMoney, parseMoney } from '#kit/money'
import { signatureOf, sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { faults, openStore, placeTaxed, type Store } from './selling.ts'

type Placed = { id: string; currency: string; total_amount: string; items: { id: string }[] }
type Tender = {
  id: string
  amount: string
  captured_amount: string
  parted_amount: string
  part_of_id: string | null
  transaction_id: string
}

const SECRET = 'a secret of the provider and this house'

onEveryEngine('an order is split after it was paid', (engine) => {
  let store: Store
  before(async () => {
    const articles = [
      { sku: 'MUG', price: '3.33', units: 5_000 },
      { sku: 'TEA', price: '4.01', units: 5_000 },
    ]
    store = await openStore(engine, articles, { settings: { payment_webhook_secret: SECRET } })
  })
  after(async () => {
    assert.deepEqual(await store.violations(), [])
    await store[Symbol.asyncDispose]()
  })

  const split = (order: Placed, ...quantities: number[]) =>
    store.ask(`POST /api/v1/orders/${order.id}/split`, {
      items: quantities.flatMap((quantity, nth) =>
        quantity > 0 ? [{ item_id: order.items[nth]?.id, quantity }] : [],
      ),
    })
  const totals = async ({ id, currency }: Placed) => {
    const { data } = await store.ask(`GET /api/v1/payments/order/${id}/total`)
    const minor = (member: string) => parseMoney(data[member], currency)
    return {
      total: minor('total_amount'),
      captured: minor('captured_amount'),
      refunded: minor('refunded_amount'),
      balance: minor('balance'),
    }
  }
  const summed = async (orders: readonly Placed[]) => {
    const all = await Promise.all(orders.map(totals))
    return all.reduce((a, b) => ({
      total: a.total + b.total,
      captured: a.captured + b.captured,
      refunded: a.refunded + b.refunded,
      balance: a.balance + b.balance,
    }))
  }
  const payments = async ({ id }: Placed): Promise<Tender[]> =>
    (await store.ask(`GET /api/v1/payments/order/${id}`)).data
  const refund = (order: Placed, body: object = {}) =>
    store.ask(`POST /api/v1/orders/${order.id}/refund`, body)

  for (const currency of ['JPY', 'USD', 'KWD']) {
    it(`money in ${currency} is neither made nor lost: by splits, by refunds of each part`, async () => {
      const order: Placed = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] }, currency)
      await store.pay(order)
      const whole = await summed([order])
      const first = await split(order, 3, 1)
      assert.equal(first.status, 201, JSON.stringify(first.body))
      const second = await split(first.data.new_order, 1)
      assert.equal(second.status, 201, JSON.stringify(second.body))
      const parts = [first.data.order, second.data.order, second.data.new_order] as Placed[]
      assert.deepEqual(await summed(parts), whole)
      for (const part of parts) {
        const told = await store.order(part.id)
        assert.deepEqual([told.payment_status, told.status], ['paid', 'confirmed'])
        assert.equal((await totals(part)).balance, 0)
      }
      const [charge] = await payments(order)
      const [third] = await payments(parts[2] as Placed)
      assert.equal(third?.transaction_id, charge?.transaction_id)
      for (const part of parts) {
        const { status, data } = await refund(part)
        assert.deepEqual([status, data.amount], [201, part.total_amount])
      }
      assert.deepEqual(await summed(parts), {
        total: whole.total,
        captured: whole.captured,
        refunded: whole.captured,
        balance: whole.total,
      })
    })
  }

  it('in part: each takes its share, both can be paid to the end, and cancelling gives back', async () => {
    const order: Placed = await store.place({ MUG: 4, TEA: 2 })
    await store.pay(order, { amount: '10.01', partial: true })
    await store.pay(order, { amount: '2.00', partial: true, payment_method: 'cash' })
    const whole = await summed([order])
    const { status, data } = await split(order, 3)
    assert.equal(status, 201)
    const [stays, leaves] = [data.order, data.new_order] as [Placed, Placed]
    assert.deepEqual(await summed([stays, leaves]), whole)
    const share = await totals(leaves)
    assert.deepEqual([share.total, share.captured], [999, Math.floor((1201 * 999) / 2134)])
    assert.equal((await store.order(leaves.id)).payment_status, 'partially_paid')
    // The newest money goes first, as it does when something is refunded.
    const tenders = await payments(leaves)
    assert.deepEqual(
      tenders.map(({ amount }) => amount),
      ['2.00', '3.62'],
    )
    await store.pay(leaves, { amount: formatMoney(share.balance, 'USD') })
    const cancelled = await store.ask(`POST /api/v1/orders/${leaves.id}/cancel`, {})
    assert.equal(cancelled.status, 200)
    await sweepPayments(systemProcess(store.app))
    assert.equal((await totals(leaves)).refunded, 999)
    assert.equal((await totals(stays)).refunded, 0)
  })

  it('and refunded before: what is left goes along, or it is refused with the reason', async () => {
    const order: Placed = await store.place({ MUG: 4 })
    await store.pay(order)
    const [charge] = await payments(order)
    await store.ask(`POST /api/v1/payments/${charge?.id}/refunds`, { amount: '4.00' })
    const many = await split(order, 3)
    assert.deepEqual([many.status, many.error.code], [409, 'ORDER_NOT_SPLITTABLE'])
    assert.match(many.error.message, /went back/)
    const { status, data } = await split(order, 2)
    assert.equal(status, 201)
    assert.equal((await store.order(data.new_order.id)).payment_status, 'paid')
    const [given] = await payments(order)
    assert.equal(given?.parted_amount, '6.66')
    const most = await store.ask(`POST /api/v1/payments/${charge?.id}/refunds`, { amount: '2.67' })
    assert.equal(most.status, 422)
  })

  it('and merged again: all of it pays for the one order, and goes back by one refund', async () => {
    const order: Placed = await store.place({ MUG: 4 })
    await store.pay(order)
    const { data } = await split(order, 1)
    const merged = await store.ask(`POST /api/v1/orders/${order.id}/merge`, {
      orders: [data.new_order.id],
    })
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.equal(merged.data.payment_status, 'paid')
    const { status, data: back } = await refund(order)
    assert.deepEqual([status, back.amount], [201, '13.32'])
  })

  it('and then refunded at the provider: whoever still has what went back, once', async () => {
    const order: Placed = await store.place({ MUG: 4 })
    await store.pay(order)
    const { data } = await split(order, 3)
    const [charge] = await payments(order)
    const refunded = (id: string, ref: string, amount: number) => {
      const told = { id: ref, transaction_id: charge?.transaction_id, amount, currency: 'USD' }
      const created = new Date().toISOString()
      const body = JSON.stringify({ id, type: 'payment.refunded', created, data: told })
      const timestamp = String(Math.floor(Date.now() / 1000))
      const headers = {
        'content-type': 'application/json',
        'x-timestamp': timestamp,
        'x-signature': signatureOf(SECRET, timestamp, body),
      }
      const url = '/api/v1/payments/webhook'
      return store.http.inject({ method: 'POST', url, headers, payload: body })
    }
    const went = async () => [
      (await totals(data.order)).refunded,
      (await totals(data.new_order)).refunded,
    ]
    // More than stayed, so it is what left; told again it is known there.
    for (const id of ['ev_1', 'ev_2']) {
      assert.equal((await refunded(id, 're_part', 500)).statusCode, 200)
      assert.deepEqual(await went(), [0, 500])
    }
    assert.equal((await refunded('ev_3', 're_whole', 333)).statusCode, 200)
    assert.deepEqual(await went(), [333, 500])
    // More than anybody has left: it waits for a person.
    assert.equal((await refunded('ev_4', 're_more', 500)).statusCode, 200)
    assert.deepEqual(await went(), [333, 500])
    const [{ status, note }] = (await store.rows('payment_webhooks')).filter(
      ({ event_id }) => event_id === 'ev_4',
    ) as [Record<string, unknown>]
    assert.equal(status, 'parked', String(note))
  })

  it('at once with refunds, a cancellation and other splits: no cent twice', async () => {
    for (let round = 0; round < 3; round++) {
      const order: Placed = await store.place({ MUG: 6 })
      await store.pay(order)
      const [charge] = await payments(order)
      const answers = await Promise.all([
        split(order, 2),
        split(order, 3),
        store.ask(`POST /api/v1/payments/${charge?.id}/refunds`, { amount: '6.66' }),
        refund(order, { items: [{ item_id: order.items[0]?.id, quantity: 1 }] }),
        ...(round === 2 ? [store.ask(`POST /api/v1/orders/${order.id}/cancel`, {})] : []),
      ])
      assert.deepEqual(faults(answers), [])
      const parts = answers
        .slice(0, 2)
        .flatMap(({ status, data }) => (status === 201 ? [data.new_order as Placed] : []))
      assert.equal((await summed([order, ...parts])).captured, 1998)
    }
    await sweepPayments(systemProcess(store.app))
  })
})
