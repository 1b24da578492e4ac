import type { PaymentStatus } from './lifecycle.ts'
import type { Fact, FactOperation, Outcome } from './provider.ts'

/** What the fold needs of a fact. */
export type Told = Pick<
  Fact,
  'ref' | 'operation' | 'outcome' | 'amount' | 'sequence' | 'occurred_at'
> &
  Partial<Pick<Fact, 'code' | 'message' | 'action_url'>>

/** A payment as its facts say it; amounts in minor units. */
export type PaymentState = {
  authorized_amount: number
  captured_amount: number
  voided_amount: number
  refunded_amount: number
  status: PaymentStatus
  code: string | null
  message: string | null
  action_url: string | null
}

// At one and the same instant a success outweighs a failure: overlaps of news are settled this way.
const WEIGHT: Record<Outcome, number> = { pending: 0, action_required: 1, failed: 2, succeeded: 3 }

/**
 * The state of a payment is the fold of what its provider said. Of each object (a charge, a
 * capture, a void, a refund) only the newest news counts, and which is newest is decided by the
 * facts alone: the provider's count, then its clock, then weight. So the order of arrival does not
 * matter, nor how often a fact is told. A failure newer than a success means the money was taken
 * back.
 */
export function paymentState(facts: readonly Told[]): PaymentState {
  const objects = [...newestByObject(facts).values()]
  const sum = (...operations: FactOperation[]) =>
    objects
      .filter(({ operation, outcome }) => outcome === 'succeeded' && operations.includes(operation))
      .reduce((total, { amount }) => total + amount, 0)
  const amounts = {
    authorized_amount: sum('sale', 'authorize'),
    captured_amount: sum('sale', 'capture'),
    voided_amount: sum('void'),
    refunded_amount: sum('refund'),
  }
  const charge = objects.filter(isCharge).toSorted(byAge).at(-1)
  const voided = objects.some((fact) => fact.operation === 'void' && fact.outcome === 'succeeded')
  const status = paymentStatus(amounts, { voided, charge: charge?.outcome })
  return {
    ...amounts,
    status,
    code: status === 'failed' ? (charge?.code ?? null) : null,
    message: status === 'failed' ? (charge?.message ?? null) : null,
    action_url: status === 'requires_action' ? (charge?.action_url ?? null) : null,
  }
}

const isCharge = ({ operation }: Told) => operation === 'sale' || operation === 'authorize'

type Amounts = Pick<
  PaymentState,
  'authorized_amount' | 'captured_amount' | 'voided_amount' | 'refunded_amount'
>

/** The one place where a payment's status is decided. */
function paymentStatus(
  { authorized_amount, captured_amount, voided_amount, refunded_amount }: Amounts,
  { voided, charge }: { voided: boolean; charge: Outcome | undefined },
): PaymentStatus {
  if (captured_amount > 0) {
    if (refunded_amount === 0) return 'succeeded'
    return refunded_amount < captured_amount ? 'partially_refunded' : 'refunded'
  }
  if (authorized_amount > voided_amount) return 'authorized'
  if (voided) return 'cancelled'
  if (charge === 'failed') return 'failed'
  if (charge === 'action_required') return 'requires_action'
  return charge === 'pending' ? 'processing' : 'pending'
}

/** Which law of money a state would break; undefined if none. Such news waits for what it needs. */
export function brokenLaw(state: PaymentState): string | undefined {
  const { authorized_amount, captured_amount, voided_amount, refunded_amount } = state
  if (refunded_amount > captured_amount) return 'more would be refunded than was captured'
  if (captured_amount + voided_amount > authorized_amount) {
    return 'more would be captured and voided than was authorised'
  }
  return undefined
}

const objectOf = ({ operation, ref }: Told) => `${operation} ${ref}`

/** What makes two tellings the same fact, beside provider: the unique index of `payment_events`. */
export const factIdentity = (fact: Pick<Told, 'ref' | 'operation' | 'outcome' | 'sequence'>) =>
  `${fact.operation} ${fact.outcome} ${fact.sequence} ${fact.ref}`

function newestByObject(facts: readonly Told[]): Map<string, Told> {
  const newest = new Map<string, Told>()
  for (const fact of facts) {
    const known = newest.get(objectOf(fact))
    if (!known || byAge(known, fact) < 0) newest.set(objectOf(fact), fact)
  }
  return newest
}

/** Whether something newer is known of the object that this fact speaks of. */
export const isSuperseded = (fact: Told, facts: readonly Told[]): boolean => {
  const newest = newestByObject([...facts, fact]).get(objectOf(fact)) as Told
  return factIdentity(newest) !== factIdentity(fact)
}

/** Older first. A total order of the facts of one object, made of nothing but the facts. */
export function byAge(a: Told, b: Told): number {
  if (objectOf(a) === objectOf(b) && a.sequence !== b.sequence) return a.sequence - b.sequence
  if (a.occurred_at !== b.occurred_at) return a.occurred_at < b.occurred_at ? -1 : 1
  if (a.outcome !== b.outcome) return WEIGHT[a.outcome] - WEIGHT[b.outcome]
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : a.amount - b.amount
}
