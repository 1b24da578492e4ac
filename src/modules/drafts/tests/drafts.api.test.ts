import assert from 'node:assert/strict'
import { it } from 'node:test'
import { admin, onEveryEngine, someoneWho } from '#testing'
import { ADDRESS, inMinutes, openShop } from './shop.ts'

onEveryEngine('drafts of orders', (engine) => {
  it('comes to what its order costs, to the cent: prices, reductions, shipping, taxes', async () => {
    await using shop = await openShop(engine, { default_tax_rate: '0.0825' })
    const draft = await shop.draft({
      lines: [
        { product_id: 'MUG', quantity: 3, discount: { percent: '10', label: 'Scratched' } },
        { product_id: 'TEA', quantity: 7, unit_price: '3.33' },
      ],
      discount: { amount: '2.00', label: 'Old friend' },
      shipping: { name: 'By hand', price: '4.99' },
      note: 'Thank you.',
    })

    assert.deepEqual([draft.status, draft.problems, draft.version], ['open', [], 1])
    assert.match(draft.draft_number, /^DRAFT-1\d{3}$/)
    assert.equal(draft.subtotal, '60.81')
    assert.equal(draft.discount_total, '5.75')
    assert.equal(draft.shipping_total, '4.99')
    const read = await shop.ask(`GET /api/v1/drafts/${draft.draft_number}`)
    assert.deepEqual(read.data, draft)

    const done = await shop.ask(`POST /api/v1/drafts/${draft.id}/complete`, {
      payment: 'pending',
      expected_total: draft.total_amount,
    })
    assert.equal(done.status, 200, JSON.stringify(done.error))
    const order = await shop.order(done.data.order_id)
    assert.deepEqual(
      [order.subtotal, order.discount_total, order.shipping_total, order.tax_total],
      [draft.subtotal, draft.discount_total, draft.shipping_total, draft.tax_total],
    )
    assert.deepEqual(
      [order.total_amount, order.status, order.payment_status, order.notes],
      [draft.total_amount, 'pending', 'pending', 'Thank you.'],
    )
    assert.deepEqual(
      order.items.map((item: Record<string, string>) => [
        item.sku,
        item.unit_price,
        item.gross_price,
      ]),
      draft.lines.map((line: Record<string, string>) => [
        line.sku,
        line.unit_price,
        line.gross_price,
      ]),
    )
    assert.deepEqual(
      order.discounts.map(({ label }: { label: string }) => label),
      ['Scratched', 'Old friend'],
    )
    assert.equal(await shop.available('MUG'), 7)
    const after = await shop.ask(`GET /api/v1/drafts/${draft.id}`)
    assert.deepEqual(
      [after.data.status, after.data.order_id, after.data.placed_by],
      ['completed', order.id, 'staff'],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('sells what is in no catalogue: priced, taxed, sent or not, given back like anything else', async () => {
    await using shop = await openShop(engine, { default_tax_rate: '0.0825' })
    const engraving = { title: 'Engraving, 12 letters', requires_shipping: false }
    const stand = { title: 'Oak stand', sku: 'STAND', weight_grams: 900 }
    const lines = [
      { product_id: 'MUG', quantity: 1 },
      { custom: engraving, quantity: 2, unit_price: '3.33', discount: { percent: '50' } },
      { custom: stand, quantity: 3, unit_price: '7.01' },
    ]
    const draft = await shop.draft({ lines })
    assert.deepEqual(
      draft.lines.map((line: any) => [
        line.sku,
        line.product_name,
        line.is_custom,
        line.gross_price,
      ]),
      [
        ['MUG', 'The MUG', false, draft.lines[0].gross_price],
        ['CUSTOM', 'Engraving, 12 letters', true, '3.60'],
        ['STAND', 'Oak stand', true, '22.76'],
      ],
    )
    const bad = async (line: object) =>
      (await shop.ask(`PUT /api/v1/drafts/${draft.id}`, { lines: [line] })).status
    assert.equal(await bad({ custom: stand, quantity: 1 }), 400)
    assert.equal(await bad({ custom: stand, product_id: 'MUG', quantity: 1, unit_price: '1' }), 400)
    assert.equal(await bad({ quantity: 1, unit_price: '1' }), 400)

    const done = await shop.ask(`POST /api/v1/drafts/${draft.id}/complete`, { payment: 'paid' })
    const order = await shop.order(done.data.order_id)
    assert.equal(order.total_amount, draft.total_amount)
    assert.deepEqual(
      order.items.map((item: any) => [item.sku, item.is_custom, item.gross_price]),
      draft.lines.map((line: any) => [line.sku, line.is_custom, line.gross_price]),
    )
    const copy = await shop.ask(`POST /api/v1/orders/${order.id}/duplicate`)
    assert.deepEqual(
      copy.data.lines.map((line: any) => [line.product_name, line.unit_price, line.is_custom]),
      draft.lines.map((line: any) => [line.product_name, line.unit_price, line.is_custom]),
    )

    // Work is made for what is sent, without stock; a service is nobody's to pick.
    await shop.ask(`POST /api/v1/orders/${order.id}/route`)
    const { data: work } = await shop.ask(`GET /api/v1/orders/${order.id}/fulfilment-orders`)
    assert.deepEqual(work.items.flatMap(({ items }: any) => items.map((l: any) => l.sku)).sort(), [
      'MUG',
      'STAND',
    ])
    assert.deepEqual(work.unrouted, [])
    const shipped = await shop.ask(`PUT /api/v1/orders/${order.id}/status`, {
      status: 'processing',
    })
    assert.equal(shipped.status, 200)
    await shop.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' })
    await shop.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'delivered' })
    const back = await shop.ask('POST /api/v1/returns', {
      order_id: order.id,
      reason: 'It wobbles.',
      items: [{ order_item_id: order.items[2].id, quantity: 1 }],
    })
    assert.equal(back.status, 201, JSON.stringify(back.body))
    await shop.ask(`POST /api/v1/returns/${back.data.id}/approve`)
    const stocked = await shop.ask(`POST /api/v1/returns/${back.data.id}/restock`)
    assert.equal(stocked.status, 200, JSON.stringify(stocked.body))
    const paid = await shop.ask(`POST /api/v1/returns/${back.data.id}/refund`)
    assert.deepEqual([paid.status, paid.data?.refund_amount], [200, '7.58'])
    const rest = await shop.ask(`POST /api/v1/orders/${order.id}/refund`, {
      items: [{ item_id: order.items[1].id, quantity: 2 }],
    })
    assert.deepEqual([rest.status, rest.data.amount], [201, '3.60'])
    const claim = await shop.ask('POST /api/v1/claims', {
      order_id: order.id,
      description: 'It came broken.',
      items: [{ order_item_id: order.items[2].id, quantity: 1, problem: 'damaged' }],
    })
    assert.equal(claim.status, 201, JSON.stringify(claim.body))
    const agreed = { remedy: 'replacement', goods: 'stay' }
    await shop.ask(`POST /api/v1/claims/${claim.data.id}/approve`, agreed)
    const again = await shop.ask(`POST /api/v1/claims/${claim.data.id}/resolve`)
    assert.equal(again.status, 200, JSON.stringify(again.body))
    assert.equal((await shop.order(again.data.new_order_id)).items[0].is_custom, true)
    assert.deepEqual(await shop.violations(), [])
  })

  it('offers what was fixed when it was sent, whatever prices do, and takes the money once', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft({ shipping: { method: 'standard' } })
    const { token, draft } = await shop.offer(id)
    assert.equal(draft.status, 'sent')
    const product = await shop.ask('GET /api/v1/products?search=MUG')
    const [{ id: product_id }] = product.data.items
    const { data: known } = await shop.ask(`GET /api/v1/products/${product_id}`)
    await shop.ask(`PUT /api/v1/products/${product_id}/variants/${known.variants[0].id}/price`, {
      price: '99.00',
    })

    const seen = await shop.see(token)
    assert.equal(seen.status, 200, JSON.stringify(seen.error))
    assert.deepEqual([seen.data.total_amount, seen.data.order_number], [draft.total_amount, null])
    assert.ok(!('staff_note' in seen.data))
    const paid = await shop.pay(token)
    assert.equal(paid.status, 200, JSON.stringify(paid.error))
    assert.equal(paid.data.total_amount, draft.total_amount)
    const again = await shop.pay(token)
    assert.deepEqual(again.data, paid.data, 'paying again answers the same')

    const order = await shop.order(paid.data.order_id)
    assert.deepEqual(
      [order.status, order.payment_status, order.total_amount],
      ['confirmed', 'paid', draft.total_amount],
    )
    assert.equal((await shop.see(token)).data.order_number, order.order_number)
    assert.equal((await shop.ask('GET /api/v1/payments')).data.total, 1)
    assert.equal((await shop.ask('GET /api/v1/orders')).data.total, 1)
    const events = (await shop.events()).filter((name) => name.startsWith('draft.'))
    assert.deepEqual(events, ['draft.created', 'draft.sent', 'draft.completed'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('places one order, however many pay and complete it at once', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft({ reserve_stock: true, expires_at: inMinutes(60) })
    const { token } = await shop.offer(id)

    const answers = await Promise.all([
      shop.pay(token),
      shop.pay(token),
      shop.ask(`POST /api/v1/drafts/${id}/complete`, { payment: 'pending' }),
      shop.ask(`POST /api/v1/drafts/${id}/complete`, { payment: 'paid' }),
      shop.pay(token),
    ])

    for (const { status, error } of answers) {
      assert.ok([200, 409].includes(status), JSON.stringify(error))
    }
    const orders = new Set(answers.flatMap(({ data }) => data?.order_id ?? []))
    assert.equal(orders.size, 1)
    assert.equal((await shop.ask('GET /api/v1/orders')).data.total, 1)
    const [order_id = ''] = orders as Set<string>
    const { data: payments } = await shop.ask('GET /api/v1/payments')
    const taken = payments.items.filter(
      ({ captured_amount }: { captured_amount: string }) => Number(captured_amount) > 0,
    )
    assert.equal(taken.length, 1)
    assert.equal((await shop.order(order_id)).payment_status, 'paid')
    assert.equal(await shop.available('MUG'), 8)
    assert.deepEqual(await shop.violations(), [])
  })

  it('ends a race of paying, changing and cancelling as one after the other', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft({ reserve_stock: true, expires_at: inMinutes(60) })
    const { token } = await shop.offer(id)

    const [paid, changed, cancelled] = await Promise.all([
      shop.pay(token),
      shop.ask(`PUT /api/v1/drafts/${id}`, { note: 'Wait.' }),
      shop.ask(`POST /api/v1/drafts/${id}/cancel`),
    ])

    assert.ok([200, 404].includes(paid.status), JSON.stringify(paid.error))
    assert.ok([200, 409].includes(changed.status), JSON.stringify(changed.error))
    assert.ok([200, 409].includes(cancelled.status), JSON.stringify(cancelled.error))
    assert.notEqual(paid.status === 200, cancelled.status === 200, 'one of the two came first')
    const orders = (await shop.ask('GET /api/v1/orders')).data.total
    assert.equal(orders, paid.status === 200 ? 1 : 0)
    assert.equal(await shop.available('MUG'), paid.status === 200 ? 8 : 10)
    assert.deepEqual(await shop.violations(), [])
  })

  it('lets a declined payment be made again, and gives the order up when nobody pays in time', async () => {
    await using shop = await openShop(engine, { unpaid_order_minutes: 30 })
    const { id } = await shop.draft()
    const { token } = await shop.offer(id)

    const declined = await shop.pay(token, 'pm_test_declined')
    assert.deepEqual([declined.status, declined.error.code], [402, 'DRAFT_PAYMENT_DECLINED'])
    const { order_id } = declined.error.details
    assert.equal((await shop.order(order_id)).payment_status, 'failed')
    await shop.endDue()
    assert.equal((await shop.order(order_id)).status, 'pending', 'there is time yet')
    const paid = await shop.pay(token)
    assert.deepEqual([paid.status, paid.data.order_id], [200, order_id])

    const { token: other } = await shop.offer((await shop.draft()).id)
    const { error } = await shop.pay(other, 'pm_test_declined')
    shop.wait(31)
    await shop.endDue()
    const lost = await shop.order(error.details.order_id)
    assert.deepEqual([lost.status, lost.payment_status], ['cancelled', 'failed'])
    const late = await shop.pay(other)
    assert.deepEqual([late.status, late.error.code], [409, 'ORDER_NOT_PAYABLE'])
    assert.equal((await shop.order(order_id)).status, 'confirmed', 'what was paid stays')
    assert.deepEqual(await shop.violations(), [])
  })

  it('holds stock while it is offered, and gives it back when its time is over', async () => {
    await using shop = await openShop(engine)
    const timeless = await shop.ask('POST /api/v1/drafts', {
      customer_id: shop.customer_id,
      lines: [{ product_id: 'MUG', quantity: 1 }],
      reserve_stock: true,
    })
    assert.deepEqual([timeless.status, timeless.error.details.field], [400, 'expires_at'])
    const { id } = await shop.draft({ reserve_stock: true, expires_at: inMinutes(60) })
    assert.equal(await shop.available('MUG'), 8)
    const lines = [{ product_id: 'MUG', quantity: 5 }]
    await shop.ask(`PUT /api/v1/drafts/${id}`, { lines })
    assert.equal(await shop.available('MUG'), 5)
    const more = [{ product_id: 'MUG', quantity: 11 }]
    const short = await shop.ask(`PUT /api/v1/drafts/${id}`, { lines: more })
    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    assert.equal(await shop.available('MUG'), 5, 'a refused change changes nothing')
    const { token } = await shop.offer(id)

    shop.wait(61)
    const late = await shop.pay(token)
    assert.deepEqual([late.status, late.error.code], [410, 'DRAFT_EXPIRED'])
    const byStaff = await shop.ask(`POST /api/v1/drafts/${id}/complete`, { payment: 'pending' })
    assert.equal(byStaff.error.code, 'DRAFT_EXPIRED')
    await shop.endDue()
    assert.equal((await shop.ask(`GET /api/v1/drafts/${id}`)).data.status, 'expired')
    assert.equal(await shop.available('MUG'), 10)
    assert.equal((await shop.see(token)).error.code, 'DRAFT_EXPIRED')
    assert.ok((await shop.events()).includes('draft.expired'))
    await shop.endDue()
    assert.deepEqual(await shop.violations(), [])
  })

  it('withdraws the link when it is changed, sent anew or cancelled', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft()
    const first = await shop.offer(id)
    const second = await shop.offer(id)
    assert.equal((await shop.see(first.token)).error.code, 'DRAFT_LINK_UNKNOWN')
    assert.equal((await shop.see(second.token)).status, 200)

    const changed = await shop.ask(`PUT /api/v1/drafts/${id}`, { discount: { percent: '50' } })
    assert.deepEqual([changed.data.status, changed.data.sent_at], ['open', null])
    assert.equal((await shop.pay(second.token)).error.code, 'DRAFT_LINK_UNKNOWN')
    const third = await shop.offer(id)
    const cancelled = await shop.ask(`POST /api/v1/drafts/${id}/cancel`)
    assert.equal(cancelled.data.status, 'cancelled')
    assert.equal((await shop.see(third.token)).error.code, 'DRAFT_LINK_UNKNOWN')
    const over = await shop.ask(`PUT /api/v1/drafts/${id}`, { note: 'x' })
    assert.deepEqual(
      [over.status, over.error.code, over.error.details.open_moves],
      [409, 'DRAFT_CANNOT_REOPEN', []],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('says what is missing, and is neither sent nor placed before', async () => {
    await using shop = await openShop(engine)
    const draft = await shop.draft({ shipping_address: null })
    assert.deepEqual(draft.problems, ['nobody said where it goes'])
    const refused = await shop.ask(`POST /api/v1/drafts/${draft.id}/send`)
    assert.deepEqual([refused.status, refused.error.code], [422, 'DRAFT_INCOMPLETE'])
    const placed = await shop.ask(`POST /api/v1/drafts/${draft.id}/complete`, { payment: 'paid' })
    assert.equal(placed.error.code, 'DRAFT_INCOMPLETE')

    const { data: fixed } = await shop.ask(`PUT /api/v1/drafts/${draft.id}`, {
      shipping_address: ADDRESS,
      shipping: { method: 'rocket' },
    })
    assert.deepEqual(fixed.problems, ['nothing goes there by rocket'])
    const stale = await shop.ask(
      `PUT /api/v1/drafts/${draft.id}`,
      { shipping: null },
      { headers: { 'if-match': '"v1"' } },
    )
    assert.equal(stale.status, 412)
    const { data } = await shop.ask(`PUT /api/v1/drafts/${draft.id}`, { shipping: null })
    const other = await shop.ask(`POST /api/v1/drafts/${draft.id}/complete`, {
      payment: 'pending',
      expected_total: '1.00',
    })
    assert.deepEqual([other.status, other.error.code], [409, 'DRAFT_TOTAL_CHANGED'])
    assert.equal(other.error.details.total, data.total_amount)
  })

  it('is paid by hand, or costs nothing', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft()
    const complete = (body: object) => shop.ask(`POST /api/v1/drafts/${id}/complete`, body)
    const pending = await complete({ payment: 'pending' })
    assert.equal(pending.data.payment, null)
    const paid = await complete({ payment: 'paid', payment_method: 'bank_transfer' })
    assert.equal(paid.data.order_id, pending.data.order_id)
    assert.equal((await shop.order(paid.data.order_id)).payment_status, 'paid')
    assert.equal((await complete({ payment: 'paid' })).data.payment.id, paid.data.payment.id)

    const free = await shop.draft({ discount: { percent: '100' } })
    const { token } = await shop.offer(free.id)
    const taken = await shop.pay(token)
    assert.deepEqual([taken.status, taken.data.payment], [200, null])
    const order = await shop.order(taken.data.order_id)
    assert.deepEqual([order.status, order.payment_status], ['confirmed', 'paid'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('begins with what another order has', async () => {
    await using shop = await openShop(engine)
    const items = [{ product_id: 'MUG', quantity: 2 }]
    const { customer_id } = shop
    const { data: order } = await shop.ask('POST /api/v1/orders', {
      customer_id,
      items,
      shipping_address: ADDRESS,
    })

    const copy = await shop.ask(`POST /api/v1/orders/${order.order_number}/duplicate`)

    assert.equal(copy.status, 201, JSON.stringify(copy.error))
    assert.deepEqual(
      [copy.data.customer_id, copy.data.shipping_address, copy.data.lines[0].quantity],
      [customer_id, ADDRESS, 2],
    )
    await shop.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    const nothing = await shop.ask(`POST /api/v1/orders/${order.id}/duplicate`)
    assert.equal(nothing.error.code, 'DRAFT_INCOMPLETE')
  })

  it('is of staff alone: buyers see what a link shows', async () => {
    await using shop = await openShop(engine)
    const { id } = await shop.draft()
    const buyer = { ...someoneWho('orders:read', 'orders:create'), own_only: true }
    assert.equal((await shop.ask('GET /api/v1/drafts', undefined, { as: buyer })).status, 403)
    assert.equal((await shop.ask('POST /api/v1/drafts', {}, { as: buyer })).status, 403)
    const { token } = await shop.offer(id)
    const other = { ...admin, own_only: true, customer_id: crypto.randomUUID() as never }
    assert.equal((await shop.pay(token, 'tok_visa', other)).status, 200, 'anyone with the link')
    const wrong = await shop.pay('x'.repeat(32))
    assert.deepEqual([wrong.status, wrong.error.code], [404, 'DRAFT_LINK_UNKNOWN'])
    const list = await shop.ask('GET /api/v1/drafts?status=completed')
    assert.equal(list.data.total, 1)
    const stored = JSON.stringify(list.data)
    assert.ok(!stored.includes(token))
  })

  it('refuses what it does not understand', async () => {
    await using shop = await openShop(engine)
    const refused = async (more: object) => {
      const { status, error } = await shop.ask('POST /api/v1/drafts', {
        customer_id: shop.customer_id,
        lines: [{ product_id: 'MUG', quantity: 1 }],
        ...more,
      })
      return [status, error?.code, error?.details?.field]
    }
    const invalid = (field: string) => [400, 'VALIDATION_FAILED', field]
    assert.deepEqual(await refused({ discount: { label: 'x' } }), invalid('discount'))
    assert.deepEqual(await refused({ discount: { percent: '101' } }), invalid('discount.percent'))
    assert.deepEqual(await refused({ shipping: {} }), invalid('shipping'))
    assert.deepEqual(await refused({ expires_at: '2020-01-01T00:00:00Z' }), invalid('expires_at'))
    const negative = [{ product_id: 'MUG', quantity: 1, unit_price: '-1' }]
    assert.deepEqual(await refused({ lines: negative }), invalid('lines.0.unit_price'))
    const unknown = [{ product_id: 'NOPE', quantity: 1 }]
    assert.equal((await refused({ lines: unknown }))[1], 'DRAFT_PRODUCT_UNKNOWN')
    assert.equal((await refused({ customer_id: crypto.randomUUID() }))[1], 'CUSTOMER_NOT_FOUND')
    assert.equal((await shop.ask('GET /api/v1/drafts/DRAFT-1')).error.code, 'DRAFT_NOT_FOUND')
    assert.equal((await shop.ask('GET /api/v1/drafts')).data.total, 0)
  })
})
