import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startBackground } from '#platform/background'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { openShop, pay, place } from '../../../../tests/races/shop.ts'
import { openCatcher, untilMails } from './catcher.ts'

/** A mail server that lives on, and the settings of every process that sends by it. */
async function openPost() {
  const catcher = await openCatcher()
  const settings = { smtp_url: catcher.url, mail_from: 'Harbour <orders@shop.example>' }
  return { catcher, settings, [Symbol.asyncDispose]: () => catcher[Symbol.asyncDispose]() }
}

/** Where sending can be cut off: it is asked for, its job is taken up, it is sent, it is noted. */
const STEPS: Record<string, { at: Moment; sent: number }> = {
  'before its job is taken up': { at: { commit: 2 }, sent: 1 },
  'when the server has it, before that is noted': { at: { commit: 3 }, sent: 2 },
}

// Goal: a mail is sent at least once, whenever the server dies: it is never lost, and one that
// comes twice is seen to be one by its Message-ID.
onEveryEngine('a server that dies while it sends a mail', (engine) => {
  const dying = deathsIn(engine, {
    beside: openPost,
    // A house without a mail server keeps the mail that it would have sent.
    async prepare(house) {
      const shop = await openShop(house, { MUG: 5 })
      const background = startBackground(house.app)
      await pay(house, await place(shop, 'MUG'))
      const [mail] = await untilMails(house, 'status=kept')
      await background.stop()
      return { id: mail.id as string }
    },
  })

  for (const [step, { at, sent }] of Object.entries(STEPS)) {
    const send = (id: string) => ({ route: `POST /api/v1/notifications/${id}/send` })
    const died = dying(at, ({ id }) => [send(id), { jobs: true }])
    it(`${step}: it arrives`, { timeout: 180_000 }, async () => {
      const { shop, beside, url, settings } = await died()
      const { catcher } = beside
      assert.equal(catcher.mails.length, sent - 1, 'it died at another step')
      await letTimePass(engine, url)
      const eager = { ...settings, outbox_poll_interval_ms: 20 }
      await using house = await openHouse(engine, { at: url, settings: eager, background: true })
      const [mail] = await untilMails(house, 'status=sent')
      assert.equal(mail.id, shop.id)
      assert.equal(catcher.mails.length, sent)
      assert.deepEqual(new Set(catcher.seen), new Set([`<${shop.id}@shop.example>`]))
      assert.deepEqual(await house.violations(), [])
    })
  }
})
