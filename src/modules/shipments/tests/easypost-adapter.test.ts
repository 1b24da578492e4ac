import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EasyPostDouble } from '../../../../tests/doubles/easypost/server.ts'
import { createEasyPost } from '../../../adapters/easypost/easypost.ts'
import type { LabelCall, ParcelOrder } from '../index.ts'

const ORDER: ParcelOrder = {
  reference: '1000001-S1',
  position: 1,
  of: 1,
  from: { name: 'EAST', street: '1 Dock Road', city: 'Boston', state: 'MA', country: 'US' },
  to: { name: 'Ada', street: '12 Harbour Street', city: 'Portland', state: 'ME', country: 'US' },
  weight_grams: 500,
  length_mm: 300,
  width_mm: 200,
  height_mm: 100,
  signature_required: true,
  is_return: false,
  customs: [],
  currency: 'USD',
  asked_at: '2026-11-21T10:00:00.000Z',
}
// Nothing here asks the house.
const ctx = {} as never

async function quoted(easypost: EasyPostDouble) {
  const carrier = createEasyPost({
    api_key: easypost.key,
    url: easypost.url,
    timeout_ms: 1500,
    webhook_secret: 's',
  })
  const { ref, rates } = await carrier.quote(ctx, 'our key', ORDER)
  const [rate] = rates
  assert.ok(rate)
  const call: LabelCall = {
    key: 'our key',
    quote_ref: ref,
    rate_ref: rate.ref,
    service: rate.service,
    amount: rate.amount,
    currency: rate.currency,
    tracking_number: null,
    request: ORDER,
  }
  return { carrier, call }
}

describe('EasyPost, through its official package', () => {
  it('sells one label, and answers it to whoever asks again', async () => {
    await using easypost = await EasyPostDouble.open()
    const { carrier, call } = await quoted(easypost)
    assert.equal(await carrier.lookUp(ctx, call), undefined)
    const first = await carrier.buy(ctx, call)
    const again = await carrier.buy(ctx, call)
    assert.equal(first.outcome, 'bought')
    assert.deepEqual(again, first)
    assert.equal(easypost.books.sold, 1)
    const found = await carrier.lookUp(ctx, call)
    assert.deepEqual({ outcome: 'bought', label: found }, first)
  })

  it('is told ounces and inches that are never too few, and our name of the parcel', async () => {
    await using easypost = await EasyPostDouble.open()
    await quoted(easypost)
    const [told] = [...easypost.books.shipments.values()]
    assert.deepEqual(told?.parcel, { weight: 17.7, length: 11.9, width: 7.9, height: 4 })
    assert.deepEqual(
      [told?.reference, told?.options.delivery_confirmation, told?.options.label_format],
      ['our key', 'SIGNATURE', 'PDF'],
    )
  })

  it('leaves open what it did not decide, and tells a refusal as one', async () => {
    await using easypost = await EasyPostDouble.open()
    const { carrier, call } = await quoted(easypost)
    for (const fault of ['lost after', 'lost before', 'busy', 'broken', 'html'] as const) {
      easypost.fail('buy', fault)
      // Only the first of them can have sold it; the others ask for what is sold.
      await assert.rejects(async () => carrier.buy(ctx, call), fault)
    }
    const refused = await carrier.buy(ctx, { ...(await quoted(easypost)).call, rate_ref: 'rate_0' })
    assert.deepEqual(refused.outcome === 'refused' && refused.code, 'RATE.NOT_FOUND')
  })

  it('sells a label whose paper cannot be fetched now', async () => {
    await using easypost = await EasyPostDouble.open()
    const { carrier, call } = await quoted(easypost)
    easypost.fail('label', 'broken')
    const bought = await carrier.buy(ctx, call)
    assert.ok(bought.outcome === 'bought' && bought.label.paper === null && bought.label.paper_url)
    const paper = await carrier.fetchPaper?.(bought.label.paper_url)
    assert.equal(paper?.media_type, 'application/pdf')
  })

  it('takes a label back while nobody has scanned it', async () => {
    await using easypost = await EasyPostDouble.open()
    const { carrier, call } = await quoted(easypost)
    await carrier.buy(ctx, call)
    assert.deepEqual(await carrier.void(ctx, call), {
      outcome: 'voided',
      refund_status: 'submitted',
    })
    const other = await quoted(easypost)
    const bought = await carrier.buy(ctx, other.call)
    assert.ok(bought.outcome === 'bought')
    easypost.scan(bought.label.tracking_number, { status: 'in_transit' })
    assert.equal((await carrier.void(ctx, other.call)).outcome, 'refused')
  })
})
