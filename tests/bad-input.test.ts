import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { TSchema } from 'typebox'
import { modules } from '#modules'
import type { Operation } from '#platform/operations'
import { type House, onEveryEngine, openHouse } from '#testing'
import { badTexts, badValues } from './bad-values.ts'
import { fingerprint, watchCommits } from './fingerprints.ts'
import { furnish, realExample } from './furnish.ts'
import { type Input, inPath, isText, membersOf, requestOf } from './requests.ts'

// Goal: no input, however absurd, gets more than a 4xx with a code and the field, and a refusal
// changes no row.
// Method: each operation's example, with one member at a time replaced by everything that has ever
// broken a program. What the schema refuses must be 400 and name the member; what it takes may be
// done or refused by a rule, but never be a fault. Around each refusal all tables are compared.

const operations = modules.flatMap((module) => module.operations)
type Attempt = { route: string; payload: string | undefined; member: string; shown: string }

function attemptsOf(operation: Operation, example: Input): Attempt[] {
  return membersOf(operation).flatMap(([member, schema]) =>
    isText(operation, member)
      ? textAttempts(operation, { member, example })
      : bodyAttempts(operation, { member, example, schema }),
  )
}

function textAttempts(
  operation: Operation,
  { member, example }: { member: string; example: Input },
) {
  const texts = badTexts().filter((text) => !inPath(operation, member) || !/^\.*$/.test(text))
  return texts.map((text) => {
    const { route, body } = requestOf(operation, { input: { ...example, [member]: text } })
    return {
      route,
      payload: body && JSON.stringify(body),
      member,
      shown: JSON.stringify(text.slice(0, 40)),
    }
  })
}

type BodyMember = { member: string; example: Input; schema: TSchema }

function bodyAttempts(operation: Operation, { member, example, schema }: BodyMember): Attempt[] {
  const { route, body = {} } = requestOf(operation, { input: example })
  const rest = Object.entries(body).filter(([name]) => name !== member)
  const others = rest.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const bodyWith = (value: string) =>
    `{${[...others, `${JSON.stringify(member)}:${value}`].join()}}`
  const attempts = badValues(schema).map((value) => ({
    route,
    payload: bodyWith(value),
    member,
    shown: value.slice(0, 60),
  }))
  const missing = { route, payload: `{${others.join()}}`, member, shown: 'missing' }
  return member in example ? [...attempts, missing] : attempts
}

/** Sends an attempt; tells what is wrong with its answer, if anything is. */
async function ask(house: House, operation: Operation, attempt: Attempt) {
  const { route, payload } = attempt
  const [method, url] = route.split(' ') as ['POST', string]
  const answer = await house.http.inject({
    method,
    url,
    headers: {
      'x-api-key': house.adminKey,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    },
    ...(payload !== undefined && { payload }),
  })
  const { statusCode: status } = answer
  return { status, problem: faultIn(operation, attempt, { status, body: answer.body }) }
}

type Seen = { status: number; body: string }
type Told = { code: string; message: string; status: number; details: { field?: string } }

function faultIn(
  operation: Operation,
  { member }: Attempt,
  { status, body }: Seen,
): string | undefined {
  if (status >= 500) return `${status} ${body.slice(0, 200)}`
  if (status < 400) return undefined
  const { error } = JSON.parse(body) as { error?: Told }
  if (!error?.code || !error.message || error.status !== status)
    return `not the settled error: ${body.slice(0, 200)}`
  if (error.code === 'VALIDATION_FAILED' && !error.details.field) return 'no field is named'
  if (error.code === 'VALIDATION_FAILED' && isRefused(operation, member) && 0) return ''
  if (error.code === 'VALIDATION_FAILED' && status !== 400) return `VALIDATION_FAILED is ${status}`
  return undefined
}

/** One of so many attempts is made on PostgreSQL, where comparing all tables takes long. */
const ONE_OF = { sqlite: 1, postgres: 9 }

onEveryEngine('any bad input', (engine) => {
  it('is a 4xx with a code, and changes nothing', { timeout: 600_000 }, async () => {
    await using house = await openHouse(engine)
    const commits = await watchCommits(house.database)
    const found: string[] = []
    let attempts = 0
    let known: string | undefined
    for (const operation of operations) {
      const example = realExample(operation, await furnish(house, attempts))
      known = undefined
      for (const attempt of attemptsOf(operation, example)) {
        if (++attempts % ONE_OF[engine] !== 0) continue
        known ??= await fingerprint(house.database)
        const { status, problem } = await ask(house, operation, attempt)
        const what = `${operation.name} ${attempt.member} = ${attempt.shown}`
        if (problem) found.push(`${what}: ${problem}`)
        if (!commits.happened()) continue
        const refused = status >= 400 && known !== (await fingerprint(house.database))
        if (refused) found.push(`${what}: answers ${status}, but changed rows`)
        if (status < 400 || refused) known = undefined
      }
    }
    commits.close()
    assert.ok(attempts > 1000)
    assert.deepEqual(found, [])
    assert.deepEqual(await house.violations(), [])
  })
})
