import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { openShop, pay, place } from '../../../../tests/races/shop.ts'
import { openPage, payer, SIGNED } from '../../checkout/tests/hosted.ts'
import { newGuest, openShop as openCarts } from '../../checkout/tests/shopping.ts'
import { untilMails } from './catcher.ts'

const DAY_MS = 86_400_000

onEveryEngine('occasions of mails', (engine) => {
  it('outlive the process in which they came about, and are told while they are news', async () => {
    const long_ago = new Date(Date.now() - 8 * DAY_MS)
    let now: Date | undefined = long_ago
    await using first = await openHouse(engine, { clock: () => now ?? new Date() })
    const shop = await openShop(first, { MUG: 5 })
    await pay(first, await place(shop, 'MUG', 1))
    now = undefined
    const order = await place(shop, 'MUG', 1)
    await pay(first, order)

    // Another process on the same database does what the first one never came to.
    await using second = await openHouse(engine, { at: first.url, background: true })
    const mails = await untilMails(second, 'status=kept')
    assert.deepEqual(
      mails.map(({ kind, order_id }) => [kind, order_id]),
      [['order_confirmed', order.id]],
    )
    assert.deepEqual(await second.violations(), [])
  })

  it('are a payer who failed before there was an order, told once a checkout', async () => {
    await using house = await openHouse(engine, { ...SIGNED, background: true })
    await openCarts(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 })
    const page = await openPage(guest, { email: 'ada@example.com' })
    await payer(house, page).fails()
    await payer(house, page).fails()

    const [mail, ...more] = await untilMails(house, 'kind=checkout_payment_failed')
    assert.deepEqual(more, [])
    assert.equal(mail.to, 'ada@example.com')
    const { data } = await house.ask(`GET /api/v1/notifications/${mail.id}`)
    assert.match(data.text, /payment of \$\d+\.\d\d did not go through/)
    assert.deepEqual(await house.violations(), [])
  })
})
