import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { transactAsSystem } from '#platform/execute'
import { claimChains } from '#platform/outbox'
import { LEASE_MS, Relay } from '#platform/relay'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  addEffects,
  change,
  effects,
  leaveEffect,
  listen,
  statuses,
  testClock,
  thingEvents,
  until,
} from './effects.ts'

const THINGS = ['a', 'b', 'c', 'd', 'e']
const settings = { outbox_poll_interval_ms: 20, outbox_batch_size: 7, outbox_retries_max: 3 }

/** Runs `relays` until nothing is left to deliver. */
async function drain(house: House, relays = [new Relay(house.app)]): Promise<void> {
  for (const relay of relays) relay.start()
  await until(async () => {
    const { pending = 0, processing = 0 } = await statuses(house)
    return pending + processing === 0
  })
  for (const relay of relays) await relay.stop()
}

onEveryEngine('the relay', (engine) => {
  it('delivers every event once, each thing in the order of its history', async () => {
    await using house = await openHouse(engine, { settings })
    await addEffects(house)
    listen(house, leaveEffect('one'), leaveEffect('two'))
    await change(house, THINGS, 6)

    await drain(house)

    assert.deepEqual(await statuses(house), { delivered: 30 })
    const done = await effects(house)
    assert.equal(done.length, 60)
    for (const thing of THINGS) {
      const steps = done.filter(
        ({ thing_id, reaction }) => thing_id === thing && reaction === 'one',
      )
      assert.deepEqual(
        steps.map(({ step }) => step),
        [1, 2, 3, 4, 5, 6],
      )
    }
  })

  it('does each reaction once in effect, with two relays on one database', async () => {
    await using house = await openHouse(engine, { settings })
    await addEffects(house)
    listen(house, leaveEffect('one'), leaveEffect('two'))
    await change(house, THINGS, 10)

    await drain(house, [new Relay(house.app), new Relay(house.app)])

    const done = await effects(house)
    const distinct = new Set(done.map((row) => JSON.stringify(row)))
    assert.equal(distinct.size, 100)
    assert.equal(done.length, 100)
    for (const thing of THINGS) {
      const steps = done.filter(
        ({ thing_id, reaction }) => thing_id === thing && reaction === 'two',
      )
      assert.deepEqual(
        steps.map(({ step }) => step),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      )
    }
  })

  it('has nothing to do for events that no reaction waits for', async () => {
    await using house = await openHouse(engine, { settings })
    const woken: string[] = []
    house.app.wake = () => void woken.push('woken')

    await change(house, ['a'], 3)
    assert.deepEqual(await statuses(house), { delivered: 3 })
    assert.deepEqual(woken, [])

    listen(house, leaveEffect('one'))
    await change(house, ['a'], 1)
    assert.deepEqual(await statuses(house), { delivered: 3, pending: 1 })
    assert.deepEqual(woken, ['woken'])
    assert.deepEqual(await house.violations(), [])
  })

  it('delivers what waits for a reaction that is no longer there', async () => {
    await using house = await openHouse(engine, { settings })
    listen(house, leaveEffect('one'))
    await change(house, THINGS, 4)
    ;(house.app.reactions.later as Map<string, unknown>).delete(thingEvents.changed.type)

    await drain(house)

    assert.deepEqual(await statuses(house), { delivered: 20 })
  })

  it('undoes what a failed reaction did, tries again later, and then goes on with that thing', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    await addEffects(house)
    let failures = 0
    const failing = leaveEffect('two', async (ctx, { thing_id, step }) => {
      await sql`insert into effects values (0, ${thing_id}, ${step}, 'half done')`.execute(
        ctx.session.kysely,
      )
      if (thing_id === 'a' && step === 1 && failures++ < 2)
        throw new Error('the mail server is away')
    })
    listen(house, leaveEffect('one'), failing)
    await change(house, ['a', 'b'], 3)

    const relay = new Relay(house.app)
    relay.start()
    await until(async () => (await statuses(house)).delivered === 3)
    assert.deepEqual(await statuses(house), { delivered: 3, pending: 3 })
    const { data } = await house.ask('GET /api/v1/admin/outbox?limit=1&page=3')
    assert.equal(data.items[0].error_message, 'two: the mail server is away')
    assert.equal(data.items[0].attempts, 1)

    await until(async () => {
      clock.forward(2_000)
      return (await statuses(house)).delivered === 6
    })
    await relay.stop()
    const done = await effects(house)
    const ofA = done.filter(({ thing_id, reaction }) => thing_id === 'a' && reaction === 'two')
    assert.deepEqual(
      ofA.map(({ step }) => step),
      [1, 2, 3],
    )
    assert.equal(done.filter(({ reaction }) => reaction === 'half done').length, 6)
    assert.equal(done.filter(({ reaction }) => reaction === 'one').length, 6)
  })

  it('gives up after the last try; an operator sees the dead letter, mends and retries it', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    await addEffects(house)
    let broken = true
    listen(
      house,
      leaveEffect('one', async () => {
        if (broken) throw new Error('no such template')
      }),
    )
    await change(house, ['a'], 1)
    const relay = new Relay(house.app)
    house.app.wake = () => relay.wake()
    relay.start()
    await until(async () => {
      clock.forward(10_000)
      return (await statuses(house)).failed === 1
    })

    const list = await house.ask('GET /api/v1/admin/outbox?status=failed')
    const [dead] = list.data.items
    assert.equal(list.data.total, 1)
    assert.equal(dead.attempts, 3)
    assert.equal(dead.event_type, 'thing.changed')
    assert.equal(dead.aggregate_id, 'a')
    assert.equal(dead.error_message, 'one: no such template')

    broken = false
    const retried = await house.ask(`POST /api/v1/admin/outbox/${dead.id}/retry`)
    assert.equal(retried.status, 200)
    assert.equal(retried.data.ok, true)
    assert.equal(retried.data.status, 'pending')
    await until(async () => (await statuses(house)).delivered === 1)
    assert.equal((await effects(house)).length, 1)

    const again = await house.ask(`POST /api/v1/admin/outbox/${dead.id}/retry`)
    assert.equal(again.status, 409)
    assert.equal(again.error.code, 'OUTBOX_EVENT_CANNOT_RETRY')
    await relay.stop()
  })

  it('forgets a discarded dead letter but not the event', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    listen(
      house,
      leaveEffect('one', async () => {
        throw new Error('never')
      }),
    )
    await change(house, ['a'], 2)
    const relay = new Relay(house.app)
    relay.start()
    await until(async () => {
      clock.forward(10_000)
      return (await statuses(house)).failed === 2
    })
    await relay.stop()
    const { data } = await house.ask('GET /api/v1/admin/outbox')
    const [second, first] = data.items

    assert.equal((await house.ask(`DELETE /api/v1/admin/outbox/${first.id}`)).status, 204)
    assert.equal((await house.ask(`DELETE /api/v1/admin/outbox/${first.id}`)).status, 409)

    const left = await house.ask('GET /api/v1/admin/outbox')
    assert.deepEqual(
      left.data.items.map(({ id }: { id: string }) => id),
      [second.id],
    )
    assert.equal((await house.ask(`GET /api/v1/admin/outbox/${first.id}`)).data.status, 'discarded')
    const trail = await house.ask('GET /api/v1/admin/events?aggregate_id=a')
    assert.deepEqual(
      trail.data.items.map(({ sequence }: { sequence: number }) => sequence),
      [2, 1],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('takes up what a crashed relay held once its lease is over, and does not do it twice', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    await addEffects(house)
    let calls = 0
    listen(
      house,
      leaveEffect('one'),
      leaveEffect('two', async () => void calls++),
    )
    await change(house, ['a', 'b'], 2)
    // A relay that claims, does the first reaction of the first event, and dies.
    await transactAsSystem(house.app, async (ctx) => {
      const lease = new Date(Date.parse(ctx.now) + LEASE_MS).toISOString()
      const chains = await claimChains(ctx, { lease, limit: 10 })
      assert.deepEqual(
        chains.map((chain) => chain.length),
        [2, 2],
      )
      const [event] = chains.flat().filter(({ entity_id }) => entity_id === 'a')
      await sql`insert into event_reactions values (${event?.id}, 'one', ${ctx.now})`.execute(
        ctx.session.kysely,
      )
    })
    await change(house, ['a'], 1)

    const relay = new Relay(house.app)
    relay.start()
    await new Promise((next) => setTimeout(next, 150))
    assert.deepEqual(await effects(house), [], 'what another relay holds is not touched')

    clock.forward(LEASE_MS)
    await until(async () => (await statuses(house)).delivered === 5)
    await relay.stop()
    const done = await effects(house)
    assert.equal(done.filter(({ reaction }) => reaction === 'one').length, 4)
    assert.equal(calls, 5)
  })

  it('does not go on with an event that killed its process at every try', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    await addEffects(house)
    listen(house, leaveEffect('one'))
    await change(house, ['a'], 1)
    for (let death = 1; death <= 3; death++) {
      await transactAsSystem(house.app, async (ctx) => {
        const lease = new Date(Date.parse(ctx.now) + LEASE_MS).toISOString()
        assert.equal((await claimChains(ctx, { lease, limit: 10 })).length, 1)
      })
      clock.forward(LEASE_MS + 1)
    }

    await drain(house)

    assert.deepEqual(await statuses(house), { failed: 1 })
    assert.deepEqual(await effects(house), [])
  })

  it('finishes the reaction that runs and gives the rest back when it stops', async () => {
    await using house = await openHouse(engine, { settings })
    await addEffects(house)
    let release = () => {}
    const held = new Promise<void>((next) => {
      release = next
    })
    let begun = 0
    listen(
      house,
      leaveEffect('one', async () => {
        begun++
        await held
      }),
    )
    await change(house, ['a'], 5)
    const relay = new Relay(house.app)
    relay.start()
    await until(() => begun === 1)

    const stopped = relay.stop()
    release()
    await stopped

    assert.deepEqual(await statuses(house), { delivered: 1, pending: 4 })
    assert.equal((await effects(house)).length, 1)
    const { data } = await house.ask('GET /api/v1/admin/outbox')
    assert.deepEqual(
      data.items.map(({ attempts }: { attempts: number }) => attempts),
      [0, 0, 0, 0],
    )
  })
})
