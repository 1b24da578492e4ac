import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { paymentLifecycle } from '../lifecycle.ts'
import { brokenLaw, isSuperseded, paymentState, type Told } from '../payment-state.ts'

const instant = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const told = (fact: Partial<Told> & Pick<Told, 'operation' | 'outcome'>): Told => ({
  ref: fact.operation === 'sale' || fact.operation === 'authorize' ? 'charge' : fact.operation,
  amount: 1000,
  sequence: 0,
  occurred_at: instant(0),
  ...fact,
})

/** Any news of up to four objects, also such as contradict each other. */
const anyFact: fc.Arbitrary<Told> = fc.record({
  ref: fc.constantFrom('a', 'b'),
  operation: fc.constantFrom('sale', 'authorize', 'capture', 'void', 'refund'),
  outcome: fc.constantFrom('pending', 'action_required', 'failed', 'succeeded'),
  amount: fc.integer({ min: 0, max: 5 }),
  sequence: fc.integer({ min: 0, max: 2 }),
  occurred_at: fc.integer({ min: 0, max: 3 }).map(instant),
})

/** What a provider in its right mind may tell of one payment of 10, oldest first. */
const saneHistory = fc
  .record({
    operation: fc.constantFrom('sale' as const, 'authorize' as const),
    start: fc.constantFrom([], ['pending'], ['action_required'], ['pending', 'action_required']),
    end: fc.constantFrom(['failed'], ['succeeded'], ['failed', 'succeeded']),
    takenBack: fc.boolean(),
    captured: fc.integer({ min: 0, max: 10 }),
    voided: fc.boolean(),
    refunds: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
    bounced: fc.boolean(),
  })
  .map((plan) => {
    const facts: Told[] = []
    const tell = (ref: string, operation: Told['operation'], outcome: string, amount: number) => {
      const sequence = facts.filter((fact) => fact.ref === ref).length + 1
      const occurred_at = instant(facts.length)
      facts.push({
        ref,
        operation,
        outcome: outcome as Told['outcome'],
        amount,
        sequence,
        occurred_at,
      })
    }
    for (const outcome of [...plan.start, ...plan.end]) tell('ch', plan.operation, outcome, 10)
    if (plan.end.at(-1) === 'failed') return facts
    if (plan.operation === 'sale' && plan.takenBack) tell('ch', 'sale', 'failed', 10)
    if (plan.operation === 'sale' && plan.takenBack) return facts
    let taken = plan.operation === 'sale' ? 10 : plan.captured
    if (plan.operation === 'authorize') {
      if (plan.captured > 0) tell('ca', 'capture', 'succeeded', plan.captured)
      if (plan.voided && plan.captured < 10) tell('vo', 'void', 'succeeded', 10 - plan.captured)
    }
    for (const [n, amount] of plan.refunds.entries()) {
      if (amount > taken) continue
      tell(`re${n}`, 'refund', 'succeeded', amount)
      if (plan.bounced) tell(`re${n}`, 'refund', 'failed', amount)
      else taken -= amount
    }
    return facts
  })

const distinct = (facts: Told[]) => [
  ...new Map(facts.map((f) => [`${f.operation} ${f.outcome} ${f.sequence} ${f.ref}`, f])).values(),
]
const anyFacts = fc.array(anyFact, { maxLength: 7 }).map(distinct)

describe('the state of a payment', () => {
  it('is the same in whatever order its facts arrive', () => {
    const shuffled = anyFacts.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        assert.deepEqual(paymentState(other), paymentState(facts))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same for every one of all orders of a long history', () => {
    const history: Told[] = [
      told({ operation: 'authorize', outcome: 'action_required', sequence: 1 }),
      told({ operation: 'authorize', outcome: 'succeeded', sequence: 2, occurred_at: instant(1) }),
      told({ operation: 'capture', outcome: 'pending', amount: 600, occurred_at: instant(2) }),
      told({ operation: 'capture', outcome: 'succeeded', amount: 600, occurred_at: instant(3) }),
      told({ operation: 'void', outcome: 'succeeded', amount: 400, occurred_at: instant(4) }),
      told({ operation: 'refund', outcome: 'succeeded', amount: 100, occurred_at: instant(5) }),
    ]
    const expected = paymentState(history)
    let orders = 0
    for (const order of permutations(history)) {
      assert.deepEqual(paymentState(order), expected)
      orders++
    }
    assert.equal(orders, 720)
    assert.equal(expected.status, 'partially_refunded')
    assert.deepEqual(
      [
        expected.authorized_amount,
        expected.captured_amount,
        expected.voided_amount,
        expected.refunded_amount,
      ],
      [1000, 600, 400, 100],
    )
  })

  it('does not change when facts are told again', () => {
    const repeated = anyFacts.chain((facts) =>
      fc.tuple(fc.constant(facts), fc.subarray(facts), fc.nat(20)),
    )
    fc.assert(
      fc.property(repeated, ([facts, again, place]) => {
        assert.deepEqual(paymentState(facts.toSpliced(place, 0, ...again)), paymentState(facts))
      }),
      { numRuns: 2000 },
    )
  })

  it('breaks no law of money without being found out', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const state = paymentState(facts)
        const sound =
          state.refunded_amount <= state.captured_amount &&
          state.captured_amount + state.voided_amount <= state.authorized_amount
        assert.equal(brokenLaw(state) === undefined, sound)
      }),
      { numRuns: 2000 },
    )
  })

  const sale = (outcome: Told['outcome'], second: number, code?: string) =>
    told({ operation: 'sale', outcome, occurred_at: instant(second), ...(code && { code }) })
  const cases: [what: string, facts: Told[], status: string, captured: number][] = [
    ['nothing said yet', [], 'pending', 0],
    ['the provider works on it', [sale('pending', 0)], 'processing', 0],
    ['the payer must act', [sale('action_required', 0)], 'requires_action', 0],
    ['taken', [sale('succeeded', 0)], 'succeeded', 1000],
    ['declined', [sale('failed', 0, 'card_declined')], 'failed', 0],
    ['taken after a failure', [sale('succeeded', 2), sale('failed', 1)], 'succeeded', 1000],
    [
      'a failure at the very instant of a success',
      [sale('failed', 1), sale('succeeded', 1)],
      'succeeded',
      1000,
    ],
    ['taken back by a later failure', [sale('succeeded', 1), sale('failed', 2)], 'failed', 0],
    ['held', [told({ operation: 'authorize', outcome: 'succeeded' })], 'authorized', 0],
    [
      'let go',
      [
        told({ operation: 'authorize', outcome: 'succeeded' }),
        told({ operation: 'void', outcome: 'succeeded' }),
      ],
      'cancelled',
      0,
    ],
    [
      'cancelled before the payer acted',
      [sale('action_required', 0), told({ operation: 'void', outcome: 'succeeded', amount: 0 })],
      'cancelled',
      0,
    ],
    [
      'taken in part, the rest still held',
      [
        told({ operation: 'authorize', outcome: 'succeeded' }),
        told({ operation: 'capture', outcome: 'succeeded', amount: 300 }),
      ],
      'succeeded',
      300,
    ],
    [
      'all given back',
      [sale('succeeded', 0), told({ operation: 'refund', outcome: 'succeeded' })],
      'refunded',
      1000,
    ],
    [
      'given back, but it bounced',
      [
        sale('succeeded', 0),
        told({ operation: 'refund', outcome: 'succeeded', occurred_at: instant(1) }),
        told({ operation: 'refund', outcome: 'failed', occurred_at: instant(9) }),
      ],
      'succeeded',
      1000,
    ],
  ]
  for (const [what, facts, status, captured] of cases) {
    it(`of money ${what} is ${status}`, () => {
      const state = paymentState(facts)
      assert.deepEqual([state.status, state.captured_amount], [status, captured])
    })
  }

  it('says why it failed, and where the payer must go', () => {
    const url = 'https://bank.example/challenge'
    assert.equal(paymentState([sale('failed', 0, 'expired_card')]).code, 'expired_card')
    const asked = { ...sale('action_required', 0), action_url: url }
    assert.equal(paymentState([asked]).action_url, url)
    assert.equal(paymentState([asked, sale('succeeded', 1)]).action_url, null)
  })

  it('only ever goes the ways that its lifecycle shows, in whatever order news of a sane provider come', () => {
    const ways = new Set(
      Object.values(paymentLifecycle.moves).flatMap(({ from, to }) =>
        from.map((one) => `${one} → ${to}`),
      ),
    )
    const arrivals = saneHistory.chain((facts) =>
      fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
    )
    fc.assert(
      fc.property(arrivals, (facts) => {
        const known: Told[] = []
        for (const fact of facts) {
          const before = paymentState(known).status
          const { status } = paymentState([...known, fact])
          // What breaks a law waits; here it is left out, which is one of the orders of arrival.
          if (brokenLaw(paymentState([...known, fact]))) continue
          known.push(fact)
          assert.ok(before === status || ways.has(`${before} → ${status}`), `${before} → ${status}`)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('news that come late', () => {
  const success = told({ operation: 'sale', outcome: 'succeeded', occurred_at: instant(5) })
  const failure = (second: number) =>
    told({ operation: 'sale', outcome: 'failed', occurred_at: instant(second) })

  it('are superseded when the success is newer or of the same instant', () => {
    assert.equal(isSuperseded(failure(4), [success]), true)
    assert.equal(isSuperseded(failure(5), [success]), true)
  })
  it('count when they are newer', () => {
    assert.equal(isSuperseded(failure(6), [success]), false)
  })
  it('are not superseded by being known already', () => {
    assert.equal(isSuperseded(success, [success, failure(1)]), false)
  })
})

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield []
  for (const [n, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(n, 1))) yield [item, ...rest]
  }
}
