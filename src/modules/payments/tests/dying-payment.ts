// Pays an order by gift card, or refunds such a payment, in a process of its own, and dies at a
// named step: nothing is rolled back, closed or told, as if its power were cut.
//
//   node dying-payment.ts ENGINE URL STEP ROUTE BODY KEY

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import type { Database, Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Where a call can be cut off, in the order in which it comes by. */
export const STEPS = [
  'before the request is committed',
  'before credit is asked',
  'before the ledger is committed',
  'after the ledger was written',
  'before the answer is committed',
  'before the answer is told',
] as const
export type Step = (typeof STEPS)[number]

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

const CALLS = new Set<string | symbol>(['sale', 'refund'])

function mortalProvider(provider: PaymentProvider, step: Step): PaymentProvider {
  return new Proxy(provider, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (!CALLS.has(name)) return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        if (step === 'before credit is asked') die()
        const answer = await (member as PaymentProvider['sale'])(request)
        if (step === 'after the ledger was written') die()
        return answer
      }
    },
  })
}

const NTH: Partial<Record<Step, number>> = {
  'before the request is committed': 1,
  'before the ledger is committed': 2,
  'before the answer is committed': 3,
}

async function main([engine, url, at, route, body, key]: string[]): Promise<void> {
  const step = at as Step
  const house = await openHouse(engine as Engine, { at: url as string })
  const nth = NTH[step]
  const { app } = house as { app: { database: Database } }
  if (nth) app.database = mortal(app.database, nth)
  const { active, named } = paymentProviders.of(house.app)
  const credit = mortalProvider(named('credit') as PaymentProvider, step)
  paymentProviders.provide(house.app, {
    active,
    named: (name) => (name === 'credit' ? credit : named(name)),
  })
  const headers = { 'idempotency-key': key as string }
  await house.ask(route as string, JSON.parse(body as string), { headers })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
