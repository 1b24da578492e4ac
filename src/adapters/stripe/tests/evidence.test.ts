import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '#kit/ids'
import { paymentPersonalData } from '#modules/payments'
import { systemProcess, transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { handInEvidence } from '../../../modules/payments/evidence/hand-in.ts'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

const RECEIPT = Buffer.from('%PDF-1.4 a receipt')
const ANSWER = {
  texts: { shipping_carrier: 'UPS', shipping_tracking_number: '1Z999AA10123456784' },
  files: [
    {
      kind: 'receipt',
      name: 'receipt.pdf',
      content_type: 'application/pdf',
      content: RECEIPT.toString('base64'),
    },
  ],
}

/** A payment whose payer has doubts, and the dispute as this house knows it. */
async function disputed(shop: StripeShop, order = shop.newOrder()) {
  const { data } = await shop.pay(order, 'pm_card_visa')
  const { id: ref } = await shop.stripe.dispute(data.transaction_id)
  await shop.tellAll()
  const { data: page } = await shop.ask(`GET /api/v1/payments/disputes?payment_id=${data.id}`)
  return { payment: data, ref, id: page.items[0].id as string }
}

const answer = (shop: StripeShop, id: string, body: object = ANSWER, more: object = {}) =>
  shop.ask(`POST /api/v1/payments/disputes/${id}/evidence`, body, more)

const read = async (shop: StripeShop, id: string) =>
  (await shop.ask(`GET /api/v1/payments/disputes/${id}`)).data

/** Runs the job of what waits, as the job runner does; answers whether it must be tried again. */
async function handIn(shop: StripeShop): Promise<boolean> {
  const waiting = (await shop.rows('payment_evidence')).filter(({ state }) => state === 'waiting')
  for (const { id } of waiting) {
    try {
      await handInEvidence.run(systemProcess(shop.app), { evidence_id: id })
    } catch {
      return true
    }
  }
  return false
}

onEveryEngine('evidence for disputes at Stripe', (engine) => {
  it('is kept, handed in with its files, and moves the dispute on', async () => {
    await using shop = await openStripeShop(engine)
    const { id, ref } = await disputed(shop)
    const before = await read(shop, id)
    assert.deepEqual([before.status, before.evidence], ['needs_response', []])
    assert.ok(before.evidence_due_at > shop.clock().toISOString())

    const draft = await answer(shop, id, { texts: { customer_name: 'Ada' }, is_final: false })
    assert.deepEqual([draft.status, draft.data.state], [201, 'waiting'])
    const busy = await answer(shop, id)
    assert.deepEqual([busy.status, busy.error.code], [409, 'PAYMENT_EVIDENCE_WAITS'])
    await handIn(shop)
    assert.equal((await read(shop, id)).status, 'needs_response')

    const { status, data } = await answer(shop, id)
    assert.equal(status, 201, JSON.stringify(data))
    assert.deepEqual(data.files[0].size_bytes, RECEIPT.length)
    await handIn(shop)
    const after = await read(shop, id)
    assert.equal(after.status, 'under_review')
    assert.deepEqual(
      after.evidence.map((one: any) => [one.state, one.is_final]),
      [
        ['handed_in', true],
        ['handed_in', false],
      ],
    )
    const dispute = shop.stripe.books.disputes.get(ref)
    const file = shop.stripe.books.files.get(String(dispute?.evidence.receipt))
    assert.deepEqual(
      [dispute?.evidence.shipping_carrier, dispute?.evidence.customer_name, file?.title],
      ['UPS', 'Ada', after.evidence[0].files[0].sha256],
    )
    // The news of what we did ourselves tell nothing new.
    await shop.tellAll()
    const names = (await shop.events()).filter((name) => /disput|evidence/.test(name))
    assert.deepEqual(names, [
      'payment.disputed',
      'payment.evidence_submitted',
      'payment.evidence_submitted',
      'payment.dispute_changed',
    ])
    const rows = await shop.rows('payment_evidence')
    assert.deepEqual(new Set(rows.map(({ contents }) => contents)), new Set([null]))
    const late = await answer(shop, id)
    assert.deepEqual([late.status, late.error.code], [409, 'PAYMENT_EVIDENCE_NOT_WANTED'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('is handed in once, whatever becomes of the answers', async () => {
    await using shop = await openStripeShop(engine)
    const { id, ref } = await disputed(shop)
    await answer(shop, id)
    for (const [kind, fault] of [
      ['create_file', 'lost after'],
      ['update_dispute', 'broken'],
      ['update_dispute', 'lost after'],
    ] as const) {
      shop.stripe.fail(kind, fault, fault === 'broken' ? 1 : 2)
      assert.equal(await handIn(shop), true, `${kind} ${fault}`)
    }
    assert.equal(await handIn(shop), false)
    const dispute = shop.stripe.books.disputes.get(ref)
    assert.deepEqual(
      [dispute?.evidence_details.submission_count, shop.stripe.books.files.size],
      [1, 1],
    )
    assert.equal((await read(shop, id)).evidence[0].state, 'handed_in')
    assert.deepEqual(await shop.violations(), [])
  })

  it('is refused when it comes too late, is too much, or is told by a customer', async () => {
    await using shop = await openStripeShop(engine)
    const { id } = await disputed(shop)
    const codes: unknown[] = []
    const keep = ({ status, error }: any) => codes.push([status, error.code])
    keep(await answer(shop, id, {}))
    keep(await answer(shop, id, { files: [...ANSWER.files, ...ANSWER.files] }))
    const text = 'x'.repeat(20_000)
    const many = ['product_description', 'refund_policy_disclosure', 'service_date']
    const words = [...many, 'customer_name', 'billing_address', 'shipping_address', 'shipping_date']
    const texts = Object.fromEntries([...words, 'uncategorized_text'].map((name) => [name, text]))
    keep(await answer(shop, id, { texts }))
    keep(await answer(shop, newId('payment_dispute', 1)))
    shop.pass(8 * 86_400_000)
    keep(await answer(shop, id))
    assert.deepEqual(codes, [
      [400, 'VALIDATION_FAILED'],
      [400, 'VALIDATION_FAILED'],
      [400, 'VALIDATION_FAILED'],
      [404, 'PAYMENT_DISPUTE_NOT_FOUND'],
      [409, 'PAYMENT_EVIDENCE_TOO_LATE'],
    ])
    assert.deepEqual(await shop.rows('payment_evidence'), [])
  })

  it('is told as refused where Stripe takes it no more', async () => {
    await using shop = await openStripeShop(engine)
    const { id, ref } = await disputed(shop)
    await answer(shop, id)
    // Somebody was faster in the dashboard.
    await shop.stripe.decide(ref, 'under_review')
    await handIn(shop)
    const { evidence } = await read(shop, id)
    assert.equal(evidence[0].state, 'refused')
    assert.match(evidence[0].failure_message, /already under review/)
    assert.ok((await shop.events()).includes('payment.evidence_refused'))
    assert.deepEqual(await shop.violations(), [])
  })

  it('is erased with the customer, and one hand-in wins of two at once', async () => {
    await using shop = await openStripeShop(engine)
    const customer_id = newId('customer', 1)
    const { id } = await disputed(shop, shop.newOrder(5990, { customer_id }))
    const both = await Promise.all([answer(shop, id), answer(shop, id)])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409])
    await transactAsSystem(shop.app, (ctx) => paymentPersonalData.erase(ctx, customer_id))
    assert.equal(await handIn(shop), false)
    const [row] = await shop.rows('payment_evidence')
    assert.deepEqual([row?.state, row?.contents], ['refused', null])
    assert.doesNotMatch(JSON.stringify(row), /1Z999AA/)
    assert.deepEqual(await shop.violations(), [])
  })
})
