// Asks for one thing in a process of its own, and dies at a named step: nothing is rolled back,
// closed or told, as if its power were cut.
//
//   node dying-process.ts ENGINE URL STEP ROUTE KEY

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import type { Database, Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Where a call can be cut off, in the order in which it comes by. */
export const STEPS = [
  'before the first commit',
  'before the provider is asked',
  'after the money went back',
  'before the second commit',
  'before the third commit',
  'before the answer is told',
] as const
export type Step = (typeof STEPS)[number]

const COMMITS: Partial<Record<Step, number>> = {
  'before the first commit': 1,
  'before the second commit': 2,
  'before the third commit': 3,
}

/** The settings that make two processes share the provider's own books. */
export const sharing = (url: string) => ({ database_url: url })

const die = () => process.kill(process.pid, 'SIGKILL')

/** Dies inside the nth transaction, when all is written and nothing is committed. */
function mortal(database: Database, nth: number): Database {
  let count = 0
  return Object.assign(Object.create(database), {
    write: ((body, isolation) =>
      database.write(async (session) => {
        const value = await body(session)
        if (++count === nth) die()
        return value
      }, isolation)) as Database['write'],
  })
}

function mortalProvider(provider: PaymentProvider, step: Step): PaymentProvider {
  return new Proxy(provider, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (name !== 'refund') return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        if (step === 'before the provider is asked') die()
        const answer = await target.refund(request)
        if (step === 'after the money went back') die()
        return answer
      }
    },
  })
}

async function main([engine, url, at, route, key]: string[]): Promise<void> {
  const step = at as Step
  const house = await openHouse(engine as Engine, {
    at: url as string,
    settings: sharing(url as string),
  })
  const commit = COMMITS[step]
  if (commit) {
    const { app } = house as { app: { database: Database } }
    app.database = mortal(app.database, commit)
  }
  const { active, named } = paymentProviders.of(house.app)
  const dying = mortalProvider(active as PaymentProvider, step)
  paymentProviders.provide(house.app, {
    active: dying,
    named: (name) => (name === dying.name ? dying : named(name)),
  })
  await house.ask(route as string, {}, { headers: { 'idempotency-key': key as string } })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
