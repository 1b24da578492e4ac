import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openWorkshop, shopper, type Workshop } from './workshop.ts'

const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const step = (shop: Workshop, id: string, move: string, body?: object, more?: object) =>
  shop.ask(`POST /api/v1/warranties/claims/${id}/${move}`, body, more)

onEveryEngine('a warranty claim', (engine) => {
  it('is handed in by its holder, approved and remedied; each step is told', async () => {
    await using shop = await openWorkshop(engine)
    const { id: warranty_id } = await shop.cover()
    const { customer_id } = shop
    const as = shopper(customer_id)
    const evidence = ['https://example.com/smoke.jpg']
    const more = { evidence, contact_email: 'ada@example.com', preferred_remedy: 'repair' }
    const { status, data: claim } = await shop.claim(warranty_id, more, as)
    assert.equal(status, 201)
    assert.match(claim.claim_number, /^WC-\d+$/)
    assert.deepEqual(
      [claim.claim_id, claim.status, claim.evidence, claim.quantity, claim.remedies],
      [claim.id, 'submitted', evidence, 1, []],
    )
    const receipt = { evidence: ['receipt 4711'] }
    assert.equal((await step(shop, claim.id, 'evidence', receipt, { as })).data.evidence.length, 2)
    const own = await step(shop, claim.id, 'approve', { resolution: 'Yes' }, { as })
    assert.deepEqual([own.status, own.error.code], [403, 'WARRANTY_STAFF_ONLY'])
    const decision = {
      approved_by: nobody,
      resolution: 'We repair it.',
      notes: 'The third this week.',
      remedy: 'repair',
    }
    const approved = await step(shop, claim.id, 'approve', decision)
    assert.deepEqual(
      [approved.status, approved.data.status, approved.data.resolution, approved.data.notes],
      [200, 'approved', 'We repair it.', 'The third this week.'],
    )
    assert.equal((await shop.warranty(warranty_id)).claimed_quantity, 1)
    const done = await step(shop, claim.id, 'remedies', { kind: 'repair', note: 'New coil.' })
    assert.deepEqual(
      [done.status, done.data.status, done.data.remedy],
      [201, 'fulfilled', 'repair'],
    )
    assert.deepEqual(
      done.data.remedies.map(({ kind, note, quantity }: any) => [kind, note, quantity]),
      [['repair', 'New coil.', 1]],
    )
    const seen = await shop.ask(`GET /api/v1/warranties/claims/${claim.id}`, undefined, { as })
    assert.deepEqual([seen.data.notes, seen.data.resolution], [null, 'We repair it.'])
    assert.equal((await step(shop, claim.id, 'close')).data.status, 'closed')
    const { status: still, claimed_quantity } = await shop.warranty(warranty_id)
    assert.deepEqual([still, claimed_quantity], ['active', 0])
    assert.deepEqual((await shop.events()).slice(-5), [
      'warranty_claim.submitted',
      'warranty_claim.evidence_added',
      'warranty_claim.approved',
      'warranty_claim.remedied',
      'warranty_claim.closed',
    ])
    assert.deepEqual(await shop.violations(), [])
  })

  it('is refused outside the coverage, unless staff says why it passes (I-45)', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover({}, 10)
    const before = { incident_at: shop.at(-1) }
    const early = await shop.claim(id, before)
    assert.deepEqual([early.status, early.error.code], [422, 'WARRANTY_OUTSIDE_COVERAGE'])
    assert.equal((await shop.claim(id, { incident_at: shop.at(1) })).status, 400)
    const override = { ...before, override_reason: 'A loyal customer.' }
    const own = await shop.claim(id, override, shopper(shop.customer_id))
    assert.deepEqual([own.status, own.error.code], [403, 'WARRANTY_STAFF_ONLY'])
    const passed = await shop.claim(id, override)
    assert.deepEqual([passed.status, passed.data.override_reason], [201, 'A loyal customer.'])
    await step(shop, passed.data.id, 'reject', { reason: 'Not after all.' })

    const inTime = shop.at(0)
    shop.pass(20)
    const holder = await shop.claim(id, { incident_at: inTime }, shopper(shop.customer_id))
    assert.deepEqual([holder.status, holder.error.code], [409, 'WARRANTY_CANNOT_CLAIM'])
    const late = await shop.claim(id, { incident_at: shop.at(-1) })
    assert.equal(late.error.code, 'WARRANTY_OUTSIDE_COVERAGE')
    const brokeInTime = await shop.claim(id, { incident_at: inTime })
    assert.equal(brokeInTime.status, 201)
    const replaced = await step(shop, brokeInTime.data.id, 'approve', { resolution: 'Fine.' })
    assert.equal(replaced.status, 200)
    assert.deepEqual(await shop.violations(), [])
  })

  it('is of whose warranty it is, and of units that nobody has claimed', async () => {
    await using shop = await openWorkshop(engine)
    const other = await shop.newCustomer()
    const { id } = await shop.cover()
    const wrong = await shop.claim(id, { customer_id: other })
    assert.deepEqual([wrong.status, wrong.error.code], [422, 'WARRANTY_CUSTOMER_DIFFERS'])
    const foreign = await shop.claim(id, { customer_id: other }, shopper(other))
    assert.deepEqual([foreign.status, foreign.error.code], [404, 'WARRANTY_NOT_FOUND'])
    const first = await shop.claim(id)
    const second = await shop.claim(id)
    assert.deepEqual([second.status, second.error.code], [409, 'WARRANTY_UNITS_CLAIMED'])
    assert.equal(second.error.details.available, 0)
    for (const move of ['evidence', 'withdraw']) {
      const body = move === 'evidence' ? { evidence: ['x'] } : {}
      const not = await step(shop, first.data.id, move, body, { as: shopper(other) })
      assert.deepEqual([not.status, not.error.code], [404, 'WARRANTY_CLAIM_NOT_FOUND'])
    }
    await step(shop, first.data.id, 'reject', { reason: 'Dropped.' })
    assert.equal((await shop.claim(id)).status, 201)
    const list = await shop.made(`GET /api/v1/warranties/claims?warranty_id=${id}&limit=1`)
    assert.deepEqual([list.total, list.items[0].status], [2, 'submitted'])
    const none = await shop.ask('GET /api/v1/warranties/claims', undefined, { as: shopper(other) })
    assert.equal(none.data.total, 0)
    const rejected = await shop.made('GET /api/v1/warranties/claims?status=rejected')
    assert.equal(rejected.items[0].id, first.data.id)
    assert.deepEqual(await shop.violations(), [])
  })

  it('refused moves name those that are open', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const { data: claim } = await shop.claim(id)
    const refused = async (move: string, body: object, open: string[]) => {
      const { status, error } = await step(shop, claim.id, move, body)
      assert.deepEqual([status, error.details.open_moves], [409, open], move)
    }
    await refused('remedies', { kind: 'repair' }, ['approve', 'reject', 'withdraw'])
    await refused('close', {}, ['approve', 'reject', 'withdraw'])
    await refused('reopen', { reason: 'x' }, ['approve', 'reject', 'withdraw'])
    await step(shop, claim.id, 'approve', { resolution: 'Yes' })
    await refused('approve', { resolution: 'Yes' }, ['remedy', 'withdraw'])
    await refused('reject', { reason: 'x' }, ['remedy', 'withdraw'])
    await step(shop, claim.id, 'withdraw', { reason: 'It works again.' }, {})
    await refused('evidence', { evidence: ['x'] }, [])
    assert.equal((await shop.warranty(id)).claimed_quantity, 0)
    const missing = await step(shop, nobody, 'close', {})
    assert.deepEqual([missing.status, missing.error.code], [404, 'WARRANTY_CLAIM_NOT_FOUND'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('is taken up again when a repair did not hold, but not once it is settled for good', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const claim = await shop.approved(id)
    await step(shop, claim.id, 'remedies', { kind: 'repair' })
    const again = await step(shop, claim.id, 'reopen', { reason: 'It broke again.' })
    assert.deepEqual(
      [again.data.status, again.data.resolution, again.data.remedy],
      ['submitted', null, null],
    )
    await step(shop, claim.id, 'approve', { resolution: 'Then a new one.' })
    const credit = { kind: 'credit', amount: '80.00', currency: 'USD' }
    const done = await step(shop, claim.id, 'remedies', credit)
    assert.deepEqual(
      done.data.remedies.map(({ kind, amount }: any) => [kind, amount]),
      [
        ['repair', null],
        ['credit', '80.00'],
      ],
    )
    const settled = await step(shop, claim.id, 'reopen', { reason: 'More!' })
    assert.deepEqual([settled.status, settled.error.code], [409, 'WARRANTY_CLAIM_SETTLED'])
    const ended = await shop.warranty(id)
    assert.deepEqual([ended.status, ended.ended_quantity], ['ended', 1])
    assert.equal((await shop.claim(id)).error.code, 'WARRANTY_CANNOT_CLAIM')
    assert.deepEqual(await shop.violations(), [])
  })
})

onEveryEngine('the remedy of a warranty claim', (engine) => {
  it('credit is on the account of the customer at once', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const claim = await shop.approved(id)
    for (const body of [{ kind: 'credit' }, { kind: 'credit', amount: '5.00' }]) {
      assert.equal((await step(shop, claim.id, 'remedies', body)).status, 400)
    }
    const body = { kind: 'credit', amount: '25.50', currency: 'usd' }
    const { data } = await step(shop, claim.id, 'remedies', body)
    const [remedy] = data.remedies
    const account = await shop.made(`GET /api/v1/store-credit/${remedy.credit_account_id}`)
    assert.deepEqual([account.balance, account.customer_id], ['25.50', shop.customer_id])
    const { items } = await shop.made(`GET /api/v1/store-credit/${account.id}/entries`)
    assert.deepEqual([items[0].reference_type, items[0].reference_id], ['warranty_claim', claim.id])
    assert.deepEqual((await shop.events()).slice(-3), [
      'warranty.ended',
      'store_credit.granted',
      'warranty_claim.remedied',
    ])
    assert.deepEqual(await shop.violations(), [])
  })

  it('a replacement inherits the time that was left, and no more (I-47)', async () => {
    await using shop = await openWorkshop(engine)
    const old = await shop.cover({ transferable: true }, 100)
    shop.pass(40)
    const claim = await shop.approved(old.id)
    const order = await shop.order()
    const body = { kind: 'replace', order_id: order.id, serial_number: 'SN-9' }
    const { data } = await step(shop, claim.id, 'remedies', body)
    const heir = await shop.warranty(data.remedies[0].replacement_warranty_id)
    assert.deepEqual(
      [heir.status, heir.end_date, heir.serial_number, heir.replaces_id, heir.order_id],
      ['active', old.end_date, 'SN-9', old.id, order.id],
    )
    assert.ok(heir.start_date > old.start_date)
    assert.equal((await shop.warranty(old.id)).status, 'ended')
    assert.deepEqual(await shop.violations(), [])
    const next = await shop.approved(heir.id)
    await step(shop, next.id, 'remedies', { kind: 'replace', order_id: order.id })
    assert.deepEqual(await shop.violations(), [])
  })

  it('after the end was overridden, a replacement inherits nothing', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover({}, 10)
    shop.pass(20)
    const claim = await shop.approved(id, { override_reason: 'Out of kindness.' })
    const order = await shop.order()
    const body = { kind: 'replace', order_id: order.id }
    const { data } = await step(shop, claim.id, 'remedies', body)
    assert.equal(data.remedies[0].replacement_warranty_id, null)
    assert.deepEqual(await shop.violations(), [])
  })

  it('names what fulfils it, of the same customer', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const claim = await shop.approved(id)
    const other = await shop.newCustomer()
    const theirs = await shop.order(1, { customer_id: other })
    const cases: [object, number, string][] = [
      [{ kind: 'replace' }, 400, 'VALIDATION_FAILED'],
      [{ kind: 'refund' }, 400, 'VALIDATION_FAILED'],
      [{ kind: 'repair', order_id: theirs.id }, 400, 'VALIDATION_FAILED'],
      [{ kind: 'replace', order_id: theirs.id }, 422, 'WARRANTY_REMEDY_REFERENCE_UNKNOWN'],
      [{ kind: 'replace', order_id: nobody }, 422, 'WARRANTY_REMEDY_REFERENCE_UNKNOWN'],
      [{ kind: 'replace', exchange_id: nobody }, 422, 'WARRANTY_REMEDY_REFERENCE_UNKNOWN'],
      [{ kind: 'refund', return_id: nobody }, 422, 'WARRANTY_REMEDY_REFERENCE_UNKNOWN'],
      [{ kind: 'refund', order_refund_id: nobody }, 422, 'WARRANTY_REMEDY_REFERENCE_UNKNOWN'],
    ]
    for (const [body, status, code] of cases) {
      const answer = await step(shop, claim.id, 'remedies', body)
      assert.deepEqual([answer.status, answer.error.code], [status, code], JSON.stringify(body))
    }
    assert.equal((await shop.warranty(id)).claimed_quantity, 1)
    assert.deepEqual(await shop.violations(), [])
  })

  it('ends the coverage of its units only', async () => {
    await using shop = await openWorkshop(engine)
    const plan = await shop.plan()
    const { product_id, customer_id } = shop
    const many = { product_id, customer_id, plan_id: plan.id, quantity: 5 }
    const { id } = await shop.made('POST /api/v1/warranties', many)
    const claim = await shop.approved(id, { quantity: 2 })
    const tooMany = await shop.claim(id, { quantity: 4 })
    assert.deepEqual([tooMany.status, tooMany.error.details.available], [409, 3])
    const order = await shop.order(2)
    const serial = { kind: 'replace', order_id: order.id, serial_number: 'SN-1' }
    assert.equal((await step(shop, claim.id, 'remedies', serial)).status, 400)
    const body = { kind: 'replace', order_id: order.id }
    const { data } = await step(shop, claim.id, 'remedies', body)
    const heir = await shop.warranty(data.remedies[0].replacement_warranty_id)
    assert.equal(heir.quantity, 2)
    const left = await shop.warranty(id)
    assert.deepEqual([left.status, left.ended_quantity, left.claimed_quantity], ['active', 2, 0])
    assert.equal((await shop.claim(id, { quantity: 4 })).status, 409)
    assert.equal((await shop.claim(id, { quantity: 3 })).status, 201)
    assert.deepEqual(await shop.violations(), [])
  })
})

onEveryEngine('statistics of claims', (engine) => {
  it('tell how many of the covered units were claimed, and what was done', async () => {
    await using shop = await openWorkshop(engine)
    const saw = await shop.newProduct('SAW')
    const from = shop.at(-1)
    const first = await shop.cover()
    for (const nth of [2, 3, 4]) await shop.cover({ serial_number: `SN-${nth}` })
    await shop.cover({ product_id: saw, serial_number: 'SAW-1' })
    const claim = await shop.approved(first.id)
    const credit = { kind: 'credit', amount: '1.00', currency: 'USD' }
    await step(shop, claim.id, 'remedies', credit)
    const path = `GET /api/v1/warranties/statistics?from=${from}&to=${shop.at(1)}`
    const { products } = await shop.made(path)
    assert.deepEqual(products, [
      {
        product_id: shop.product_id,
        product_name: 'A DRILL',
        covered_units: 4,
        claimed_units: 1,
        claims: 1,
        approved: 1,
        rejected: 0,
        repairs: 0,
        replacements: 0,
        refunds: 0,
        credits: 1,
        claim_rate: '0.2500',
      },
      {
        ...products[1],
        product_id: saw,
        covered_units: 1,
        claimed_units: 0,
        claim_rate: '0.0000',
      },
    ])
    const empty = await shop.made(
      'GET /api/v1/warranties/statistics?from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z',
    )
    assert.deepEqual(empty.products, [])
    const upsideDown = 'from=2021-01-01T00:00:00Z&to=2020-01-01T00:00:00Z'
    assert.equal((await shop.ask(`GET /api/v1/warranties/statistics?${upsideDown}`)).status, 400)
  })
})
