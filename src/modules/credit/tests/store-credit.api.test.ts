import assert from 'node:assert/strict'
import { it } from 'node:test'
import { giveBackCredit } from '#modules/credit'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { grant, issue, made, newCard, newCustomer, shopper, take } from './cards.ts'

const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const deduct = (house: House, customer_id: string, amount: string, more: object = {}) =>
  house.ask('POST /api/v1/store-credit/deductions', {
    customer_id,
    currency: 'USD',
    amount,
    reason: 'Granted twice.',
    ...more,
  })
const accountsOf = async (house: House, customer_id: string) =>
  (await made(house, `GET /api/v1/store-credit?customer_id=${customer_id}`)).items

onEveryEngine('store credit', (engine) => {
  it('is granted and deducted with a reason that the customer reads in the statement', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const first = await grant(house, customer_id, '15.00')
    assert.deepEqual([first.status, first.data.balance], [201, '15.00'])
    assert.equal((await grant(house, customer_id, '5.00')).data.id, first.data.id)
    assert.equal((await grant(house, customer_id, '7', { currency: 'EUR' })).data.balance, '7.00')
    assert.equal((await deduct(house, customer_id, '3.00')).data.balance, '17.00')

    const as = shopper(customer_id)
    const own = await house.ask('GET /api/v1/store-credit', undefined, { as })
    assert.deepEqual(
      own.data.items.map(({ currency, balance }: any) => [currency, balance]),
      [
        ['EUR', '7.00'],
        ['USD', '17.00'],
      ],
    )
    const path = `GET /api/v1/store-credit/${first.data.id}`
    assert.equal((await house.ask(path, undefined, { as })).data.balance, '17.00')
    const newest = await house.ask(`${path}/entries?limit=2`, undefined, { as })
    assert.deepEqual(
      newest.data.items.map(({ kind, amount, balance, reason }: any) => [
        kind,
        amount,
        balance,
        reason,
      ]),
      [
        ['deducted', '-3.00', '17.00', 'Granted twice.'],
        ['granted', '5.00', '20.00', 'For the long wait.'],
      ],
    )
    const { next_cursor, total } = newest.data
    assert.equal(total, 3)
    const rest = await made(house, `${path}/entries?limit=2&cursor=${next_cursor}`)
    assert.deepEqual(
      rest.items.map(({ sequence, created_by }: any) => [sequence, created_by]),
      [[1, 'user:test-admin']],
    )
    const bad = await house.ask(`GET /api/v1/store-credit/${nobody}/entries`, undefined, { as })
    assert.equal(bad.status, 404)
    const stranger = shopper(await newCustomer(house))
    assert.equal((await house.ask(path, undefined, { as: stranger })).status, 404)
    const none = await house.ask('GET /api/v1/store-credit', undefined, { as: stranger })
    assert.deepEqual(none.data.items, [])
    assert.deepEqual(await house.violations(), [])
  })

  it('never falls below zero, and refuses with what is there', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const none = await deduct(house, customer_id, '1.00')
    assert.deepEqual([none.status, none.error.code], [422, 'STORE_CREDIT_NONE'])
    await grant(house, customer_id, '2.00')
    const more = await deduct(house, customer_id, '2.01')
    assert.deepEqual([more.status, more.error.code], [422, 'CREDIT_INSUFFICIENT'])
    assert.equal(more.error.details.available, '2.00')
    assert.equal((await deduct(house, customer_id, '2.00')).data.balance, '0.00')
    for (const amount of ['0', '-1']) {
      assert.equal((await grant(house, customer_id, amount)).status, 400)
      assert.equal((await deduct(house, customer_id, amount)).status, 400)
    }
    assert.equal((await grant(house, nobody, '1')).error.code, 'CUSTOMER_NOT_FOUND')
    assert.equal((await deduct(house, nobody, '1')).error.code, 'CUSTOMER_NOT_FOUND')
    const card = await newCard(house, { customer_id })
    assert.equal((await house.ask(`GET /api/v1/store-credit/${card.id}`)).status, 404)
    assert.deepEqual(await house.violations(), [])
  })

  it('is booked once for a reference, and the same reference for something else is refused', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const ticket = { reference_id: 'ticket-1' }
    for (let time = 0; time < 3; time++) {
      const { status, data } = await grant(house, customer_id, '4.00', ticket)
      assert.deepEqual([status, data.balance], [201, '4.00'])
    }
    const other = await grant(house, customer_id, '5.00', ticket)
    assert.deepEqual([other.status, other.error.code], [409, 'CREDIT_REFERENCE_TAKEN'])
    const reference = { reference_type: 'return', reference_id: 'ret-1' }
    const wanted = { customer_id, amount: 100, reference }
    const first = await issue(house, wanted)
    assert.equal((first.done as any).balance_amount, 500)
    assert.deepEqual(await issue(house, wanted), first)
    assert.equal((await issue(house, { ...wanted, amount: 1 })).code, 'CREDIT_REFERENCE_TAKEN')
    const [account] = await accountsOf(house, customer_id)
    assert.equal(account.balance, '5.00')
    assert.deepEqual(await house.events(), [
      'customer.created',
      'store_credit.granted',
      'store_credit.granted',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('of one customer and currency is one account, however many grant at once', async () => {
    await using house = await openHouse(engine)
    const customer_id = await newCustomer(house)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => grant(house, customer_id, '1.00')),
    )
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
    const accounts = await accountsOf(house, customer_id)
    assert.deepEqual(
      accounts.map(({ balance }: any) => balance),
      ['10.00'],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('taken by many at once never goes below zero; twins with one reference take once', async () => {
    await using house = await openHouse(engine)
    const { id } = await newCard(house)
    const takes = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => take(house, id, 600, `order-${nth}`)),
    )
    assert.equal(takes.filter(({ code }) => code === undefined).length, 8)
    assert.equal(takes.filter(({ code }) => code === 'CREDIT_INSUFFICIENT').length, 12)
    const twins = await Promise.all(Array.from({ length: 6 }, () => take(house, id, 100, 'twin')))
    assert.equal(new Set(twins.map(({ done }) => (done as any).id)).size, 1)
    assert.equal((await made(house, `GET /api/v1/gift-cards/${id}`)).balance, '1.00')
    assert.deepEqual(await house.violations(), [])
  })

  it('gives back at most what was taken, once for a reference, whoever asks at once', async () => {
    await using house = await openHouse(engine)
    const { id } = await newCard(house)
    await take(house, id, 3000, 'order')
    const taken = { reference_type: 'test', reference_id: 'order' }
    const giveBack = (reference_id: string, amount: number) =>
      transactAsSystem(
        house.app,
        (ctx) =>
          giveBackCredit(ctx, {
            taken,
            amount,
            reference: { reference_type: 'back', reference_id },
          }),
        'read committed',
      )
    await giveBack('a', 1000)
    await giveBack('a', 1000)
    assert.equal((await made(house, `GET /api/v1/gift-cards/${id}`)).balance, '30.00')
    const tries = await Promise.allSettled(
      Array.from({ length: 5 }, (_, nth) => giveBack(`more-${nth}`, 900)),
    )
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 2)
    assert.equal((await made(house, `GET /api/v1/gift-cards/${id}`)).balance, '48.00')
    assert.deepEqual(await house.violations(), [])
  })
})

onEveryEngine('what the shop owes', (engine) => {
  it('is told for each kind and currency, now and at any past instant', async () => {
    let ahead_ms = 0
    const clock = () => new Date(Date.now() + ahead_ms)
    await using house = await openHouse(engine, { clock })
    const owed = async (at?: string) => {
      const path = `GET /api/v1/credit/liability${at ? `?at=${at}` : ''}`
      const { outstanding } = await made(house, path)
      return outstanding.map((one: any) => `${one.kind} ${one.amount} ${one.currency}`)
    }
    assert.deepEqual(await owed(), [])
    const customer_id = await newCustomer(house)
    const card = await newCard(house)
    await newCard(house, { currency: 'JPY', initial_amount: '1000' })
    await grant(house, customer_id, '8.00')
    const then = clock().toISOString()
    const before = ['gift_card 1000 JPY', 'gift_card 50.00 USD', 'store_credit 8.00 USD']
    assert.deepEqual(await owed(), before)
    ahead_ms += 86_400_000
    await take(house, card.id, 2000, 'order')
    await deduct(house, customer_id, '8.00')
    await grant(house, customer_id, '1.00', { currency: 'EUR' })
    assert.deepEqual(await owed(), [
      'gift_card 1000 JPY',
      'gift_card 30.00 USD',
      'store_credit 1.00 EUR',
      'store_credit 0.00 USD',
    ])
    assert.deepEqual(
      (await owed(then)).filter((line: string) => !line.includes(' 0.00')),
      before,
    )
    const future = await house.ask('GET /api/v1/credit/liability?at=2999-01-01T00:00:00Z')
    assert.equal(future.status, 400)
  })
})
