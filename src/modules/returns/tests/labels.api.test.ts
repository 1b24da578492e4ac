import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { ADDRESS } from '../../orders/tests/selling.ts'
import { ARTICLES, approved, ask, delivered, done, openStore } from './desk.ts'

onEveryEngine('the label of a return', (engine) => {
  it('is made by a carrier, once, and its cost is known to the refund', async () => {
    await using store = await openStore(engine, ARTICLES)
    await done(store, 'PUT /api/v1/locations/MAIN', { address: { ...ADDRESS, name: 'Shop' } })
    const order = await delivered(store, { MUG: 1 }, { shipping_address: ADDRESS })
    const early = (await ask(store, order)).data
    const refused = await store.ask(`POST /api/v1/returns/${early.id}/label`, {})
    assert.deepEqual([refused.status, refused.error.code], [409, 'RETURN_NOT_CHANGEABLE'])
    await done(store, `POST /api/v1/returns/${early.id}/approve`)
    const { label } = await done(store, `POST /api/v1/returns/${early.id}/label`)
    assert.ok(label.tracking_number, JSON.stringify(label))
    assert.ok(Number(label.amount) > 0)
    const again = await done(store, `POST /api/v1/returns/${early.id}/shipping-label`)
    assert.equal(again.label.tracking_number, label.tracking_number)
    const free = { paid_by: 'shop', tracking_number: label.tracking_number }
    await done(store, `POST /api/v1/returns/${early.id}/label`, free)
    const paid = await done(store, `POST /api/v1/returns/${early.id}/process`)
    assert.deepEqual([paid.refund_amount, paid.fee_amount], ['10.00', '0.00'])
    assert.deepEqual(await store.violations(), [])
  })

  it('is a tracking number by hand where no carrier can make one', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await delivered(store, { MUG: 1 })
    const { id } = await approved(store, order)
    const none = await store.ask(`POST /api/v1/returns/${id}/label`, {})
    assert.deepEqual([none.status, none.error.code], [422, 'RETURN_LABEL_UNAVAILABLE'])
    const put = await done(store, `PUT /api/v1/returns/${id}`, {
      tracking_number: 'JD0002',
      carrier: 'DHL',
      customer_notes: 'Sent on Monday.',
    })
    assert.deepEqual(
      [put.label.tracking_number, put.label.carrier, put.customer_notes],
      ['JD0002', 'DHL', 'Sent on Monday.'],
    )
    const late = await store.ask(`PUT /api/v1/returns/${id}`, { reason: 'Another.' })
    assert.deepEqual([late.status, late.error.code], [409, 'RETURN_NOT_CHANGEABLE'])
    assert.deepEqual(await store.violations(), [])
  })
})
