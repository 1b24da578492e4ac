import { after, before, it } from 'node:test'
import { onEveryEngine } from '#testing'
import { compare, compareAll } from './model/commerce/compare.ts'
import { play } from './model/commerce/play.ts'
import type { Step, StepOf } from './model/commerce/steps.ts'
import { type Bazaar, openBazaar } from './model/commerce/world.ts'

type Told<S> = S extends Step ? Omit<S, 'twice'> & { twice?: true } : never

const filled: Told<StepOf<'open'>> = {
  do: 'open',
  owner: 'guest',
  items: [{ sku: 'MUG', quantity: 4 }],
  codes: [],
}
const all = { who: 'guest', destination: 'TX', method: 'standard', token: 'success' } as const
const begun = { do: 'start', nth: 0, ...all } as const
const bought = { do: 'rush', nth: 0, ...all } as const

const STOCK: readonly Told<Step>[] = [
  { do: 'receive', sku: 'MUG', at: 'NEAR', quantity: 20 },
  { do: 'receive', sku: 'CUP', at: 'NEAR', quantity: 20 },
]

// What random histories have found once, in as few steps as show it.
const CASES: Record<string, readonly Told<Step>[]> = {
  'an order that cost nothing waits to be paid once something was added': [
    { ...filled, codes: ['GIFT'] },
    bought,
    { do: 'add_to_order', nth: 0, sku: 'CUP', quantity: 3 },
  ],
  'a checkout that has ended is refused, also when its cart became an order by another one': [
    filled,
    begun,
    { do: 'idle', minutes: 45 },
    bought,
    { do: 'say', nth: 1, said: { token: 'success' } },
    { do: 'complete', nth: 1, token: undefined },
    { do: 'cancel_checkout', nth: 1 },
  ],
  'a checkout begun anew before anybody swept the last one up holds its cart like any other': [
    filled,
    begun,
    { do: 'nap', minutes: 45 },
    begun,
    { do: 'add', nth: 0, sku: 'TEA', quantity: 1 },
    { do: 'complete', nth: 0, token: undefined },
    { do: 'complete', nth: 0, token: undefined },
  ],
  'a guest who has used a code as often as they may is told so when they say who they are': [
    { do: 'receive', sku: 'TEA', at: 'NEAR', quantity: 9 },
    { do: 'open', owner: 'guest', items: [{ sku: 'TEA', quantity: 3 }], codes: ['TEAS'] },
    bought,
    { do: 'open', owner: 'guest', items: [{ sku: 'TEA', quantity: 3 }], codes: ['TEAS'] },
    bought,
    { do: 'withdraw', nth: 0, code: 'TEAS' },
    { do: 'complete', nth: 0, token: undefined },
    { do: 'complete', nth: 0, token: undefined },
  ],
  'units that go back one by one are, together, what was paid for them': [
    { do: 'rate', area: 'US', of: 'standard', ppm: 72_500 },
    { do: 'reprice', sku: 'CUP', amount: 333 },
    { ...filled, items: [{ sku: 'CUP', quantity: 3 }], codes: ['TENTH'] },
    bought,
    { do: 'return_units', nth: 0, line: 0, units: 1, shipping: false, goodwill: 0 },
    { do: 'return_units', nth: 0, line: 0, units: 1, shipping: true, goodwill: 150 },
    { do: 'return_units', nth: 0, line: 0, units: 2, shipping: false, goodwill: 0 },
    { do: 'return_units', nth: 0, line: 0, units: 1, shipping: true, goodwill: 0 },
    { do: 'return_all', nth: 0 },
  ],
  'a cart that changes during its checkout is held as it is now, and given back whole': [
    filled,
    begun,
    { do: 'set', nth: 0, sku: 'MUG', quantity: 6 },
    { do: 'say', nth: 0, said: { method: 'express' } },
    { do: 'set', nth: 0, sku: 'MUG', quantity: 2 },
    { do: 'say', nth: 0, said: { who: 'ada' } },
    { do: 'cancel_checkout', nth: 0 },
    bought,
    { do: 'cancel', nth: 0 },
    { do: 'pass', minutes: 1 },
  ],
  'money that comes after its order was cancelled goes back, with stock and coupons': [
    { ...filled, codes: ['TENTH'] },
    { ...bought, token: 'webhook_never' },
    { do: 'cancel_checkout', nth: 0 },
    { do: 'complete', nth: 0, token: undefined },
    { do: 'cancel', nth: 0 },
    { do: 'pass', minutes: 12 },
  ],
  'an order that is paid in parts and grows goes back by its newest payments first': [
    { ...filled, owner: 'ada' },
    { ...bought, token: 'declined' },
    { do: 'pay_part', nth: 0, part: 4, method: 'success', manual: false },
    { do: 'complete', nth: 0, token: 'success' },
    { do: 'add_to_order', nth: 0, sku: 'CUP', quantity: 2 },
    { do: 'pay_part', nth: 0, part: 5, method: 'refund_fails', manual: false },
    { do: 'pay_part', nth: 0, part: 10, method: 'refund_pending', manual: false },
    { do: 'return_all', nth: 0 },
    { do: 'pass', minutes: 1 },
  ],
  'an order that is paid in part keeps its stock, and completes its checkout when it is paid': [
    filled,
    { ...bought, token: 'declined' },
    { do: 'pay_part', nth: 0, part: 4, method: 'success', manual: false },
    { do: 'pass', minutes: 45 },
    { do: 'pay_part', nth: 0, part: 10, method: 'success', manual: false },
  ],
  'a total that has changed is refused to the click and to each repetition of it': [
    filled,
    begun,
    { do: 'reprice', sku: 'MUG', amount: 1300 },
    { do: 'complete', nth: 0, token: undefined, twice: true },
  ],
}

onEveryEngine('a history of commerce', (engine) => {
  let world: Bazaar
  before(async () => {
    world = await openBazaar(engine, { taxIncluded: false, roundedBy: 'line' })
  })
  after(() => world.house.close())

  for (const [promise, steps] of Object.entries(CASES)) {
    it(`goes as the model says: ${promise}`, async () => {
      for (const one of [...STOCK, ...steps]) {
        await play(world, { twice: false, ...one } as Step)
        await compare(world)
      }
      await compareAll(world)
    })
  }
})
