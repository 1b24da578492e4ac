import fc from 'fast-check'
import { METHODS } from '../money.ts'
import { STATUSES } from '../shop.ts'
import { PLACES, SKUS } from '../stock.ts'
import { WHO } from './checkouts.ts'
import { AREAS, CLASSES, CODES, DESTINATIONS, WARES } from './terms.ts'

const sku = fc.constantFrom(...WARES)
const quantity = fc.integer({ min: 1, max: 5 })
// Counted back from the newest: most things happen to what has just been made.
const nth = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) })
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const minutes = fc.constantFrom(1, 12, 29, 45)
const owner = fc.constantFrom(...WHO)
const code = fc.constantFrom(...CODES)
const destination = fc.constantFrom(...DESTINATIONS)
const method = fc.constantFrom('standard' as const, 'standard' as const, 'express' as const)
const token = fc.constantFrom('success' as const, 'success' as const, ...METHODS)
const amount = fc.integer({ min: 50, max: 3000 })
const stock = fc.constantFrom(...SKUS)
const at = fc.constantFrom(...PLACES)

const steps = {
  // Carts.
  open: fc.record({
    owner,
    items: fc.array(fc.record({ sku, quantity }), { maxLength: 3 }),
    codes: fc.array(code, { maxLength: 2 }),
  }),
  add: fc.record({ nth, sku, quantity }),
  set: fc.record({ nth, sku, quantity: fc.nat(8) }),
  clear: fc.record({ nth }),
  enter_code: fc.record({ nth, code }),
  withdraw: fc.record({ nth, code }),
  send_to: fc.record({ nth, destination }),
  send_by: fc.record({ nth, method }),
  abandon: fc.record({ nth }),
  merge: fc.record({}),
  // Checkouts.
  start: fc.record({
    nth,
    who: maybe(owner),
    destination: maybe(destination),
    method: maybe(method),
    token: maybe(token),
  }),
  say: fc.record({
    nth,
    said: fc.oneof(
      fc.record({ who: owner }),
      fc.record({ destination }),
      fc.record({ method }),
      fc.record({ token }),
    ),
  }),
  complete: fc.record({ nth, token: maybe(token) }),
  confirm_checkout: fc.record({ nth }),
  cancel_checkout: fc.record({ nth }),
  /** A start that says everything, and a click on «buy». */
  rush: fc.record({
    nth,
    who: owner,
    destination,
    method: fc.constant('standard' as const),
    token,
  }),
  // What the shop decides.
  reprice: fc.record({ sku, amount }),
  offer: fc.record({
    sku,
    amount,
    breaks: fc.constantFrom(0, 1, 2),
    sale: maybe(fc.record({ after: fc.constantFrom(0, 10), minutes: fc.constantFrom(15, 90) })),
  }),
  pause: fc.record({ code }),
  resume: fc.record({ code }),
  rate: fc.record({
    area: fc.constantFrom(...AREAS),
    of: fc.constantFrom(...CLASSES),
    ppm: maybe(fc.constantFrom(0, 55_000, 72_500, 190_000, 333_333)),
  }),
  tariff: fc.record({ below: fc.constantFrom(0, 499, 1295), above: fc.constantFrom(0, 250) }),
  // Orders and their money.
  add_to_order: fc.record({ nth, sku, quantity }),
  lower: fc.record({ nth, line: fc.nat(3), quantity: fc.nat(4) }),
  note: fc.record({ nth, notes: fc.constantFrom('Ring twice.', 'Leave it at the door.') }),
  pay_part: fc.record({
    nth,
    part: fc.integer({ min: 1, max: 11 }),
    method: token,
    manual: fc.boolean(),
  }),
  return_units: fc.record({
    nth,
    line: fc.nat(3),
    units: fc.integer({ min: 1, max: 3 }),
    shipping: fc.boolean(),
    goodwill: fc.constantFrom(0, 0, 0, 150),
  }),
  return_all: fc.record({ nth }),
  // Steps of ../steps.ts.
  place: fc.record({
    lines: fc.array(fc.record({ sku: stock, quantity }), { minLength: 1, maxLength: 3 }),
  }),
  pay: fc.record({ nth, method: token, manual: fc.boolean() }),
  confirm: fc.record({ nth }),
  capture: fc.record({ nth, part: maybe(fc.integer({ min: 1, max: 11 })) }),
  void: fc.record({ nth }),
  refund: fc.record({ nth, part: maybe(fc.integer({ min: 1, max: 11 })) }),
  cancel: fc.record({ nth }),
  delete: fc.record({ nth }),
  move: fc.record({ nth, to: fc.constantFrom(...STATUSES) }),
  receive: fc.record({ sku: stock, at, quantity }),
  adjust: fc.record({
    rows: fc.array(fc.record({ sku: stock, at, quantity: fc.integer({ min: -5, max: 3 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  count: fc.record({ sku: stock, at, quantity: fc.nat(8) }),
  // Time: with all that a server does meanwhile, with the end of checkouts only, or with nothing.
  pass: fc.record({ minutes }),
  idle: fc.record({ minutes }),
  nap: fc.record({ minutes }),
}
type Steps = typeof steps
type Named<K extends keyof Steps> =
  Steps[K] extends fc.Arbitrary<infer T> ? T & { do: K; twice: boolean } : never
export type Step = { [K in keyof Steps]: Named<K> }[keyof Steps]
/** One of some kinds of steps. */
export type StepOf<K extends keyof Steps> = Extract<Step, { do: K }>

// Most of what goes wrong goes wrong between the beginning of a checkout and its end.
const WEIGHTS: Partial<Record<keyof Steps, number>> = {
  open: 8,
  start: 8,
  complete: 10,
  rush: 5,
  add: 5,
  return_units: 5,
  say: 3,
  set: 3,
  enter_code: 3,
  offer: 3,
  reprice: 3,
  rate: 2,
  pause: 2,
  resume: 2,
  add_to_order: 3,
  pay_part: 3,
  receive: 2,
  confirm_checkout: 2,
  nap: 2,
  idle: 2,
}

/** Any step of any history of commerce; it may be sent twice under one key. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  ...(Object.keys(steps) as (keyof Steps)[]).map((name) => ({
    weight: WEIGHTS[name] ?? 1,
    arbitrary: fc
      .tuple(steps[name] as fc.Arbitrary<object>, fc.boolean())
      .map(([facts, twice]) => ({ do: name, twice, ...facts }) as Step),
  })),
)

/** How a shop tells and rounds its taxes, for a whole history. */
export const settings = fc.record({
  taxIncluded: fc.boolean(),
  roundedBy: fc.constantFrom('line' as const, 'document' as const),
})
