import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, someoneWho } from '#testing'
import { pay, payment, place } from '../../../../tests/races/shop.ts'
import { mailPurge } from '../schedules.ts'
import { openCatcher, openMailingHouse, untilMails } from './catcher.ts'

onEveryEngine('mails', (engine) => {
  it('tell a buyer that an order is confirmed: as text and as HTML, with what it costs', async () => {
    await using catcher = await openCatcher()
    const { house, shop } = await openMailingHouse(engine, catcher)
    await using _ = house
    const product = { name: 'Mug <b>"Blue" & white</b>', sku: 'ODD', price: '1234.50' }
    await house.ask('POST /api/v1/products', { ...product, inventory_tracking: false })
    const order = await place(shop, 'ODD', 2)
    await pay(house, order)

    const [sent] = await untilMails(house, 'status=sent')
    assert.equal(catcher.mails.length, 1)
    const [mail] = catcher.mails
    assert.equal(mail?.messageId, `<${sent.id}@shop.example>`)
    assert.equal(mail?.from?.text, '"Harbour" <orders@shop.example>')
    assert.deepEqual([mail?.to].flat()[0]?.value, [
      { address: 'ada@example.com', name: 'Ada Brook' },
    ])
    assert.equal(mail?.subject, `Your order ${order.order_number}`)
    assert.match(mail?.text ?? '', /2 × Mug <b>"Blue" & white<\/b> +\$2,469\.00/)
    assert.match(mail?.text ?? '', /Total +\$2,469\.00/)
    assert.match(mail?.text ?? '', /Harbour & Sons/)
    const html = String(mail?.html)
    assert.ok(html.includes('Mug &lt;b&gt;&quot;Blue&quot; &amp; white&lt;/b&gt;'))
    assert.ok(html.includes('Harbour &amp; Sons'))
    assert.ok(!html.includes('<b>'))
    assert.deepEqual([sent.kind, sent.order_id], ['order_confirmed', order.id])
    assert.ok(!(await house.events()).includes('mail.failed'))
    assert.deepEqual(await house.violations(), [])
  })

  it('are kept to be read by staff where no mail server is set', async () => {
    const { house, shop } = await openMailingHouse(engine)
    await using _ = house
    const order = await place(shop, 'MUG', 1)
    await pay(house, order)

    const [kept] = await untilMails(house, 'status=kept')
    const { data } = await house.ask(`GET /api/v1/notifications/${kept.id}`)
    assert.equal(data.to, 'Ada Brook <ada@example.com>')
    assert.ok(data.text.includes('$10.00') && data.html.includes('$10.00'))
    const unsent = await house.ask(`POST /api/v1/notifications/${kept.id}/send`)
    assert.deepEqual([unsent.status, unsent.error.code], [409, 'MAIL_SERVER_MISSING'])

    const read = await house.ask(`POST /api/v1/notifications/${kept.id}/read`)
    assert.ok(read.data.read_at)
    const unread = await house.ask(`POST /api/v1/notifications/${kept.id}/unread`)
    assert.equal(unread.data.read_at, null)
    const curious = { as: someoneWho('orders:read') }
    const refused = await house.ask('GET /api/v1/notifications', undefined, curious)
    assert.equal(refused.status, 403)

    assert.equal((await house.ask(`DELETE /api/v1/notifications/${kept.id}`)).status, 204)
    assert.equal((await house.ask(`GET /api/v1/notifications/${kept.id}`)).status, 404)
    assert.deepEqual(await house.violations(), [])
  })

  it('are tried again under the same Message-ID when the server has no time', async () => {
    await using catcher = await openCatcher()
    catcher.refuseNext(451)
    const { house, shop } = await openMailingHouse(engine, catcher)
    await using _ = house
    await pay(house, await place(shop, 'MUG', 1))

    const [sent] = await untilMails(house, 'status=sent')
    assert.equal(sent.attempts, 2)
    assert.equal(catcher.mails.length, 1)
    assert.equal(catcher.seen.length, 2)
    assert.equal(catcher.seen[0], catcher.seen[1])
    assert.deepEqual(await house.violations(), [])
  })

  it('may come twice when the answer is lost, and then can be seen to be one', async () => {
    await using catcher = await openCatcher()
    catcher.dropNext()
    const { house, shop } = await openMailingHouse(engine, catcher)
    await using _ = house
    await pay(house, await place(shop, 'MUG', 1))

    await untilMails(house, 'status=sent')
    assert.equal(catcher.mails.length, 2)
    assert.equal(new Set(catcher.mails.map(({ messageId }) => messageId)).size, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('are left to a person when the server says no for good, who may send them again', async () => {
    await using catcher = await openCatcher()
    catcher.refuseNext(550)
    const { house, shop } = await openMailingHouse(engine, catcher)
    await using _ = house
    await pay(house, await place(shop, 'MUG', 1))

    const [failed] = await untilMails(house, 'status=failed')
    assert.equal(failed.attempts, 1)
    assert.match(failed.error, /not now/)
    assert.ok((await house.events()).includes('mail.failed'))
    const again = await house.ask(`POST /api/v1/notifications/${failed.id}/send`)
    assert.deepEqual([again.status, again.data.status], [202, 'waiting'])
    await untilMails(house, 'status=sent')
    assert.equal(catcher.mails.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('tell of declines, refunds and parcels, once each', async () => {
    const { house, shop } = await openMailingHouse(engine)
    await using _ = house
    const order = await place(shop, 'MUG', 3)
    const decline = payment(order, { payment_method_id: 'pm_test_declined' })
    assert.equal((await house.ask('POST /api/v1/payments', decline)).status, 402)
    const [failed] = await untilMails(house, 'kind=payment_failed')
    const declined = await house.ask(`GET /api/v1/notifications/${failed.id}`)
    assert.match(declined.data.text, /payment of \$30\.00 for order ORD-\d+ did not go through/)

    const paid = await pay(house, order)
    await untilMails(house, 'kind=order_confirmed')
    const back = { payment_id: paid.id, amount: '10.00', reason: 'one broke' }
    assert.ok((await house.ask('POST /api/v1/payments/refund', back)).status < 300)
    const [refunded] = await untilMails(house, 'kind=payment_refunded')
    const told = await house.ask(`GET /api/v1/notifications/${refunded.id}`)
    assert.match(told.data.text, /refunded \$10\.00/)

    const parcel = { tracking_number: '1Z999', carrier: 'UPS' }
    const address = {
      name: 'Ada Brook',
      street: '12 Harbour Street',
      city: 'Portland',
      state: 'ME',
      postal_code: '04101',
      country: 'US',
    }
    const shipment = { order_id: order.id, shipping_address: address, ...parcel }
    const made = await house.ask('POST /api/v1/shipments', shipment)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const shipped = await house.ask(`POST /api/v1/shipments/${made.data.id}/ship`)
    assert.ok(shipped.status < 300, JSON.stringify(shipped.body))
    const [sent] = await untilMails(house, 'kind=order_shipped')
    const gone = await house.ask(`GET /api/v1/notifications/${sent.id}`)
    assert.match(gone.data.text, /3 × The MUG/)
    assert.match(gone.data.text, /1Z999/)

    const { data } = await house.ask('GET /api/v1/notifications')
    assert.equal(data.total, 4)
    assert.deepEqual(await house.violations(), [])
  })

  it('are erased with the person, and purged when they are old', async () => {
    const { house, shop } = await openMailingHouse(engine)
    await using _ = house
    const order = await place(shop, 'MUG', 1)
    await pay(house, order)
    const [kept] = await untilMails(house, 'status=kept')
    const said = await house.ask(`GET /api/v1/customers/${shop.customer_id}/export`)
    assert.match(JSON.stringify(said.data), /Your order ORD-/)

    for (const status of ['processing', 'shipped', 'delivered']) {
      await house.ask(`PUT /api/v1/orders/${order.id}/status`, { status })
    }
    const erased = await house.ask(`POST /api/v1/customers/${shop.customer_id}/erase`, {})
    assert.ok(erased.status < 300, JSON.stringify(erased.body))
    const { data } = await house.ask(`GET /api/v1/notifications/${kept.id}`)
    assert.deepEqual([data.to, data.subject, data.text, data.html], ['erased', 'Erased.', '', ''])

    const later = { ...house.app, clock: () => new Date(Date.now() + 91 * 86_400_000) }
    await mailPurge.run(systemProcess(later))
    assert.equal((await house.ask('GET /api/v1/notifications')).data.total, 0)
    assert.deepEqual(await house.violations(), [])
  })
})
