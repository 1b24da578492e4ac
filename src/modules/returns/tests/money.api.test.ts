import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { placeTaxed } from '../../orders/tests/selling.ts'
import { ARTICLES, approved, deliver, delivered, done, openStore, type Store } from './desk.ts'

const cents = (money: string) => Math.round(Number(money) * 100)
const credit = async (store: Store) =>
  (await store.rows('credit_accounts')).map(({ balance_amount }) => Number(balance_amount))

onEveryEngine('the money of a return', (engine) => {
  it('is the frozen share less the fee of its policy, unit by unit as at once', async () => {
    await using store = await openStore(engine, ARTICLES)
    await done(store, 'POST /api/v1/returns/reasons', { code: 'regret', label: 'Regret' })
    await done(store, 'POST /api/v1/returns/policies', {
      name: 'Regret',
      reason_code: 'regret',
      restocking_fee_rate: '0.15',
    })
    const sums: number[][] = []
    for (const portions of [[3], [1, 1, 1], [2, 1]]) {
      const order = await placeTaxed(store, { MUG: [3, 333], TEA: [2, 401] })
      await store.pay(order)
      await deliver(store, order)
      const { id } = await approved(store, order, {
        reason: 'regret',
        items: [{ sku: 'MUG', quantity: 3 }],
      })
      await done(store, `POST /api/v1/returns/${id}/receive`)
      for (const quantity of portions) {
        const items = [{ sku: 'MUG', quantity, disposition: 'restock' }]
        await done(store, `POST /api/v1/returns/${id}/inspect`, { items })
        const preview = await done(store, `POST /api/v1/returns/${id}/refund/preview`)
        const paid = await done(store, `POST /api/v1/returns/${id}/refund`)
        assert.ok(cents(preview.amount) > 0 && cents(preview.fee_amount) > 0)
        assert.equal(paid.refund_status, 'succeeded')
      }
      const { data } = await store.ask(`GET /api/v1/returns/${id}`)
      assert.equal(data.status, 'Refunded')
      assert.deepEqual([data.reason_code, data.items[0].restocking_fee_rate], ['regret', '0.15'])
      sums.push([cents(data.refund_amount), cents(data.fee_amount)])
      const [mug] = order.items
      assert.equal(cents(data.refund_amount) + cents(data.fee_amount), cents(mug.gross_price))
    }
    assert.deepEqual(sums[1], sums[0])
    assert.deepEqual(sums[2], sums[0])
    assert.deepEqual(await store.violations(), [])
  })

  it('keeps the label back where the customer pays for it, and another fee where one is said', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const one = { items: [{ sku: 'MUG', quantity: 1 }] }
    const first = await approved(store, order, one)
    assert.equal(first.label.paid_by, 'customer')
    const label = await done(store, `POST /api/v1/returns/${first.id}/label`, {
      carrier: 'UPS',
      tracking_number: '1Z999',
      amount: '6.50',
    })
    assert.deepEqual([label.label.tracking_number, label.label.amount], ['1Z999', '6.50'])
    const paid = await done(store, `POST /api/v1/returns/${first.id}/process`)
    assert.deepEqual([paid.refund_amount, paid.fee_amount], ['3.50', '6.50'])

    const second = await approved(store, order, one)
    await done(store, `POST /api/v1/returns/${second.id}/restock`)
    const high = await store.ask(`POST /api/v1/returns/${second.id}/refund`, { fee_amount: '11' })
    assert.deepEqual([high.status, high.error.code], [422, 'RETURN_FEE_TOO_HIGH'])
    const all = await done(store, `POST /api/v1/returns/${second.id}/refund`, { fee_amount: '10' })
    assert.deepEqual([all.status, all.refund_amount, all.fee_amount], ['Refunded', '0.00', '10.00'])
    const rest = await store.ask(`POST /api/v1/orders/${order.id}/refund`, {})
    assert.equal(rest.error.code, 'ORDER_NOTHING_TO_REFUND', 'its units are refunded, less the fee')
    assert.deepEqual(await store.violations(), [])
  })

  it('is store credit if that is wished, and nothing goes back by the payments', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const { id } = await approved(store, order, {
      items: [{ sku: 'MUG', quantity: 1 }],
      preferred_resolution: 'store_credit',
    })
    const paid = await done(store, `POST /api/v1/returns/${id}/process`)
    assert.deepEqual([paid.status, paid.refund_amount], ['Refunded', '10.00'])
    assert.deepEqual(await credit(store), [1000])
    assert.equal((await store.order(order.id)).payment_status, 'paid')
    const rest = await done(store, `POST /api/v1/orders/${order.id}/refund`)
    assert.equal(rest.amount, '10.00')
    const more = await store.ask(`POST /api/v1/orders/${order.id}/refund`, { amount: '1.00' })
    assert.equal(more.error.code, 'ORDER_REFUND_EXCEEDS_PAID', 'what was credited is not left')
    assert.deepEqual(await store.violations(), [])
  })

  it('that a provider refuses is due again, and can go another way', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    await store.pay(order, { payment_method_id: 'pm_test_refund_fails' })
    await deliver(store, order)
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/restock`)
    const refused = await store.ask(`POST /api/v1/returns/${id}/refund`, {})
    assert.deepEqual([refused.status, refused.error.code], [422, 'ORDER_REFUND_REFUSED'])
    const due = (await store.ask(`GET /api/v1/returns/${id}`)).data
    assert.deepEqual(
      [due.status, due.refund_status, due.refund_amount, due.items[0].refunded_quantity],
      ['Received', 'failed', '0.00', 0],
    )
    const paid = await done(store, `POST /api/v1/returns/${id}/refund`, { to: 'store_credit' })
    assert.deepEqual([paid.status, paid.refund_amount], ['Refunded', '10.00'])
    assert.deepEqual(await credit(store), [1000])
    assert.deepEqual(await store.violations(), [])
  })

  it('that failed in part is tried again: the return is refunded when all of it is back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    const part = { amount: '4.00', partial: true }
    await store.pay(order, { ...part, payment_method_id: 'pm_test_refund_fails' })
    await store.pay(order, { amount: '6.00' })
    await deliver(store, order)
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/restock`)
    const half = await done(store, `POST /api/v1/returns/${id}/refund`)
    assert.deepEqual([half.status, half.refund_status], ['Received', 'partly_failed'])
    const path = `/api/v1/orders/${order.id}/refunds`
    const again = await done(store, `POST ${path}/${half.refund_id}/retry`)
    assert.deepEqual(
      [again.status, again.payments.filter((one: any) => one.retried_at).length],
      ['partly_failed', 1],
    )
    const given = await done(store, `POST ${path}/${half.refund_id}/retry`, { to: 'store_credit' })
    assert.deepEqual([given.status, given.credit_amount], ['succeeded', '4.00'])
    assert.equal((await store.ask(`GET /api/v1/returns/${id}`)).data.status, 'Refunded')
    assert.deepEqual(await credit(store), [400])
    const over = await store.ask(`POST ${path}/${half.refund_id}/retry`, {})
    assert.deepEqual([over.status, over.error.code], [409, 'ORDER_REFUND_NOT_RETRYABLE'])
    assert.deepEqual(await store.violations(), [])
  })

  it('does not go as credit for what has not left: whoever cancels gets all back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    await store.pay(order)
    const early = await store.ask(`POST /api/v1/orders/${order.id}/refund`, { to: 'store_credit' })
    assert.deepEqual([early.status, early.error.code], [422, 'ORDER_CREDIT_BEFORE_SHIPPING'])
    const fee = { items: [{ item_id: order.items[0].id, quantity: 1 }], fee_amount: '2.50' }
    const kept = await done(store, `POST /api/v1/orders/${order.id}/refund`, fee)
    assert.deepEqual([kept.amount, kept.fee_amount, kept.items_amount], ['7.50', '2.50', '10.00'])
    const high = { ...fee, fee_amount: '99' }
    const other = await store.place({ MUG: 1 })
    await store.pay(other)
    high.items = [{ item_id: other.items[0].id, quantity: 1 }]
    const refused = await store.ask(`POST /api/v1/orders/${other.id}/refund`, high)
    assert.deepEqual([refused.status, refused.error.code], [422, 'ORDER_REFUND_FEE_TOO_HIGH'])
    assert.deepEqual(await store.violations(), [])
  })

  it('is not due for what nobody accepted', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 2 })
    const { id } = await approved(store, order)
    await done(store, `POST /api/v1/returns/${id}/receive`)
    await done(store, `POST /api/v1/returns/${id}/inspect`, {
      items: [
        { sku: 'MUG', quantity: 1, disposition: 'scrap', accepted: false },
        { sku: 'MUG', quantity: 1, disposition: 'quarantine' },
      ],
    })
    const paid = await done(store, `POST /api/v1/returns/${id}/refund`)
    assert.deepEqual([paid.status, paid.refund_amount], ['Refunded', '10.00'])
    assert.deepEqual(await store.violations(), [])
  })
})

onEveryEngine('the terms of returns', (engine) => {
  it('are the settings, with exceptions by reason and category; open returns keep theirs', async () => {
    await using store = await openStore(engine, ARTICLES)
    const reason = { code: 'broken', label: 'Broken' }
    await done(store, 'POST /api/v1/returns/reasons', reason)
    const taken = await store.ask('POST /api/v1/returns/reasons', { ...reason, code: 'BROKEN' })
    assert.deepEqual([taken.status, taken.error.code], [409, 'RETURN_REASON_TAKEN'])
    const policy = await done(store, 'POST /api/v1/returns/policies', {
      name: 'Broken goods',
      reason_code: 'broken',
      label_paid_by: 'shop',
      restocking_fee_per_unit: '1.00',
      fee_currency: 'USD',
    })
    const order = await delivered(store, { MUG: 3 })
    const one = (more: object) => ({ items: [{ sku: 'MUG', quantity: 1 }], ...more })
    const a = await approved(store, order, one({ reason_code: 'broken' }))
    assert.deepEqual(
      [a.label.paid_by, a.items[0].restocking_fee_per_unit, a.reason_code],
      ['shop', '1.00', 'broken'],
    )
    await done(store, `PUT /api/v1/returns/policies/${policy.id}`, { is_returnable: false })
    const b = await store.ask('POST /api/v1/returns', {
      order_id: order.id,
      reason: 'Broken',
      ...one({}),
    })
    assert.deepEqual([b.status, b.error.code], [422, 'RETURN_NOT_ALLOWED'])
    await done(store, `DELETE /api/v1/returns/policies/${policy.id}`)
    await done(store, 'DELETE /api/v1/returns/reasons/broken')
    const gone = await store.ask('POST /api/v1/returns', {
      order_id: order.id,
      reason: 'x',
      ...one({ reason_code: 'broken' }),
    })
    assert.deepEqual([gone.status, gone.error.code], [404, 'RETURN_REASON_NOT_FOUND'])
    const c = await approved(store, order, one({ reason: 'broken' }))
    assert.equal(c.reason_code, null, 'a word like any other again')
    const paid = await done(store, `POST /api/v1/returns/${a.id}/process`)
    assert.deepEqual([paid.refund_amount, paid.fee_amount], ['9.00', '1.00'])
    for (const [by, key] of [
      ['reason', 'broken'],
      ['product', 'MUG'],
      ['period', new Date().toISOString().slice(0, 7)],
    ]) {
      const { data } = await store.ask(`GET /api/v1/returns/statistics?by=${by}`)
      const row = data.rows.find((one: any) => one.key === key)
      assert.equal(row.returned_units, 1, `${by}: ${JSON.stringify(data)}`)
      assert.deepEqual([data.fulfilled_units, data.rate, row.rate], [3, '0.3333', '0.3333'])
    }
    assert.deepEqual(await store.violations(), [])
  })
})
