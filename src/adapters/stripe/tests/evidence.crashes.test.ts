import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eventually, type House, onEveryEngine, openHouse } from '#testing'
import { die, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { StripeDouble } from '../../../../tests/doubles/stripe/server.ts'
import { HOOK } from './stripe-shop.ts'

const ANSWER = {
  texts: { shipping_carrier: 'UPS' },
  files: [
    {
      kind: 'receipt',
      name: 'receipt.pdf',
      content_type: 'application/pdf',
      content: Buffer.from('%PDF-1.4 a receipt').toString('base64'),
    },
  ],
}

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** A house with a payment at its own Stripe whose payer has doubts. */
async function disputed(engine: House['database']['engine']) {
  const stripe = await StripeDouble.open()
  const house = await openHouse(engine, { settings: stripe.settings, kept: true })
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made(house, 'POST /api/v1/customers', person)
  const book = { name: 'A book', sku: 'BOOK', price: '25.00', inventory_tracking: false }
  await made(house, 'POST /api/v1/products', book)
  const items = [{ product_id: 'BOOK', quantity: 1 }]
  const order = await made(house, 'POST /api/v1/orders', { customer_id, items })
  const { transaction_id } = await made(house, 'POST /api/v1/payments', {
    order_id: order.id,
    amount: order.total_amount,
    payment_method: 'credit_card',
    payment_method_id: 'pm_card_visa',
  })
  const { id: ref } = await stripe.dispute(transaction_id)
  for (const event of stripe.events()) {
    const { body: payload, headers } = stripe.signed(event)
    await house.http.inject({ method: 'POST', url: HOOK, headers, payload })
  }
  const [{ id }] = (await house.ask('GET /api/v1/payments/disputes')).data.items
  await house.close()
  return { stripe, ref, id: id as string, url: house.url, drop: house.drop }
}

/** Where handing in can be cut off, how much Stripe has then, and whether it was stored here. */
const STEPS: Record<string, { at: Moment; given: number; stored: boolean }> = {
  'before it is stored': { at: { commit: 1 }, given: 0, stored: false },
  'before Stripe is asked': { at: { before: 'submitEvidence' }, given: 0, stored: true },
  'after Stripe has it': { at: { after: 'submitEvidence' }, given: 1, stored: true },
  'before that is committed': { at: { commit: 3 }, given: 1, stored: true },
}

// Goal: evidence that was taken is handed in, once, whenever the server dies: a bank looks once.
// Method: a process of its own takes it and hands it in, and is killed at each step; then another
// house opens the database, and its jobs go on.
onEveryEngine('a server that dies while it hands in evidence', (engine) => {
  it('hands it in once, wherever it died', { timeout: 600_000 }, async () => {
    const cases = []
    for (const step of Object.values(STEPS)) cases.push({ ...step, ...(await disputed(engine)) })
    try {
      const deaths = cases.map(({ at, id, url, stripe }) => ({
        at,
        url,
        settings: stripe.settings,
        deed: [
          { route: `POST /api/v1/payments/disputes/${id}/evidence`, body: ANSWER },
          { jobs: true as const },
        ],
      }))
      await die(engine, ...deaths)
      for (const [nth, step] of Object.keys(STEPS).entries()) {
        const { stripe, ref, id, url, given, stored } = cases[nth] as (typeof cases)[number]
        const there = () => stripe.books.disputes.get(ref)
        const handedIn = () => there()?.evidence_details.submission_count
        assert.equal(handedIn(), given, `it died at another step: ${step}`)
        await letTimePass(engine, url)
        const settings = { ...stripe.settings, outbox_poll_interval_ms: 20 }
        await using house = await openHouse(engine, { at: url, settings, background: true })
        const read = async () => (await house.ask(`GET /api/v1/payments/disputes/${id}`)).data
        const { evidence } = await read()
        assert.equal(evidence.length, stored ? 1 : 0, step)
        if (!stored) await made(house, `POST /api/v1/payments/disputes/${id}/evidence`, ANSWER)
        await eventually(async () => (await read()).status === 'under_review')
        assert.deepEqual(
          (await read()).evidence.map(({ state }: { state: string }) => state),
          ['handed_in'],
        )
        assert.deepEqual([handedIn(), stripe.books.files.size], [1, 1], step)
        assert.equal(there()?.evidence.shipping_carrier, 'UPS')
        const told = (await house.events()).filter((name) => name.includes('evidence'))
        assert.deepEqual(told, ['payment.evidence_submitted'], step)
        assert.deepEqual(await house.violations(), [])
      }
    } finally {
      for (const { stripe, drop } of cases) {
        await stripe.close()
        await drop()
      }
    }
  })
})
