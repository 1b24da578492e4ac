import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openWorkshop } from './workshop.ts'

const crowd = <T>(many: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: many }, (_, nth) => call(nth)))
const count = (answers: { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length

onEveryEngine('claims that meet', (engine) => {
  it('for one unit: one is taken, the others are told that it is claimed', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const answers = await crowd(8, () => shop.claim(id))
    assert.deepEqual([count(answers, 201), count(answers, 409)], [1, 7])
    assert.deepEqual(await shop.violations(), [])
  })

  it('remedied by many at once is settled once, and credit is given once', async () => {
    await using shop = await openWorkshop(engine)
    const { id } = await shop.cover()
    const claim = await shop.approved(id)
    const path = `POST /api/v1/warranties/claims/${claim.id}/remedies`
    const credit = { kind: 'credit', amount: '10.00', currency: 'USD' }
    const bodies = [credit, { kind: 'repair' }]
    const answers = await crowd(8, (nth) => shop.ask(path, bodies[nth % 2]))
    assert.deepEqual([count(answers, 201), count(answers, 409)], [1, 7])
    const { items } = await shop.made('GET /api/v1/store-credit')
    const given = items.map(({ balance }: any) => balance)
    const winner = answers.find(({ status }) => status === 201)?.data
    assert.deepEqual(given, winner.remedy === 'credit' ? ['10.00'] : [])
    assert.deepEqual(await shop.violations(), [])
  })

  it('approved, rejected and withdrawn at once end as one of these', async () => {
    await using shop = await openWorkshop(engine)
    for (let round = 0; round < 4; round++) {
      const { id } = await shop.cover({ serial_number: `SN-${round}` })
      const { data: claim } = await shop.claim(id)
      const path = `POST /api/v1/warranties/claims/${claim.id}`
      const answers = await Promise.all([
        shop.ask(`${path}/approve`, { resolution: 'Yes' }),
        shop.ask(`${path}/reject`, { reason: 'No' }),
        shop.ask(`${path}/withdraw`, {}),
      ])
      const { status } = await shop.made(`GET /api/v1/warranties/claims/${claim.id}`)
      assert.ok(['approved', 'rejected', 'withdrawn'].includes(status))
      // Withdrawing what was approved before is the one pair of which both succeed.
      assert.ok(count(answers, 200) === 1 || status === 'withdrawn')
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('a claim, a transfer, a void and an extension at once keep every rule', async () => {
    await using shop = await openWorkshop(engine)
    const heir = await shop.newCustomer()
    for (let round = 0; round < 4; round++) {
      const { id } = await shop.cover({ serial_number: `SN-${round}`, transferable: true })
      const path = `POST /api/v1/warranties/${id}`
      const answers = await Promise.all([
        shop.claim(id),
        shop.ask(`${path}/transfer`, { customer_id: heir }),
        shop.ask(`${path}/void`, { reason: 'x' }),
        shop.ask(`${path}/extend`, { additional_months: 1 }),
      ])
      for (const { status } of answers) assert.ok([200, 201, 409, 422].includes(status))
      const warranty = await shop.warranty(id)
      assert.ok(warranty.claimed_quantity === 0 || warranty.status === 'active')
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('of one serial number: many who cover it at once cover it once', async () => {
    await using shop = await openWorkshop(engine)
    const { product_id, customer_id } = shop
    const body = {
      product_id,
      customer_id,
      serial_number: 'SN-1',
      warranty_type: 'Maker',
      expiration_date: shop.at(100),
      terms: 'Faults.',
    }
    const answers = await crowd(6, () => shop.ask('POST /api/v1/warranties', body))
    assert.deepEqual([count(answers, 201), count(answers, 409)], [1, 5])
    assert.deepEqual(await shop.violations(), [])
  })
})
