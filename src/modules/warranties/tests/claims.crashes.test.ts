import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const headers = { 'idempotency-key': 'the-key-of-the-one-who-died' }

async function made(house: House, route: string, body?: object, more?: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body, more)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** A claim that was approved: its drill smokes. */
async function approvedClaim(house: House) {
  const drill = { name: 'A drill', sku: 'DRILL', price: '80.00' }
  const { id: product_id } = await made(house, 'POST /api/v1/products', drill)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made(house, 'POST /api/v1/customers', person)
  const { id: warranty_id } = await made(house, 'POST /api/v1/warranties', {
    product_id,
    customer_id,
    serial_number: 'SN-1',
    warranty_type: 'Manufacturer',
    expiration_date: new Date(Date.now() + YEAR_MS).toISOString(),
    terms: 'Faults of material.',
  })
  const claim = { warranty_id, customer_id, description: 'It smokes.' }
  const { id } = await made(house, 'POST /api/v1/warranties/claims', claim)
  const path = `/api/v1/warranties/claims/${id}`
  await made(house, `POST ${path}/approve`, { resolution: 'Accepted.' })
  return { path, warranty_id }
}

/** Where a remedy can be cut off, and what is given then: claim, coverage, and store credit. */
const STEPS: Record<string, { at: Moment; left: [string, string, string[]] }> = {
  'before the commit': { at: { commit: 1 }, left: ['approved', 'active', []] },
  'before the answer': { at: 'told', left: ['fulfilled', 'ended', ['20.00']] },
}

// Goal: whenever the server dies while a claim is settled by credit, claim, coverage and credit
// agree, and whoever asks again with that key has it settled, once.
onEveryEngine('a server that dies while it settles a warranty claim', (engine) => {
  const dying = deathsIn(engine, { prepare: approvedClaim })
  const body = { kind: 'credit', amount: '20.00', currency: 'USD' }

  for (const [step, { at, left }] of Object.entries(STEPS)) {
    const died = dying(at, ({ path }) => ({ route: `POST ${path}/remedies`, body, headers }))
    it(`${step}: credit is given once`, { timeout: 180_000 }, async () => {
      const { shop, url, settings } = await died()
      const { path, warranty_id } = shop
      await using house = await openHouse(engine, { at: url, settings })
      const standing = async () => {
        const { status } = await made(house, `GET ${path}`)
        const warranty = await made(house, `GET /api/v1/warranties/${warranty_id}`)
        const { items } = await made(house, 'GET /api/v1/store-credit')
        return [status, warranty.status, items.map(({ balance }: any) => balance)]
      }
      assert.deepEqual(await standing(), left, 'it died at another step')
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await letTimePass(engine, url)
      const again = await made(house, `POST ${path}/remedies`, body, { headers })
      assert.equal(again.remedy, 'credit')
      assert.deepEqual(await standing(), STEPS['before the answer']?.left)
      assert.deepEqual(await house.violations(), [])
    })
  }
})
