import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { TSchema } from 'typebox'
import { inputReader } from '#faces/rest/input'
import { modules } from '#modules'
import type { Operation } from '#platform/operations'
import { type House, onEveryEngine, openHouse } from '#testing'
import { badTexts, badValues } from './bad-values.ts'
import { fingerprint, watchCommits } from './fingerprints.ts'
import { furnish, realExample, type Things } from './furnish.ts'
import { type Input, inPath, isText, membersOf, requestOf } from './requests.ts'

// Goal: no input, however absurd, gets more than a 4xx with a code and the field, and no refusal
// changes a row.
// Method: each operation's example, in a shop where the things it names exist, with one member at a
// time replaced by everything that has ever broken a program. What the schema refuses must be 400
// and name the member; what it takes may be done, or refused by a rule, but never be a fault.
// Around each refusal all tables are compared.

const operations = modules.flatMap((module) => module.operations)

type Attempt = {
  route: string
  payload: string | undefined
  member: string
  shown: string
  /** Whether the schema itself refuses it. */
  refused: boolean
  /** Whether the operation must refuse it, whatever the schema says. */
  absurd?: boolean
}

const attemptsOf = (operation: Operation, example: Input): Attempt[] =>
  membersOf(operation).flatMap(([member, schema]) =>
    isText(operation, member)
      ? textAttempts(operation, example, member)
      : bodyAttempts(operation, example, { member, schema }),
  )

function textAttempts(operation: Operation, example: Input, member: string): Attempt[] {
  const read = inputReader(operation, 'GET')
  // A path loses empty members and dots before it reaches anybody.
  const texts = badTexts().filter((text) => !inPath(operation, member) || !/^\.*$/.test(text))
  return texts.map((text) => {
    const { route, body } = requestOf(operation, { input: { ...example, [member]: text } })
    const value = read({}, { [member]: text }, undefined)[member]
    return {
      route,
      payload: body && JSON.stringify(body),
      member,
      shown: JSON.stringify(text.slice(0, 40)),
      refused: refuses(operation, { ...example, [member]: value }),
      absurd: isNoDate(member, text),
    }
  })
}

type Member = { member: string; schema: TSchema }

function bodyAttempts(operation: Operation, example: Input, { member, schema }: Member): Attempt[] {
  const { route, body = {} } = requestOf(operation, { input: example })
  const { [member]: _, ...rest } = body
  const { [member]: __, ...without } = example
  const others = Object.entries(rest).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  )
  const attempts = badValues(schema).map((text) => ({
    route,
    payload: `{${[...others, `${JSON.stringify(member)}:${text}`].join()}}`,
    member,
    shown: text.slice(0, 60),
    refused: refuses(operation, { ...example, [member]: JSON.parse(text) }),
  }))
  const missing = {
    route,
    payload: `{${others.join()}}`,
    member,
    shown: 'missing',
    refused: refuses(operation, without),
  }
  return [...attempts, missing]
}

function refuses(operation: Operation, input: Input): boolean {
  try {
    operation.parse(input)
    return false
  } catch {
    return true
  }
}

/** Days and instants are asked for as text, and engines read the strangest things as a date. */
const isNoDate = (member: string, text: string): boolean =>
  /(_at|_date)$|^(from|to|since|until)$/.test(member) && !/^\d{4}-\d\d-\d\d(T|$)/.test(text)

async function ask(house: House, attempt: Attempt): Promise<{ status: number; problem?: string }> {
  const { route, payload } = attempt
  const [method, url] = route.split(' ') as ['POST', string]
  const { statusCode: status, body } = await house.http.inject({
    method,
    url,
    headers: { 'x-api-key': house.adminKey, 'content-type': 'application/json' },
    ...(payload !== undefined && { payload }),
  })
  const problem = problemOf(attempt, status, body)
  return problem ? { status, problem: `${problem} ${body.slice(0, 300)}` } : { status }
}

type Told = { code: string; message: string; status: number; details: Details }
type Details = { field?: string; problems?: { field: string }[] }

function problemOf(attempt: Attempt, status: number, body: string): string | undefined {
  const { member, refused, absurd } = attempt
  if (status >= 500) return 'a fault'
  if (status < 400) return refused || absurd ? `is taken (${status})` : undefined
  const { error } = JSON.parse(body) as { error?: Told }
  if (!error?.code || !error.message || error.status !== status) return 'not the settled error'
  if (error.code === 'VALIDATION_FAILED' && !error.details.field) return 'names no field'
  if (!refused || status === 414) return undefined
  if (status !== 400) return `${status} instead of 400`
  const { field = '', problems = [{ field }] } = error.details
  const named = problems.some((problem) => problem.field.split('.')[0] === member)
  return named ? undefined : `does not name ${member}`
}

/**
 * One of so many attempts is made: comparing all tables takes long, on PostgreSQL most of all.
 * `TEST_ONE_OF=1` makes them all.
 */
const ONE_OF = {
  sqlite: Number(process.env.TEST_ONE_OF ?? 23),
  postgres: Number(process.env.TEST_ONE_OF ?? 127),
}
/** So many operations share one shop, because furnishing it takes longer than asking them. */
const OPERATIONS_A_SHOP = { sqlite: 40, postgres: 80 }

onEveryEngine('any bad input', (engine) => {
  it('is a 4xx with a code, and changes nothing', { timeout: 1_500_000 }, async () => {
    await using house = await openHouse(engine)
    const commits = await watchCommits(house.database)
    const found: string[] = []
    let attempts = 0
    let things: Things = {}
    for (const [nth, operation] of operations.entries()) {
      if (nth % OPERATIONS_A_SHOP[engine] === 0) things = await furnish(house, nth)
      const example = realExample(operation, things)
      let known: string | undefined
      for (const attempt of attemptsOf(operation, example)) {
        if (++attempts % ONE_OF[engine] !== 0) continue
        known ??= await fingerprint(house.database)
        commits.happened()
        const { status, problem } = await ask(house, attempt)
        const what = `${operation.name} ${attempt.member} = ${attempt.shown}`
        if (problem) found.push(`${what}: ${problem}`)
        for (const wrong of house.undocumented()) found.push(`${what}: ${wrong}`)
        if (!commits.happened()) continue
        const after = await fingerprint(house.database)
        if (status >= 400 && after !== known) found.push(`${what}: ${status}, but rows changed`)
        known = after
      }
    }
    commits.close()
    assert.ok(attempts > 1000)
    assert.deepEqual(found, [])
    assert.deepEqual(await house.violations(), [])
  })
})

onEveryEngine('any broken body', (engine) => {
  const DEEP = `{"a":${'['.repeat(40)}${']'.repeat(40)}}`
  const BROKEN: [body: string | Buffer, type: string, status: number, code: string][] = [
    ['{', 'application/json', 400, 'JSON_INVALID'],
    [DEEP, 'application/json', 400, 'JSON_TOO_DEEP'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', 400, 'BODY_NOT_UTF8'],
    ['{"a":"\\u0000"}', 'application/json', 400, 'VALIDATION_FAILED'],
    ['[]', 'application/json', 400, 'VALIDATION_FAILED'],
    ['<a/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ]

  it('is refused by every operation that takes one', async () => {
    await using house = await openHouse(engine)
    const before = await fingerprint(house.database)
    const found: string[] = []
    for (const operation of operations) {
      const { route } = requestOf(operation)
      const [method, url] = route.split(' ') as ['POST', string]
      if ((method as string) === 'GET') continue
      for (const [payload, type, status, code] of BROKEN) {
        const headers = { 'x-api-key': house.adminKey, 'content-type': type }
        const answer = await house.http.inject({ method, url, headers, payload })
        const { error } = answer.json()
        if (answer.statusCode !== status || error?.code !== code) {
          found.push(
            `${operation.name} ${payload.slice(0, 20)}: ${answer.statusCode} ${error?.code}`,
          )
        }
      }
    }
    assert.deepEqual(found, [])
    assert.equal(await fingerprint(house.database), before)
  })

  it('or a wrong method is 405 on every path, and says which are right', async () => {
    await using house = await openHouse(engine)
    for (const operation of operations) {
      const [, url] = requestOf(operation).route.split(' ') as ['POST', string]
      const { statusCode, headers } = await house.http.inject({ method: 'TRACE' as 'GET', url })
      assert.equal(statusCode, 405, operation.name)
      assert.match(String(headers.allow), /GET|POST|PUT|PATCH|DELETE/)
    }
  })
})
