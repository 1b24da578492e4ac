import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { onEveryEngine } from '#testing'
import { signatureOf } from '../webhook/signature.ts'
import { openShop, SECRET, type Shop } from './paying.ts'

type Paid = { id: string; transaction_id: string }
const START = Date.UTC(2026, 5, 1)
const instant = (second: number) => new Date(START + second * 1000).toISOString()
let events = 0

/** An event about a payment of 59.90, as the provider would word it. */
const event = (type: string, { id, transaction_id }: Paid, more: object = {}, second = 0) => ({
  id: `evt_${++events}`,
  type,
  created: instant(second),
  data: { transaction_id, reference: id, amount: 5990, currency: 'USD', ...more },
})

/** The status and note of each webhook in the inbox, by its event. */
const inbox = async (shop: Shop) =>
  new Map((await shop.rows('payment_webhooks')).map((row) => [row.event_id, row]))

/** A payment that waits for its payer. */
const waiting = async (shop: Shop): Promise<Paid> =>
  (await shop.pay(shop.newOrder(), 'pm_test_3ds')).data

onEveryEngine('the payment webhook', (engine) => {
  it('takes only what is signed with the secret and is fresh', async () => {
    await using shop = await openShop(engine)
    const body = JSON.stringify(event('payment.failed', await waiting(shop)))
    const now = String(Math.floor(Date.now() / 1000))
    const old = String(Number(now) - 301)
    const good = signatureOf(SECRET, now, body)
    const refused: Record<string, string>[] = [
      {},
      { 'x-timestamp': now },
      { 'x-signature': good },
      { 'x-timestamp': now, 'x-signature': '' },
      { 'x-timestamp': now, 'x-signature': 'zz' },
      { 'x-timestamp': now, 'x-signature': good.slice(2) },
      { 'x-timestamp': now, 'x-signature': signatureOf('another', now, body) },
      { 'x-timestamp': now, 'x-signature': signatureOf(SECRET, now, `${body} `) },
      { 'x-timestamp': old, 'x-signature': signatureOf(SECRET, old, body) },
      { 'x-timestamp': 'NaN', 'x-signature': signatureOf(SECRET, 'NaN', body) },
      { 'stripe-signature': `t=${old},v1=${signatureOf(SECRET, old, body)}` },
      { 'stripe-signature': `t=${now},v0=${good}` },
      { 'stripe-signature': 'nonsense' },
    ]
    for (const headers of refused) {
      const answer = await shop.post(body, headers)
      assert.equal(answer.statusCode, 401, JSON.stringify(headers))
      assert.equal(answer.json().error.code, 'WEBHOOK_SIGNATURE_INVALID')
    }
    assert.deepEqual(await shop.rows('payment_webhooks'), [])

    const taken = await shop.post(body, { 'x-timestamp': now, 'x-signature': good })
    assert.deepEqual([taken.statusCode, taken.body], [200, 'ok'])
    const rolled = `t=${now},v1=${signatureOf('the old secret', now, body)},v1=${good}`
    assert.equal((await shop.post(body, { 'stripe-signature': rolled })).statusCode, 200)
    assert.equal((await shop.rows('payment_webhooks')).length, 1)
  })

  it('answers 400 to signed nonsense, and keeps nothing of it', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    const nonsense = [
      '',
      'not json',
      '[]',
      '{}',
      JSON.stringify({ ...event('payment.failed', paid), created: 'yesterday' }),
      JSON.stringify(event('payment.failed', paid, { amount: '59.90' })),
      JSON.stringify(event('payment.failed', paid, { amount: -1 })),
      JSON.stringify(event('payment.failed', paid, { amount: 1e300 })),
      JSON.stringify(event('payment.failed', paid, { currency: 'dollars' })),
      JSON.stringify({ ...event('payment.failed', paid), id: 'x'.repeat(300) }),
      JSON.stringify({ ...event('payment.failed', paid), id: 'with a \0 in it' }),
      JSON.stringify(event('payment.failed', paid, { message: 'with a \0 in it' })),
    ]
    const now = String(Math.floor(Date.now() / 1000))
    for (const body of nonsense) {
      const headers = { 'x-timestamp': now, 'x-signature': signatureOf(SECRET, now, body) }
      const { statusCode } = await shop.post(body, headers)
      assert.equal(statusCode, 400, body)
    }
    assert.deepEqual(await shop.rows('payment_webhooks'), [])
  })

  it('does once what it is told twenty times at once', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    const news = event('payment.succeeded', paid, { sequence: 2 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.webhook(news)))
    assert.deepEqual(
      [...new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))],
      ['200 ok'],
    )
    assert.equal((await shop.payment(paid.id)).status, 'succeeded')
    assert.equal((await shop.rows('payment_webhooks')).length, 1)
    assert.deepEqual(await shop.events(), ['payment.requires_action', 'payment.captured'])
  })

  it('has no effect when a known event comes again, whatever it says now', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    const news = event('customer.updated', paid)
    await shop.webhook(news)
    const again = await shop.webhook({
      ...event('payment.failed', paid, { sequence: 2 }),
      id: news.id,
    })
    assert.equal(again.body, 'ok')
    assert.equal((await shop.payment(paid.id)).status, 'requires_action')
    assert.equal((await inbox(shop)).get(news.id)?.status, 'ignored')
  })

  it('takes two different events of one fact for one fact', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    await shop.webhook(event('payment.succeeded', paid, { sequence: 2 }))
    await shop.webhook(event('charge.succeeded', paid, { sequence: 2 }))
    assert.equal((await shop.payment(paid.id)).captured_amount, '59.90')
    assert.deepEqual(await shop.violations(), [])
  })

  it('keeps a failure that is older than the success as superseded', async () => {
    await using shop = await openShop(engine)
    const paid = (await shop.pay(shop.newOrder())).data
    const late = event('payment.failed', paid, { sequence: 0, code: 'try_again' }, 0)
    await shop.webhook(late)
    assert.equal((await shop.payment(paid.id)).status, 'succeeded')
    assert.equal((await inbox(shop)).get(late.id)?.status, 'superseded')
  })

  it('believes a failure that is newer than the success: the money was taken back', async () => {
    await using shop = await openShop(engine)
    const paid = (await shop.pay(shop.newOrder())).data
    await shop.webhook(event('payment.failed', paid, { sequence: 9, code: 'reversed' }, 9))
    const after = await shop.payment(paid.id)
    assert.deepEqual(
      [after.status, after.captured_amount, after.failure_code],
      ['failed', '0.00', 'reversed'],
    )
    assert.deepEqual(await shop.events(), ['payment.captured', 'payment.failed'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('parks a refund that comes before its payment, and settles it when the payment arrives', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    const refund = event(
      'payment.refunded',
      paid,
      { id: 're_1', reference: undefined, amount: 1000 },
      5,
    )
    assert.equal((await shop.webhook(refund)).statusCode, 200)
    assert.equal((await inbox(shop)).get(refund.id)?.status, 'parked')
    assert.equal((await shop.payment(paid.id)).refunded_amount, '0.00')

    await shop.webhook(event('payment.succeeded', paid, { sequence: 2 }, 4))

    assert.equal((await inbox(shop)).get(refund.id)?.status, 'applied')
    const after = await shop.payment(paid.id)
    assert.deepEqual([after.status, after.refunds[0].kind], ['partially_refunded', 'external'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('parks news of a payment that is not known yet, tries again, and gives up at last', async () => {
    await using shop = await openShop(engine)
    const stranger = event(
      'payment.succeeded',
      { id: 'none', transaction_id: 'ch_unknown' },
      { reference: 'x' },
    )
    assert.equal((await shop.webhook(stranger)).statusCode, 200)
    for (let nth = 0; nth < 25; nth++) {
      shop.pass(2 * 60 * 60 * 1000)
      await shop.sweep()
    }
    const kept = (await inbox(shop)).get(stranger.id)
    assert.equal(kept?.status, 'given_up')
    assert.equal(kept?.body, JSON.stringify(stranger))
  })

  it('keeps and ignores what means nothing to payments', async () => {
    await using shop = await openShop(engine)
    const news = event('customer.updated', await waiting(shop))
    assert.equal((await shop.webhook(news)).body, 'ok')
    assert.equal((await inbox(shop)).get(news.id)?.status, 'ignored')
  })

  it('never lets a payment change its currency', async () => {
    await using shop = await openShop(engine)
    const paid = await waiting(shop)
    const news = event('payment.succeeded', paid, { currency: 'EUR', sequence: 2 })
    await shop.webhook(news)
    assert.equal((await shop.payment(paid.id)).status, 'requires_action')
    assert.equal((await inbox(shop)).get(news.id)?.status, 'parked')
  })

  it('ends in the same state for any order and any repetition of the same news', async () => {
    await using shop = await openShop(engine)
    const about = (paid: Paid) => [
      event('payment.processing', paid, { operation: 'authorize', sequence: 2 }, 1),
      event('payment.authorized', paid, { sequence: 3 }, 2),
      event(
        'payment.captured',
        paid,
        { id: `ca_${paid.id}`, amount: 4000, reference: undefined },
        3,
      ),
      event('payment.voided', paid, { id: `vo_${paid.id}`, amount: 1990, reference: undefined }, 4),
      event(
        'payment.refunded',
        paid,
        { id: `re_${paid.id}`, amount: 1500, reference: undefined },
        5,
      ),
      event(
        'payment.refunded',
        paid,
        { id: `rf_${paid.id}`, amount: 500, reference: undefined },
        6,
      ),
      event(
        'payment.refund_failed',
        paid,
        { id: `rf_${paid.id}`, amount: 500, reference: undefined },
        7,
      ),
    ]
    const order = fc.tuple(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
      fc.array(fc.nat(6), { maxLength: 4 }),
    )
    const property = fc.asyncProperty(order, async ([first, again]) => {
      const paid = (await shop.pay(shop.newOrder(), 'pm_test_3ds', { capture: 'manual' })).data
      const news = about(paid)
      for (const nth of [...first, ...again]) await shop.webhook(news[nth] as object)
      shop.pass(60 * 60 * 1000)
      await shop.sweep()
      const { status, captured_amount, voided_amount, refunded_amount } = await shop.payment(
        paid.id,
      )
      assert.deepEqual(
        [status, captured_amount, voided_amount, refunded_amount],
        ['partially_refunded', '40.00', '19.90', '15.00'],
      )
      assert.deepEqual(await shop.violations(), [])
    })
    await fc.assert(property, { numRuns: engine === 'sqlite' ? 40 : 8 })
  })
})
