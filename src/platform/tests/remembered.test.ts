import assert from 'node:assert/strict'
import { it } from 'node:test'
import { userEvents } from '#modules/access'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { remember, topicsByEvent } from '#platform/remembered'
import { eventually, onEveryEngine, openHouse, untilListening } from '#testing'

const START = Date.parse('2026-03-01T00:00:00.000Z')

/** A house that remembers one thing, which stands in the settings of this test. */
async function openMemory(engine: Parameters<typeof openHouse>[0]) {
  const clock = { ms: START }
  const house = await openHouse(engine, { clock: () => new Date(clock.ms) })
  await untilListening(house)
  const truth = { value: 'one', until: null as string | null, reads: 0 }
  const told = remember({
    topic: 'tests.told',
    forgotten_on: [userEvents.updated],
    key: (question: string) => question,
    read: async (_ctx, question) => {
      truth.reads++
      return { value: `${question} ${truth.value}`, until: truth.until }
    },
  })
  Object.assign(house.app, { forgotten: topicsByEvent([told]) })
  const ask = (question = 'what?') => readAsSystem(house.app, (ctx) => told(ctx, question))
  /** Changes it as a command does, which states an event. */
  const change = (value: string, within = async (_ctx: Context) => {}) =>
    transactAsSystem(house.app, async (ctx) => {
      truth.value = value
      emit(ctx, userEvents.updated({ user_id: ctx.newId('user'), members: [] } as never))
      await within(ctx)
    })
  return Object.assign(house, { clock, truth, told, askIt: ask, change })
}

onEveryEngine('what a process remembers of the database', (engine) => {
  it('is read once for each question, until an event says that it may have changed', async () => {
    await using house = await openMemory(engine)
    assert.deepEqual([await house.askIt(), await house.askIt()], ['what? one', 'what? one'])
    assert.equal(await house.askIt('who?'), 'who? one')
    assert.equal(house.truth.reads, 2)
    await house.change('two')
    assert.deepEqual([await house.askIt(), await house.askIt()], ['what? two', 'what? two'])
    const { truth } = house
    await eventually(async () => {
      const before = truth.reads
      assert.equal(await house.askIt(), 'what? two')
      return truth.reads === before
    })
  })

  it('is not used by the transaction that changes it, nor kept from there', async () => {
    await using house = await openMemory(engine)
    await house.askIt()
    await assert.rejects(
      house.change('two', async (ctx) => {
        assert.equal(await house.told(ctx, 'what?'), 'what? two')
        throw new Error('undone')
      }),
      /undone/,
    )
    house.truth.value = 'one'
    assert.equal(await house.askIt(), 'what? one')
  })

  it('ends at its instant, and is not there before it was read', async () => {
    await using house = await openMemory(engine)
    house.truth.until = '2026-03-01T00:00:10.000Z'
    await house.askIt()
    house.clock.ms = START + 9_999
    house.truth.value = 'two'
    assert.equal(await house.askIt(), 'what? one')
    house.clock.ms = START + 10_000
    assert.equal(await house.askIt(), 'what? two')
    house.clock.ms = START
    house.truth.value = 'one'
    assert.equal(await house.askIt(), 'what? one')
  })

  it('is not kept by who began to look before it changed', async () => {
    await using house = await openMemory(engine)
    await readAsSystem(house.app, async (ctx) => {
      const before = house.truth.value
      await house.change('two')
      house.truth.value = before
      assert.equal(await house.told(ctx, 'what?'), 'what? one')
      house.truth.value = 'two'
    })
    assert.equal(await house.askIt(), 'what? two')
  })
})
