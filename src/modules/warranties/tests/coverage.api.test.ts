import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { addMonths } from '../months.ts'
import { openWorkshop, shopper } from './workshop.ts'

const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

onEveryEngine('a warranty', (engine) => {
  it('is made as published, and tells number, time and terms', async () => {
    await using shop = await openWorkshop(engine)
    const { product_id, customer_id } = shop
    const first = await shop.cover()
    assert.match(first.warranty_number, /^W-\d+$/)
    assert.deepEqual(
      [first.status, first.product_id, first.customer_id, first.terms, first.serial_number],
      ['active', product_id, customer_id, 'Faults of material.', 'SN-1'],
    )
    assert.ok(first.start_date < first.end_date)
    assert.deepEqual(await shop.warranty(first.id), first)
    const second = await shop.cover({ serial_number: 'SN-2' })
    const numberOf = (one: any) => Number(one.warranty_number.slice(2))
    assert.ok(numberOf(second) > numberOf(first))
    assert.deepEqual((await shop.events()).slice(-2), ['warranty.created', 'warranty.created'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('is refused without what it needs', async () => {
    await using shop = await openWorkshop(engine)
    const full = {
      product_id: shop.product_id,
      customer_id: shop.customer_id,
      serial_number: 'SN-1',
      warranty_type: 'Manufacturer',
      expiration_date: shop.at(100),
      terms: 'Faults.',
    }
    const ask = (body: object) => shop.ask('POST /api/v1/warranties', body)
    for (const missing of ['serial_number', 'warranty_type', 'expiration_date', 'terms'] as const) {
      const { [missing]: _, ...rest } = full
      const { status, error } = await ask(rest)
      assert.deepEqual([status, error.details.field], [400, missing])
    }
    const plan = await shop.plan()
    await shop.made(`PUT /api/v1/warranties/plans/${plan.id}`, { status: 'archived' })
    const cases: [object, number, string][] = [
      [{ terms: '' }, 400, 'VALIDATION_FAILED'],
      [{ expiration_date: '2020-01-01T00:00:00Z' }, 400, 'VALIDATION_FAILED'],
      [{ start_date: shop.at(1) }, 400, 'VALIDATION_FAILED'],
      [{ quantity: 2 }, 400, 'VALIDATION_FAILED'],
      [{ product_id: nobody }, 422, 'WARRANTY_PRODUCT_NOT_FOUND'],
      [{ customer_id: nobody }, 404, 'CUSTOMER_NOT_FOUND'],
      [{ order_id: nobody }, 422, 'WARRANTY_ORDER_NOT_FOUND'],
      [{ plan_id: nobody, expiration_date: undefined }, 404, 'WARRANTY_PLAN_NOT_FOUND'],
      [{ plan_id: plan.id, expiration_date: undefined }, 409, 'WARRANTY_PLAN_ARCHIVED'],
    ]
    for (const [more, status, code] of cases) {
      const answer = await ask({ ...full, ...more })
      assert.deepEqual([answer.status, answer.error.code], [status, code], JSON.stringify(more))
    }
    await shop.cover()
    const twice = await ask({ ...full, serial_number: ' sn-1' })
    assert.deepEqual([twice.status, twice.error.code], [409, 'WARRANTY_SERIAL_COVERED'])
  })

  it('of a plan has its term in calendar months, and waits where it is to be activated', async () => {
    await using shop = await openWorkshop(engine)
    const { product_id, customer_id } = shop
    const plan = await shop.plan({ transferable: true })
    const planned = { product_id, customer_id, plan_id: plan.id }
    const begun = await shop.made('POST /api/v1/warranties', planned)
    assert.equal(begun.end_date, addMonths(begun.start_date, 24))
    assert.deepEqual(
      [begun.warranty_type, begun.terms, begun.transferable, begun.plan_id],
      ['Two years', plan.terms, true, plan.id],
    )
    const other = { code: 'later', starts: 'activation', activate_within_days: 30 }
    const late = await shop.plan(other)
    const waiting = { ...planned, plan_id: late.id }
    const first = await shop.made('POST /api/v1/warranties', waiting)
    const second = await shop.made('POST /api/v1/warranties', waiting)
    assert.deepEqual([first.status, first.start_date, first.end_date], ['pending', null, null])
    const claim = await shop.claim(first.id)
    assert.deepEqual([claim.status, claim.error.code], [409, 'WARRANTY_CANNOT_CLAIM'])
    assert.ok(claim.error.details.open_moves.includes('activate'))
    const extend = `POST /api/v1/warranties/${first.id}/extend`
    await shop.made(extend, { additional_months: 6 })

    const as = shopper(customer_id)
    const activate = `POST /api/v1/warranties/${first.id}/activate`
    const named = await shop.ask(activate, { activated_at: shop.at(-9) }, { as })
    assert.deepEqual([named.status, named.error.code], [403, 'WARRANTY_STAFF_ONLY'])
    assert.equal((await shop.ask(activate, { activated_at: shop.at(1) })).status, 400)
    const active = (await shop.ask(activate, {}, { as })).data
    assert.equal(active.end_date, addMonths(active.start_date, 30))
    assert.equal((await shop.ask(activate, {})).status, 409)

    shop.pass(31)
    assert.equal(await shop.followTime(), 1)
    const itself = await shop.warranty(second.id)
    assert.deepEqual(
      [itself.status, itself.start_date, itself.activate_by],
      ['active', second.activate_by, null],
    )
    assert.deepEqual(
      (await shop.events()).filter((name) => name === 'warranty.activated').length,
      2,
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('is extended, transferred where it may be, and withdrawn for good', async () => {
    await using shop = await openWorkshop(engine)
    const warranty = await shop.cover()
    const path = `POST /api/v1/warranties/${warranty.id}`
    const longer = await shop.made(`${path}/extend`, { additional_months: 12 })
    assert.equal(longer.end_date, addMonths(warranty.end_date, 12))
    assert.equal((await shop.ask(`${path}/extend`, { additional_months: 0 })).status, 400)

    const heir = await shop.newCustomer()
    const refused = await shop.ask(`${path}/transfer`, { customer_id: heir })
    assert.deepEqual([refused.status, refused.error.code], [422, 'WARRANTY_NOT_TRANSFERABLE'])
    await shop.made(`PUT /api/v1/warranties/${warranty.id}`, { transferable: true })
    const { data: open } = await shop.claim(warranty.id)
    for (const [move, body] of [
      ['transfer', { customer_id: heir }],
      ['void', { reason: 'x' }],
    ] as const) {
      const waits = await shop.ask(`${path}/${move}`, body)
      assert.deepEqual([waits.status, waits.error.code], [409, 'WARRANTY_HAS_OPEN_CLAIMS'])
    }
    await shop.made(`POST /api/v1/warranties/claims/${open.id}/withdraw`)
    const unknown = await shop.ask(`${path}/transfer`, { customer_id: nobody })
    assert.equal(unknown.error.code, 'CUSTOMER_NOT_FOUND')
    const moved = await shop.made(`${path}/transfer`, { customer_id: heir, reason: 'Sold' })
    assert.equal(moved.customer_id, heir)
    const before = shopper(shop.customer_id)
    const gone = await shop.ask(`GET /api/v1/warranties/${warranty.id}`, undefined, { as: before })
    assert.equal(gone.status, 404)

    const away = await shop.made(`${path}/void`, { reason: 'The goods were returned.' })
    assert.deepEqual([away.status, away.void_reason], ['void', 'The goods were returned.'])
    for (const [move, body] of [
      ['extend', { additional_months: 1 }],
      ['transfer', { customer_id: heir }],
      ['void', { reason: 'x' }],
      ['activate', {}],
    ] as const) {
      const { status, error } = await shop.ask(`${path}/${move}`, body)
      assert.deepEqual([status, error.details.open_moves], [409, []], move)
    }
    assert.deepEqual((await shop.events()).slice(-4), [
      'warranty_claim.submitted',
      'warranty_claim.withdrawn',
      'warranty.transferred',
      'warranty.voided',
    ])
    await shop.cover()
    assert.deepEqual(await shop.violations(), [])
  })

  it('tells once that it ends soon, ends at its instant, and covers again when extended', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover({}, 100)
    assert.equal(await shop.followTime(), 0)
    shop.pass(75)
    assert.equal(await shop.followTime(), 1)
    assert.equal(await shop.followTime(), 0)
    assert.equal((await shop.events()).at(-1), 'warranty.expiring')
    shop.pass(26)
    // Nobody has written that it is over, and it covers nothing any more.
    assert.equal((await shop.warranty(id)).status, 'expired')
    const late = await shop.claim(id, {}, shopper(shop.customer_id))
    assert.deepEqual([late.status, late.error.code], [409, 'WARRANTY_CANNOT_CLAIM'])
    assert.equal(await shop.followTime(), 1)
    assert.equal((await shop.events()).at(-1), 'warranty.expired')
    const path = `POST /api/v1/warranties/${id}/extend`
    const again = await shop.made(path, { additional_months: 12 })
    assert.equal(again.status, 'active')
    shop.pass(340)
    assert.equal(await shop.followTime(), 1)
    assert.equal((await shop.events()).at(-1), 'warranty.expiring')
    assert.deepEqual(await shop.violations(), [])
  })

  it('that is over makes room for another of its serial number, and cannot come back then', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover({}, 10)
    shop.pass(11)
    const next = await shop.cover()
    assert.equal((await shop.warranty(id)).status, 'expired')
    const extend = await shop.ask(`POST /api/v1/warranties/${id}/extend`, { additional_months: 12 })
    assert.deepEqual([extend.status, extend.error.code], [409, 'WARRANTY_SERIAL_COVERED'])
    const other = await shop.cover({ serial_number: 'SN-2' })
    const change = { serial_number: 'SN-1' }
    const taken = await shop.ask(`PUT /api/v1/warranties/${other.id}`, change)
    assert.equal(taken.error.code, 'WARRANTY_SERIAL_COVERED')
    assert.equal(taken.error.details.warranty_id, next.id)
    const named = await shop.made(`PUT /api/v1/warranties/${other.id}`, { serial_number: 'SN-3' })
    assert.equal(named.serial_number, 'SN-3')
    assert.deepEqual(await shop.violations(), [])
  })

  it('is found by status, customer, product, order and serial number; customers see their own', async () => {
    await using shop = await openWorkshop(engine)
    const other = await shop.newCustomer()
    const saw = await shop.newProduct('SAW')
    const { id: order_id } = await shop.order()
    const one = await shop.cover({ order_id })
    const two = await shop.cover({ customer_id: other, serial_number: 'SN-2' })
    const three = await shop.cover({ product_id: saw })
    await shop.made(`POST /api/v1/warranties/${three.id}/void`, { reason: 'x' })
    const ids = async (query: string, as?: any) => {
      const { data } = await shop.ask(`GET /api/v1/warranties?${query}`, undefined, as && { as })
      return data.items.map(({ id }: any) => id)
    }
    assert.deepEqual(await ids(''), [three.id, two.id, one.id])
    assert.deepEqual(await ids('status=void'), [three.id])
    assert.deepEqual(await ids(`customer_id=${other}`), [two.id])
    assert.deepEqual(await ids(`product_id=${saw}`), [three.id])
    assert.deepEqual(await ids(`order_id=${order_id}`), [one.id])
    assert.deepEqual(await ids('serial_number=sn-1'), [three.id, one.id])
    assert.deepEqual(await ids('', shopper(other)), [two.id])
    assert.deepEqual(await ids(`customer_id=${shop.customer_id}`, shopper(other)), [])
    const page = await shop.made('GET /api/v1/warranties?limit=2')
    assert.deepEqual(await ids(`limit=2&cursor=${page.next_cursor}`), [one.id])
    assert.deepEqual([page.total, page.total_is_estimate], [3, false])
    const as = shopper(other)
    for (const [route, body] of [
      [`POST /api/v1/warranties/${two.id}/extend`, { additional_months: 1 }],
      [`POST /api/v1/warranties/${two.id}/void`, { reason: 'x' }],
      [`POST /api/v1/warranties/${two.id}/transfer`, { customer_id: other }],
      [`PUT /api/v1/warranties/${two.id}`, { terms: 'x' }],
    ] as const) {
      const { status, error } = await shop.ask(route, body, { as })
      assert.deepEqual([status, error.code], [403, 'WARRANTY_STAFF_ONLY'], route)
    }
  })

  it('changed by two editors: the second names an old version and is told', async () => {
    await using shop = await openWorkshop(engine)
    const { id, version } = await shop.cover()
    const headers = { 'if-match': `"${version}"` }
    const path = `POST /api/v1/warranties/${id}/extend`
    const months = { additional_months: 1 }
    assert.equal((await shop.ask(path, months, { headers })).status, 200)
    assert.equal((await shop.ask(path, months, { headers })).status, 412)
  })
})

onEveryEngine('a warranty plan', (engine) => {
  it('is drawn up once a code, and changed for what is sold from then on', async () => {
    await using shop = await openWorkshop(engine)
    const plan = await shop.plan()
    assert.deepEqual(
      [plan.status, plan.starts, plan.transferable, plan.products_count],
      ['active', 'delivery', false, 0],
    )
    const taken = await shop.ask('POST /api/v1/warranties/plans', {
      code: 'TWO-YEARS',
      name: 'x',
      terms: 'y',
      term_months: 1,
    })
    assert.deepEqual([taken.status, taken.error.code], [409, 'WARRANTY_PLAN_CODE_TAKEN'])
    const within = { activate_within_days: 10 }
    const wrong = await shop.ask(`PUT /api/v1/warranties/plans/${plan.id}`, within)
    assert.deepEqual([wrong.status, wrong.error.details.field], [400, 'activate_within_days'])
    const { product_id, customer_id } = shop
    const sold = { product_id, customer_id, plan_id: plan.id }
    const before = await shop.made('POST /api/v1/warranties', sold)
    await shop.made(`PUT /api/v1/warranties/plans/${plan.id}`, { term_months: 36 })
    const after = await shop.made('POST /api/v1/warranties', sold)
    assert.equal((await shop.warranty(before.id)).end_date, addMonths(before.start_date, 24))
    assert.equal(after.end_date, addMonths(after.start_date, 36))
  })

  it('is for its products; one that had another has this one then', async () => {
    await using shop = await openWorkshop(engine)
    const saw = await shop.newProduct('SAW')
    const plan = await shop.plan()
    const other = await shop.plan({ code: 'other' })
    const put = (id: string, product_ids: string[]) =>
      shop.ask(`PUT /api/v1/warranties/plans/${id}/products`, { product_ids })
    const both = [shop.product_id, saw]
    assert.equal((await put(plan.id, both)).data.products_count, 2)
    assert.equal((await put(other.id, [saw])).data.products_count, 1)
    const left = await shop.made(`GET /api/v1/warranties/plans/${plan.id}/products`)
    assert.deepEqual(left.items, [{ product_id: shop.product_id, product_name: 'A DRILL' }])
    const list = await shop.made(`GET /api/v1/warranties/plans?product_id=${saw}`)
    assert.deepEqual(
      list.items.map(({ id }: any) => id),
      [other.id],
    )
    const unknown = await put(plan.id, [nobody])
    assert.deepEqual([unknown.status, unknown.error.code], [422, 'WARRANTY_PRODUCT_NOT_FOUND'])
    await shop.made(`PUT /api/v1/warranties/plans/${other.id}`, { status: 'archived' })
    assert.equal((await put(other.id, [])).error.code, 'WARRANTY_PLAN_ARCHIVED')
    assert.equal((await put(nobody, [])).error.code, 'WARRANTY_PLAN_NOT_FOUND')
    assert.equal((await shop.ask(`GET /api/v1/warranties/plans/${nobody}`)).status, 404)
  })
})
