// Completes a session in a process of its own, and dies at a named step: nothing is rolled back,
// closed or told, as if its power were cut.
//
//   node dying-agent.ts ENGINE URL STEP SESSION KEY

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import type { Engine } from '#platform/database/database'
import { openHouse } from '#testing'
import { agent } from './agent.ts'

/** Where a completion can be cut off, in the order in which it comes by. */
export const STEPS = ['before the provider is asked', 'after the money was taken'] as const
export type Step = (typeof STEPS)[number]

const die = () => process.kill(process.pid, 'SIGKILL')

function mortal(provider: PaymentProvider, step: Step): PaymentProvider {
  return new Proxy(provider, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (name !== 'sale') return typeof member === 'function' ? member.bind(target) : member
      return async (request: never) => {
        if (step === 'before the provider is asked') die()
        await target.sale(request)
        return die()
      }
    },
  })
}

async function main([engine, url, step, session, key]: string[]): Promise<void> {
  const house = await openHouse(engine as Engine, {
    at: url as string,
    settings: { database_url: url as string },
  })
  const { active, named } = paymentProviders.of(house.app)
  const dying = mortal(active as PaymentProvider, step as Step)
  paymentProviders.provide(house.app, {
    active: dying,
    named: (name) => (name === dying.name ? dying : named(name)),
  })
  const headers = { 'idempotency-key': key as string }
  const body = { payment: { token: 'pm_test_success' } }
  await house.ask(`POST /api/v1/agentic/sessions/${session}/complete`, body, { as: agent, headers })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
