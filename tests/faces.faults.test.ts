import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, it } from 'node:test'
import { endDueSessions } from '#modules/agentic'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { goOn, SIGNED } from '../src/faces/shop/tests/shopping.ts'
import { keptOf } from '../src/modules/checkout/tests/hosted.ts'
import { available, movableClock, openShop } from '../src/modules/checkout/tests/shopping.ts'
import { doors, type Purchase } from './faces/doors.ts'
import { openPlatform, profileOf } from './ucp/platform.ts'

// Goal: whatever goes wrong while money moves, there is one order that is paid once, or neither.
// Method: each fault happens to a purchase through each face that takes money itself; the shop's
// books are compared before and after. Hosted pages have theirs in faces.test.ts.

const UNITS = 100
const CLICKS = 6

type Story = { purchase: Purchase; house: House; pass: (minutes: number) => void }
type Ends = 'bought' | 'not bought' | 'either'

/** What a server does from time to time, once and now. */
async function workGoesOn(house: House): Promise<void> {
  await endDueSessions(systemProcess(house.app))
  await goOn(house)
}

const faults: [string, (story: Story) => Promise<Ends>][] = [
  [
    'it is completed many times at once, by one key and by others',
    async ({ purchase }) => {
      const key = randomUUID()
      await Promise.all(
        Array.from({ length: CLICKS }, (_, nth) =>
          purchase.complete('pm_test_success', nth % 2 === 0 ? key : undefined),
        ),
      )
      return 'bought'
    },
  ],
  [
    'the webhook comes before the answer',
    async ({ purchase }) => {
      await purchase.complete('pm_test_webhook_before')
      return 'bought'
    },
  ],
  [
    'the webhook comes twice',
    async ({ purchase }) => {
      await purchase.complete('pm_test_webhook_twice')
      return 'bought'
    },
  ],
  [
    'the answer is lost after the charge, and somebody tries again',
    async ({ purchase, house, pass }) => {
      const key = randomUUID()
      await purchase.complete('pm_test_timeout_after_charge', key)
      await purchase.complete('pm_test_timeout_after_charge', key)
      await purchase.complete('pm_test_success')
      pass(5)
      await workGoesOn(house)
      return 'bought'
    },
  ],
  [
    'the provider is down, and comes back',
    async ({ purchase, house, pass }) => {
      await purchase.complete('pm_test_timeout_before_charge')
      pass(5)
      await workGoesOn(house)
      assert.equal(await purchase.isBought(), false)
      await purchase.complete('pm_test_success')
      return 'bought'
    },
  ],
  [
    'the provider is down for good',
    async ({ purchase, pass }) => {
      await purchase.complete('pm_test_timeout_before_charge')
      pass(75)
      return 'not bought'
    },
  ],
  [
    'its time is over while it is paid, and the answer is lost',
    async ({ purchase, pass }) => {
      await purchase.complete('pm_test_timeout_after_charge')
      pass(75)
      return 'either'
    },
  ],
  [
    'the payer never comes back from their bank',
    async ({ purchase, pass }) => {
      await purchase.complete('pm_test_3ds')
      pass(75)
      return 'not bought'
    },
  ],
]

onEveryEngine(
  'through every face that takes money: one order and one charge, or neither',
  (engine) => {
    const { clock, pass } = movableClock()
    let house: House
    let platform: Awaited<ReturnType<typeof openPlatform>>
    let profile_url: string
    before(async () => {
      platform = await openPlatform()
      profile_url = platform.publish('/profile', profileOf({}))
      const settings = { ...SIGNED, webhook_private_addresses: true }
      house = await openHouse(engine, { settings, clock })
      await openShop(house, { MUG: UNITS })
    })
    after(async () => {
      await house.close()
      await platform.close()
    })

    for (const [what, happens] of faults) {
      for (const [face, open] of Object.entries(doors)) {
        it(`${face}, when ${what}`, async () => {
          const sold = (await ordersOf(house)).length
          const purchase = await open({ house, profile_url })
          const ends = await happens({ purchase, house, pass })
          await workGoesOn(house)
          await workGoesOn(house)

          const isBought = await purchase.isBought()
          if (ends !== 'either') assert.equal(isBought, ends === 'bought')
          // A session that could not be paid holds its units a while longer, to be paid otherwise.
          pass(isBought ? 0 : 75)
          await workGoesOn(house)
          const orders = await ordersOf(house)
          assert.equal(orders.length, sold + (isBought ? 1 : 0))
          await assertPaidOnce(house, orders)
          assert.equal(await available(house, 'MUG'), UNITS - orders.length)
        })
      }
    }

    it('and all that must be true is true', async () => {
      assert.deepEqual(await house.violations(), [])
    })
  },
)

/** Orders that stand: one that nobody paid for is withdrawn, and all that it held is given back. */
async function ordersOf(house: House): Promise<any[]> {
  const { data } = await house.ask('GET /api/v1/orders?limit=100')
  return data.items.filter(({ status }: { status: string }) => status !== 'cancelled')
}

/** Every order is paid once, and nothing was kept beside them. */
async function assertPaidOnce(house: House, orders: readonly any[]): Promise<void> {
  const { data } = await house.ask('GET /api/v1/payments?limit=100')
  const ofOrder = Map.groupBy(data.items as any[], ({ order_id }) => order_id)
  for (const { id, total_amount, payment_status, order_number } of orders) {
    const charged = [Math.round(Number(total_amount) * 100)]
    const kept = keptOf({ payments: ofOrder.get(id) ?? [] })
    assert.deepEqual([payment_status, kept], ['paid', charged], order_number)
  }
  assert.equal(keptOf({ payments: data.items }).length, orders.length)
}
