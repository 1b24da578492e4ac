import fc from 'fast-check'
import { PLACES, SKUS } from './world.ts'

const sku = fc.constantFrom(...SKUS)
const at = fc.constantFrom(...PLACES)
const quantity = fc.integer({ min: 1, max: 4 })
// Counted back from the newest: most things happen to what has just been made.
const nth = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) })
const units = fc.record({ line: fc.nat(2), quantity: fc.integer({ min: 1, max: 3 }) })

/** Everything that staff does to an order, its goods and its money after the sale. */
const steps = {
  receive: fc.record({ sku, at, quantity }),
  place: fc.record({
    lines: fc.uniqueArray(fc.record({ sku, quantity }), {
      minLength: 1,
      maxLength: 3,
      selector: (line) => line.sku,
    }),
  }),
  // What most stories begin with, in one go.
  sell: fc.record({ sku, quantity, by: fc.constantFrom('credit_card', 'store_credit') }),
  pay: fc.record({
    nth,
    by: fc.constantFrom('credit_card', 'cash', 'gift_card', 'store_credit'),
    amount: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  }),
  refund: fc.record({ nth, units }),
  hold: fc.record({ nth }),
  release: fc.record({ nth }),
  cancel: fc.record({ nth }),
  cancel_items: fc.record({ nth, units, refund: fc.boolean() }),
  move: fc.record({ nth, to: fc.constantFrom('processing', 'shipped', 'delivered', 'confirmed') }),
  change: fc.record({
    nth,
    set: units,
    add: fc.option(fc.record({ sku, quantity }), { nil: undefined }),
    apply: fc.boolean(),
  }),
  apply_change: fc.record({ nth }),
  merge: fc.record({ nth }),
  split: fc.record({ nth, units }),
  route: fc.record({ nth, to: at }),
  hold_work: fc.record({ nth }),
  release_work: fc.record({ nth }),
  split_work: fc.record({ nth, units }),
  give_up_work: fc.record({ nth }),
  pick: fc.record({ nth }),
  ship: fc.record({ nth, units: fc.option(units, { nil: undefined }) }),
  ship_later: fc.record({ nth }),
  cancel_shipment: fc.record({ nth }),
  deliver: fc.record({ nth }),
  come_back: fc.record({
    nth,
    outcome: fc.constantFrom('resend', 'return'),
    state: fc.constantFrom('sellable', 'damaged'),
  }),
  ask_return: fc.record({ nth, units }),
  bring_back: fc.record({
    nth,
    units,
    taken: quantity,
    over: fc.boolean(),
    disposition: fc.constantFrom('restock', 'quarantine', 'scrap', 'send_back'),
    to: fc.constantFrom('original', 'store_credit'),
  }),
  decide_return: fc.record({ nth, how: fc.constantFrom('approve', 'reject', 'cancel', 'reopen') }),
  take_in: fc.record({ nth, quantity, over: fc.boolean() }),
  inspect: fc.record({
    nth,
    quantity: fc.integer({ min: 1, max: 2 }),
    disposition: fc.constantFrom('restock', 'quarantine', 'scrap', 'send_back'),
  }),
  refund_return: fc.record({ nth, to: fc.constantFrom('original', 'store_credit') }),
  swap: fc.record({ nth, units, sku, quantity, taken: quantity }),
  ask_exchange: fc.record({ nth, units, sku, quantity }),
  decide_exchange: fc.record({
    nth,
    how: fc.constantFrom('approve', 'reject', 'cancel', 'settle'),
  }),
  claim: fc.record({ nth, units }),
  decide_claim: fc.record({ nth, how: fc.constantFrom('approve', 'reject', 'cancel', 'resolve') }),
  transfer: fc.record({ sku, from: at, quantity, hold: fc.boolean() }),
  dispatch: fc.record({ nth }),
  arrive: fc.record({ nth, quantity, lost: fc.nat(1) }),
  lose: fc.record({ nth }),
  give_up_transfer: fc.record({ nth }),
  plan_count: fc.record({ at }),
  count: fc.record({ nth, wrong: fc.integer({ min: -1, max: 1 }) }),
  approve_count: fc.record({ nth }),
  wait: fc.record({ days: fc.constantFrom(1, 20, 40) }),
}
type Steps = typeof steps
export type StepOf<K extends keyof Steps> =
  Steps[K] extends fc.Arbitrary<infer T> ? T & { do: K } : never
export type Step = { [K in keyof Steps]: StepOf<K> }[keyof Steps]

// What begins a story comes more often, and what comes late in one, or nothing would be returned.
const WEIGHTS: Partial<Record<keyof Steps, number>> = {
  place: 6,
  sell: 12,
  pay: 6,
  ship: 6,
  bring_back: 10,
  ask_return: 4,
  decide_return: 6,
  take_in: 6,
  inspect: 6,
  refund_return: 4,
  swap: 6,
  decide_exchange: 4,
  claim: 4,
  decide_claim: 4,
  refund: 3,
}

export const step: fc.Arbitrary<Step> = fc.oneof(
  ...(Object.keys(steps) as (keyof Steps)[]).map((name) => ({
    weight: WEIGHTS[name] ?? 2,
    arbitrary: steps[name].map((facts: object) => ({ do: name, ...facts }) as Step),
  })),
)
