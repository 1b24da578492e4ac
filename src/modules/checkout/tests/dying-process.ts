// Completes a checkout in a process of its own, and dies at a named step: nothing is rolled back,
// closed or told, as if its power were cut.
//
//   node dying-process.ts ENGINE URL STEP CHECKOUT SECRET KEY

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import type { Database, Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Where a completion can be cut off, in the order in which it comes by. */
export const STEPS = [
  'before the order is committed',
  'before the provider is asked',
  'after the money was taken',
  'before the answer is committed',
  'before the answer is told',
] as const
export type Step = (typeof STEPS)[number]

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
      if (name !== 'sale') return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        if (step === 'before the provider is asked') die()
        const answer = await target.sale(request)
        if (step === 'after the money was taken') die()
        return answer
      }
    },
  })
}

async function main([engine, url, at, checkout, secret, key]: string[]): Promise<void> {
  const step = at as Step
  const inTransaction = { [STEPS[0]]: 1, [STEPS[3]]: 2 }[step as string]
  const house = await openHouse(engine as Engine, {
    at: url as string,
    settings: sharing(url as string),
    // What opens the house writes too: only the completion's own transactions count.
    wrap: (database) => database,
  })
  if (inTransaction) {
    const { app } = house as { app: { database: Database } }
    app.database = mortal(app.database, inTransaction)
  }
  const { active, named } = paymentProviders.of(house.app)
  const dying = mortalProvider(active as PaymentProvider, step)
  paymentProviders.provide(house.app, {
    active: dying,
    named: (name) => (name === dying.name ? dying : named(name)),
  })
  const headers = { 'x-cart-session': secret as string, 'idempotency-key': key as string }
  await house.ask(`POST /api/v1/checkout/${checkout}/complete`, {}, { as: 'nobody', headers })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
