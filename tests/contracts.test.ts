import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { openApiDocument } from '#faces/rest/openapi/document'
import { modules } from '#modules'
import type { Operation } from '#platform/operations'
import { onEveryEngine, openHouse, someoneWho } from '#testing'
import { requestOf } from './requests.ts'

const operations = modules.flatMap((module) => module.operations)
type Told = { operationId: string; summary: string; parameters?: object[]; responses: object }
type Document = { paths: Record<string, Record<string, Told>> }

/** Runs `find` on every operation and wants nothing found. */
async function noOperation(find: (operation: Operation) => unknown): Promise<void> {
  const found: string[] = []
  for (const operation of operations) {
    const problem = await find(operation)
    if (problem) found.push(`${operation.name}: ${problem}`)
  }
  assert.deepEqual(found, [])
}

describe('every operation', () => {
  it('has a name of its own, of its module', async () => {
    const names = operations.map(({ name }) => name)
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted())
    for (const module of modules) {
      // The machinery's own operations are the administrator's (operations API, endpoints/admin).
      const prefix = module.name === 'platform' ? 'admin' : module.name
      for (const { name } of module.operations) {
        assert.match(name, new RegExp(`^${prefix}\\.[a-z][a-z_]*$`))
      }
    }
  })

  it('says in a line what it does, and which refusals to expect', () =>
    noOperation(({ summary, errors = [] }) => {
      if (!/^[A-Z][^\n]{4,79}[^.\n]$/.test(summary)) return `the summary «${summary}»`
      const codes = errors.map(({ spec }) => spec.code)
      return codes.length !== new Set(codes).size && 'an error is listed twice'
    }))

  it('names its path members in its input', () =>
    noOperation(({ rest, aliases = [], input }) =>
      [rest, ...aliases]
        .flatMap((route) => [...route.matchAll(/:(\w+)/g)].map(([, name]) => name as string))
        .filter((name) => !(name in input.properties))
        .join(),
    ))

  it('has an example that its own schema takes', () =>
    noOperation(({ example, parse }) => {
      if (!example) return 'there is none'
      try {
        parse(example)
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    }))

  it('answers 204 if, and only if, it answers nothing', () =>
    noOperation(({ status, output }) => {
      const nothing =
        (output as { type?: string }).type === 'undefined' || !Object.keys(output).length
      return (status === 204) !== nothing && `status ${status}`
    }))
})

describe('the OpenAPI document', () => {
  const document = openApiDocument({ modules, version: '0.0.0' }) as unknown as Document

  it('is valid, says a validator that is not ours', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never)
    assert.deepEqual({ valid, errors }, { valid: true, errors: undefined })
  })

  it('has every operation under its path and its aliases', () =>
    noOperation(({ rest, aliases = [], summary }) => {
      for (const route of [rest, ...aliases]) {
        const [method = '', url = ''] = route.split(' ')
        const shape = url.replace(/:\w+/g, '{}')
        const path = Object.keys(document.paths).find(
          (known) => known.replace(/\{\w+\}/g, '{}') === shape,
        )
        const told = path && document.paths[path]?.[method.toLowerCase()]
        if (!told || told.summary !== summary) return `${route} is not in it`
      }
      return undefined
    }))

  it('gives each of them an id of its own, and points at nothing that is not there', () => {
    const told = Object.values(document.paths).flatMap((path) => Object.values(path))
    const ids = told.map(({ operationId }) => operationId)
    assert.equal(new Set(ids).size, ids.length)
    const text = JSON.stringify(document)
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer
        .split('/')
        .reduce<unknown>((at, name) => (at as never)?.[name], document)
      assert.ok(found, pointer)
    }
  })
})

onEveryEngine('every operation over HTTP', (engine) => {
  it('refuses who shows no credentials, and who lacks its permission', async () => {
    await using house = await openHouse(engine)
    await noOperation(async (operation) => {
      const { route, body } = requestOf(operation)
      const { permission } = operation
      const nobody = await house.send(route, { body, as: 'nobody' })
      const wrongKey = await house.send(route, {
        body,
        as: 'nobody',
        headers: { 'x-api-key': 'sk_no' },
      })
      if (wrongKey.status !== 401) return `${wrongKey.status} with a wrong key`
      if (permission === 'public') return undefined
      if (nobody.status !== 401) return `${nobody.status} without credentials`
      if (permission === 'signed_in') return undefined
      const { status, body: told } = await house.send(route, {
        body,
        as: someoneWho('other:thing'),
      })
      if (status !== 403) return `${status} without the permission`
      return told.error.code !== 'AUTH_INSUFFICIENT_PERMISSIONS' && told.error.code
    })
  })

  it('takes its example without a fault, under its aliases too', async () => {
    await using house = await openHouse(engine)
    await noOperation(async (operation) => {
      for (const nth of [0, ...(operation.aliases ?? []).keys()].keys()) {
        const { route, body } = requestOf(operation, { nth })
        const answer = await house.send(route, { body })
        if (answer.status >= 500) return `${answer.status} ${route}: ${JSON.stringify(answer.body)}`
        const { code, message, details } = answer.body.error ?? {}
        const aboutInput =
          code === 'VALIDATION_FAILED' && details.field in operation.input.properties
        if (aboutInput) return `${route}: ${message}`
        if (code === 'ROUTE_NOT_FOUND') return `${route} is not served`
      }
      return undefined
    })
  })

  it('answers an Idempotency-Key again byte by byte, and refuses it for anything else', async () => {
    await using house = await openHouse(engine)
    await noOperation(async (operation) => {
      if (operation.kind === 'query') return undefined
      const { route, body } = requestOf(operation)
      const send = (sent: unknown, to = route) =>
        house.http.inject({
          method: to.split(' ')[0] as 'POST',
          url: to.split(' ')[1] as string,
          headers: { 'x-api-key': house.adminKey, 'idempotency-key': key },
          ...(sent !== undefined && { payload: sent as object }),
        })
      const key = randomUUID()
      const first = await send(body)
      const again = await send(body)
      if (first.statusCode >= 500) return `${first.statusCode}: ${first.body}`
      if (again.statusCode !== first.statusCode)
        return `${first.statusCode}, then ${again.statusCode}`
      if (again.body !== first.body) return `other bytes: ${first.body} and ${again.body}`
      if (again.headers['idempotent-replayed'] !== 'true') return 'not marked as a replay'
      const other =
        body === undefined
          ? await send(undefined, `${route}?other=1`)
          : await send({ ...body, other: 1 })
      return other.statusCode !== 422 && `${other.statusCode} for another request with its key`
    })
  })
})
