// Takes a payment by Stripe in a process of its own, and dies at a named step: nothing is rolled
// back, closed or told, as if its power were cut. Stripe, which is another process, lives on.
//
//   node dying-charge.ts ENGINE URL STEP SETTINGS ROUTE BODY KEY

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import type { Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Where the call can be cut off. */
export const STEPS = ['before Stripe is asked', 'after Stripe has answered'] as const
export type Step = (typeof STEPS)[number]

const die = () => process.kill(process.pid, 'SIGKILL')
const CALLS = new Set<string | symbol>(['sale', 'capture', 'refund'])

function mortal(provider: PaymentProvider, step: Step): PaymentProvider {
  return new Proxy(provider, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (!CALLS.has(name)) return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        if (step === 'before Stripe is asked') die()
        const answer = await (member as PaymentProvider['sale'])(request)
        die()
        return answer
      }
    },
  })
}

async function main(args: string[]): Promise<void> {
  const [engine, url, step, settings, route, body, key] = args as [Engine, ...string[]]
  const house = await openHouse(engine, { at: url as string, settings: JSON.parse(`${settings}`) })
  const { active, named } = paymentProviders.of(house.app)
  const stripe = mortal(active as PaymentProvider, step as Step)
  paymentProviders.provide(house.app, {
    active: stripe,
    named: (name) => (name === 'stripe' ? stripe : named(name)),
  })
  const headers = { 'idempotency-key': `${key}` }
  await house.ask(`${route}`, JSON.parse(`${body}`), { headers })
}

if (import.meta.main) await main(process.argv.slice(2))
