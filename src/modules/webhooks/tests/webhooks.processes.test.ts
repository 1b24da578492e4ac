import assert from 'node:assert/strict'
import { it } from 'node:test'
import { changesOf } from '#platform/changes'
import type { Database } from '#platform/database/database'
import { onEveryEngine, openHouse, untilListening } from '#testing'
import { activeOf, activeWebhooks } from '../active.ts'
import { openPostOffice } from './post-office.ts'

// A process remembers that nobody is subscribed and then asks the database nothing. What is proven
// here is that it never remembers so past the moment at which another process has a subscriber.

const ROUNDS = 8

onEveryEngine('webhooks that another process subscribed', (engine) => {
  it('lose no event to a process that knew of nobody', async () => {
    // Who subscribes sends nothing itself: all that arrives was sent by the one that must hear.
    await using desk = await openPostOffice(engine, { background: false })
    const sender = await openPostOffice(engine, { at: desk.url })
    try {
      await untilListening(sender)
      const wanted = new Set<string>()
      for (let nth = 0; nth < ROUNDS; nth++) {
        await sender.eventually(async () => !(await activeOf(sender.app)).any)
        // Others go on all the while: what happens before the subscription need not come.
        const others = Array.from({ length: 3 }, () => sender.addCustomer('before'))
        const { id } = await desk.subscribe(['customer.created'])
        const at_once = [await desk.addCustomer(), await sender.addCustomer()]
        await Promise.all(others)
        for (const customer of at_once) wanted.add(customer.id)
        const came = () => new Set(desk.receiver.got.map(({ body }) => body.entity.id))
        await desk.receiver.until(() => at_once.every((customer) => came().has(customer.id)))
        // Paused and resumed is the same once more, without a new row.
        const move = (verb: string) => desk.ask(`POST /api/v1/webhooks/${id}/${verb}`, {})
        assert.equal((await move('pause')).status, 200)
        await sender.eventually(async () => !(await activeOf(sender.app)).any)
        const meanwhile = await desk.addCustomer('meanwhile')
        assert.equal((await move('resume')).status, 200)
        wanted.add(meanwhile.id)
        await desk.receiver.until(() => came().has(meanwhile.id))
        await desk.ask(`DELETE /api/v1/webhooks/${id}`)
      }
      const came = desk.receiver.got.map(({ body }) => body.entity.id)
      assert.deepEqual(
        [...wanted].filter((id) => !came.includes(id)),
        [],
      )
      assert.equal(new Set(came).size, came.length, 'and none comes twice')
      assert.deepEqual(await desk.violations(), [])
    } finally {
      await sender.close()
    }
  })

  it('are not forgotten because a look was under way when they came', async () => {
    let held: Promise<void> | undefined
    let hold: (() => void) | undefined
    /** What was read is old by the time that it is heard of. */
    const slow = (database: Database): Database =>
      Object.assign(Object.create(database), {
        read: (async (...asked: Parameters<Database['read']>) => {
          const value = await database.read(...asked)
          await held
          return value
        }) as Database['read'],
      })
    await using desk = await openPostOffice(engine, { background: false })
    const looker = await openHouse(engine, { at: desk.url, wrap: slow })
    try {
      await untilListening(looker)
      const mark = () => changesOf(looker.app.database).mark(activeWebhooks.topic)
      held = new Promise((go) => {
        hold = go
      })
      const looking = activeOf(looker.app)
      const before = mark()
      await desk.subscribe(['customer.*'])
      await desk.eventually(async () => mark() !== before)
      hold?.()
      held = undefined
      await looking
      assert.deepEqual(await activeOf(looker.app), { any: true, subscribed: true })
    } finally {
      await looker.close()
    }
  })
})
