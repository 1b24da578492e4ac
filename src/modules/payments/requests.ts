import type { Context } from '#platform/context'
import { type Books, isOpen } from './books.ts'
import { byAge } from './payment-state.ts'
import type { Fact } from './provider.ts'
import type { News } from './settle.ts'
import type { EventRow, RequestRow } from './tables.ts'

type Learned = { told: readonly Fact[]; accepted: readonly Fact[]; news: News }
type Known = Pick<
  Fact,
  'ref' | 'operation' | 'outcome' | 'amount' | 'sequence' | 'occurred_at' | 'code' | 'message'
> & { request_id: string | null }

const isCharge = (operation: string) =>
  operation === 'sale' || operation === 'authorize' || operation === 'confirm'

/**
 * The payment's requests after the news: a request is closed by the newest fact that answers it.
 * What is told again counts too, because a webhook may have brought the fact before our own call
 * came back with it. Requests that stay as they were are the same objects.
 */
export function requestsAfter(ctx: Context, books: Books, learned: Learned): RequestRow[] {
  const recorded = books.events.map((event: EventRow) => ({ ...event, ref: event.provider_ref }))
  const facts: Known[] = [...recorded, ...learned.accepted]
  return books.requests.map((request) => {
    const touched = isOpen(request) || learned.accepted.some((fact) => answers(request, fact))
    if (!touched) return request
    const answer = [...facts, ...repeated(request, learned)]
      .filter((fact) => answers(request, fact))
      .toSorted(byAge)
      .at(-1)
    if (answer) return closed(ctx, request, answer)
    const unpassed = stillWaits(request, learned)
    return unpassed ? closed(ctx, request, unpassed) : request
  })
}

/** The payer came back without having passed: that confirmation is over, the payment is not. */
function stillWaits(request: RequestRow, { told, news }: Learned): Known | undefined {
  if (request.operation !== 'confirm' || news.request?.id !== request.id) return undefined
  const fact = told.find(({ outcome }) => outcome === 'action_required')
  if (!fact) return undefined
  const message = 'The payer has not passed the challenge yet.'
  return { ...fact, outcome: 'failed', code: 'action_required', message }
}

/** Facts of the answer to this very request that were known already, perhaps under no request. */
const repeated = (request: RequestRow, { told, accepted, news }: Learned): Fact[] =>
  news.request?.id === request.id ? told.filter((fact) => !accepted.includes(fact)) : []

/** One charge is sought at a time, so any news of it answers who waits; others go by their key. */
function answers(request: RequestRow, fact: Known): boolean {
  if (!isCharge(request.operation)) {
    return fact.request_id === request.id && fact.operation === request.operation
  }
  if (!isCharge(fact.operation)) return false
  // A confirmation is not answered by the challenge that it answers.
  return request.operation !== 'confirm' || fact.outcome !== 'action_required'
}

function closed(ctx: Context, request: RequestRow, { outcome, code, message }: Known): RequestRow {
  if (outcome === 'pending') return request
  const state = outcome === 'failed' ? 'failed' : 'confirmed'
  if (request.state === state) return request
  return {
    ...request,
    state,
    resolved_at: ctx.now,
    failure_code: outcome === 'failed' ? code : null,
    failure_message: outcome === 'failed' ? message : null,
  }
}
