import assert from 'node:assert/strict'
import { it } from 'node:test'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { type Operation, query } from '#platform/operations'
import { watchAnswers } from './documented-answers.ts'

it('an answer with a missing, wrong or undeclared member is found', async () => {
  const things = query('things.get', {
    rest: 'GET /things',
    permission: 'public',
    summary: 'Read things',
    input: Type.Object({}),
    output: Type.Object({
      items: Type.Array(Type.Object({ id: Type.String(), facts: Type.Object({}) })),
    }),
    run: async () => ({ items: [] }),
  }) as Operation
  const http = Fastify()
  let data: unknown
  http.get('/things', { config: { operation: 'things.get' } }, async () => ({ data }))
  const wrong = watchAnswers(http, [things])
  const judge = async (answer: unknown) => {
    data = answer
    await http.inject('/things')
    return wrong().length
  }
  assert.equal(await judge({ items: [{ id: 'a', facts: { any: 1 } }] }), 0)
  assert.ok(await judge({ items: [{ id: 'a' }] }))
  assert.ok(await judge({ items: [{ id: 1, facts: {} }] }))
  assert.ok(await judge({ items: [{ id: 'a', facts: {}, secret: 'x' }] }))
  assert.ok(await judge({ items: [], total: 0 }))
  await http.close()
})
