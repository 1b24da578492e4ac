import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Type } from 'typebox'
import { checker } from '#kit/checker'

const said = (schema: Parameters<typeof checker>[0], value: unknown) =>
  checker(schema).Errors(value)[0]?.message

it('a value that is none of a list is told the list', () => {
  const state = Type.Enum(['open', 'closed'])
  assert.equal(said(state, 'ajar'), 'must be one of open, closed')
  assert.equal(said(Type.Union([Type.Null(), state]), 'ajar'), 'must be one of open, closed')
  const literals = Type.Union([Type.Literal('a'), Type.Literal('b')])
  assert.equal(said(literals, 'c'), 'must be one of a, b')
  assert.equal(said(Type.Literal('only'), 'other'), 'must be only')
})

it('a value that may be null is told what else it may be', () => {
  assert.equal(said(Type.Union([Type.Null(), Type.String()]), 5), 'must be string')
  assert.equal(said(Type.Union([Type.String(), Type.Null()]), 5), 'must be string')
  assert.equal(said(Type.Null(), 5), 'must be null')
})

it('a format is told in words', () => {
  assert.equal(said(Type.String({ format: 'uuid' }), 'x'), 'must be a UUID')
})
