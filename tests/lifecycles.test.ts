import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { modules } from '../src/modules.ts'

const lifecycles = modules.flatMap((module) => module.lifecycles ?? [])

it('every thing has one lifecycle', () => {
  const things = lifecycles.map(({ thing }) => thing)
  assert.deepEqual(things, [...new Set(things)])
})

for (const { thing, states, meanings, moves } of lifecycles) {
  describe(`the lifecycle of a ${thing}`, () => {
    it('names only states that exist, each with a sentence', () => {
      for (const { from, to } of Object.values(moves)) {
        for (const state of [...from, to]) assert.ok(states.includes(state), state)
      }
      for (const state of states) assert.match(meanings[state] ?? '', /^[A-Z].*\.$/s, state)
      for (const [move, { when }] of Object.entries(moves)) assert.match(when, /^[A-Z].*\.$/s, move)
    })

    it('reaches every state from the first', () => {
      const reached = new Set(states.slice(0, 1))
      for (const _ of states) {
        for (const { from, to } of Object.values(moves)) {
          if (from.some((state) => reached.has(state))) reached.add(to)
        }
      }
      assert.deepEqual(
        states.filter((state) => !reached.has(state)),
        [],
      )
    })

    it('knows one move at most from one state to another, so that a target names its move', () => {
      const paths = Object.values(moves).flatMap(({ from, to }) =>
        from.map((at) => `${at} → ${to}`),
      )
      assert.deepEqual(
        paths.filter((path, nth) => paths.indexOf(path) !== nth),
        [],
      )
    })
  })
}
