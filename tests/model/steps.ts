import fc from 'fast-check'
import { METHODS } from './money.ts'
import { STATUSES } from './shop.ts'
import { PLACES, SKUS } from './stock.ts'

const sku = fc.constantFrom(...SKUS)
const at = fc.constantFrom(...PLACES)
const maybeAt = fc.option(at, { nil: undefined })
const quantity = fc.integer({ min: 1, max: 6 })
// Counted back from the newest: most things happen to what has just been made.
const nth = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) })
const holder = fc.constantFrom('basket 1', 'basket 2')
/** A step may be sent with an Idempotency-Key and then once more: the answer must be the same. */
const twice = fc.boolean()
/** Tenths of what is there; undefined: all that is left. */
const part = fc.option(fc.integer({ min: 1, max: 11 }), { nil: undefined })

const steps = {
  receive: fc.record({ sku, at, quantity }),
  adjust: fc.record({
    rows: fc.array(fc.record({ sku, at, quantity: fc.integer({ min: -5, max: 3 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  count: fc.record({ sku, at, quantity: fc.nat(8) }),
  reserve: fc.record({ sku, quantity, at: maybeAt, holder, minutes: fc.constantFrom(0, 5, 60) }),
  release: fc.record({ sku, quantity, at: maybeAt, holder: fc.option(holder, { nil: undefined }) }),
  // By hand, somebody names the reference that an order uses: the order's stock must stay with it.
  release_of_order: fc.record({ sku, quantity, nth }),
  cancel_reservation: fc.record({ nth: fc.nat(9) }),
  cleanup: fc.record({}),
  place: fc.record({
    lines: fc.array(fc.record({ sku, quantity }), { minLength: 1, maxLength: 4 }),
  }),
  pay: fc.record({
    nth,
    method: fc.constantFrom('success' as const, ...METHODS),
    manual: fc.boolean(),
  }),
  pay_wrong_amount: fc.record({ nth }),
  confirm: fc.record({ nth }),
  capture: fc.record({ nth, part }),
  void: fc.record({ nth }),
  refund: fc.record({ nth, part }),
  cancel: fc.record({ nth }),
  delete: fc.record({ nth }),
  archive: fc.record({ nth }),
  move: fc.record({ nth, to: fc.constantFrom(...STATUSES) }),
  wait: fc.record({ minutes: fc.constantFrom(1, 10, 45) }),
}
type Steps = typeof steps
export type StepOf<K extends keyof Steps> =
  Steps[K] extends fc.Arbitrary<infer T> ? T & { do: K; twice: boolean } : never
export type Step = { [K in keyof Steps]: StepOf<K> }[keyof Steps]

// Orders and money are what goes wrong most interestingly, so they come more often.
const WEIGHTS: Partial<Record<keyof Steps, number>> = {
  place: 6,
  pay: 6,
  refund: 3,
  move: 3,
  capture: 2,
  cancel: 2,
  receive: 2,
  wait: 2,
}

/** Any step of any history. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  ...(Object.keys(steps) as (keyof Steps)[]).map((name) => ({
    weight: WEIGHTS[name] ?? 1,
    arbitrary: fc
      .tuple(steps[name] as fc.Arbitrary<object>, twice)
      .map(([facts, again]) => ({ do: name, twice: again, ...facts }) as Step),
  })),
)
