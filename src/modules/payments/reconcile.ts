import { sql } from 'kysely'
import { formatMoney } from '#kit/money'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { readAsSystem } from '#platform/execute'
import { paymentErrors } from './errors.ts'
import { eventsOfShared } from './parts.ts'
import { paymentState } from './payment-state.ts'
import {
  type Fact,
  type PaymentProvider,
  type ProviderAnswer,
  paymentProviders,
  type Window,
} from './provider.ts'
import { db, type EventRow, type PaymentRow } from './tables.ts'
import { paymentOf } from './webhook/payment-of.ts'

/** One thing that the two sides do not know alike. */
export type Difference = {
  /**
   * `not_here`: money moved at the provider, and the house knows no payment; `differs`: the
   * provider says more of a payment than the house knows; `not_there`: the house knows of money
   * that the provider does not; `undecided`: asked for, and the answer is still out; `given_up`:
   * news that could not be settled.
   */
  kind: 'not_here' | 'differs' | 'not_there' | 'undecided' | 'given_up'
  payment_ref: string | null
  payment_id: string | null
  /** For people: one line. */
  about: string
}
export type Reconciliation = {
  /** How many payments of the provider were looked at. */
  payments: number
  differences: Difference[]
}

/**
 * Compares what a provider did in a window of time with what the house knows of it, and changes
 * nothing. Throws `no_books` for a provider that is not there or cannot be asked.
 */
export async function reconcile(
  app: App,
  { provider: name, window }: { provider: string; window: Window },
): Promise<Reconciliation> {
  const provider = paymentProviders.of(app).named(name)
  if (!provider?.list) throw paymentErrors.no_books({ provider: name })
  const theirs = new Map<string, Fact[]>()
  for await (const { payment_ref, facts } of provider.list(window)) {
    theirs.set(payment_ref, [...(theirs.get(payment_ref) ?? []), ...facts])
  }
  const differences: Difference[] = []
  for (const [payment_ref, facts] of theirs) {
    const found = await readAsSystem(app, (ctx) => difference(ctx, name, { payment_ref, facts }))
    if (found) differences.push(found)
  }
  differences.push(...(await missingThere(app, provider, { window, theirs })))
  differences.push(...(await readAsSystem(app, (ctx) => openEnds(ctx, name, window))))
  return { payments: theirs.size, differences }
}

/** What the provider says of one payment that the house does not know. */
async function difference(
  ctx: Context,
  provider: string,
  answer: ProviderAnswer & { payment_ref: string },
): Promise<Difference | undefined> {
  const { payment_ref, facts } = answer
  const payment = await paymentOf(ctx, provider, answer)
  const [{ currency }] = facts as [Fact]
  if (!payment) {
    const told = amountsOf(facts)
    if (told.every((amount) => amount === 0)) return undefined
    const about = `${inWords(told, currency)} at ${provider}, and no payment here`
    return { kind: 'not_here', payment_ref, payment_id: null, about }
  }
  const known = factsOf(await eventsOfShared(ctx, payment))
  const [here, there] = [amountsOf(known), amountsOf([...known, ...facts])]
  if (here.every((amount, nth) => amount === there[nth])) return undefined
  const about = `${inWords(there, currency)} at ${provider}, ${inWords(here, currency)} here`
  return { kind: 'differs', payment_ref, payment_id: payment.id, about }
}

const factsOf = (events: readonly EventRow[]) =>
  events.map((event) => ({ ...event, ref: event.provider_ref }))

/** Held, taken, let go, given back. */
function amountsOf(facts: Parameters<typeof paymentState>[0]): number[] {
  const state = paymentState(facts)
  const { authorized_amount, captured_amount, voided_amount, refunded_amount } = state
  const held = authorized_amount - captured_amount - voided_amount
  return [held, captured_amount, voided_amount, refunded_amount]
}
const WORDS = ['held', 'taken', 'let go', 'given back']

function inWords(amounts: readonly number[], currency: string): string {
  const told = amounts.flatMap((amount, nth) =>
    amount === 0 ? [] : [`${formatMoney(amount, currency)} ${currency} ${WORDS[nth]}`],
  )
  return told.join(', ') || 'nothing'
}

type Theirs = { window: Window; theirs: ReadonlyMap<string, readonly Fact[]> }

/**
 * Money that the house knows of and the provider did not list. Clocks differ at the edges of a
 * window, so the provider is asked once more for each before it is told.
 */
async function missingThere(app: App, provider: PaymentProvider, { window, theirs }: Theirs) {
  const known = await readAsSystem(app, (ctx) => moneyIn(ctx, provider.name, window))
  const listed = new Set([...theirs.values()].flat().map(nameOf))
  const differences: Difference[] = []
  for (const event of known) {
    if (listed.has(nameOf({ ...event, ref: event.provider_ref }))) continue
    const { payment_id, payment_ref, operation, amount, currency, provider_ref } = event
    const now = payment_ref === null ? undefined : await provider.look?.(payment_ref)
    if (now?.facts.map(nameOf).includes(nameOf({ ...event, ref: provider_ref }))) continue
    const about = `${operation} of ${formatMoney(amount, currency)} ${currency} (${provider_ref}) here, not at ${provider.name}`
    differences.push({ kind: 'not_there', payment_ref, payment_id, about })
  }
  return differences
}

const nameOf = ({ operation, ref, outcome }: Pick<Fact, 'operation' | 'ref' | 'outcome'>) =>
  `${operation} ${ref} ${outcome}`

const moneyIn = (ctx: Context, provider: string, { from, to }: Window) =>
  db(ctx)
    .selectFrom('payment_events')
    .innerJoin('payments', 'payments.id', 'payment_events.payment_id')
    .selectAll('payment_events')
    .select(
      sql<string | null>`coalesce(payments.provider_ref, payments.part_of_ref)`.as('payment_ref'),
    )
    .where('payment_events.provider', '=', provider)
    .where('payment_events.outcome', '=', 'succeeded')
    .where('payment_events.operation', 'in', ['sale', 'authorize', 'refund'])
    .where('payment_events.occurred_at', '>=', from)
    .where('payment_events.occurred_at', '<', to)
    .execute()

/** What the house still waits for, and what it could make nothing of. */
async function openEnds(ctx: Context, provider: string, { from, to }: Window) {
  const requests = await db(ctx)
    .selectFrom('payment_requests')
    .innerJoin('payments', 'payments.id', 'payment_requests.payment_id')
    .selectAll('payment_requests')
    .select(
      sql<string | null>`coalesce(payments.provider_ref, payments.part_of_ref)`.as('payment_ref'),
    )
    .where('payments.provider', '=', provider)
    .where('payment_requests.state', 'in', ['requested', 'sent', 'unknown'])
    .where('payment_requests.created_at', '>=', from)
    .where('payment_requests.created_at', '<', to)
    .execute()
  const webhooks = await db(ctx)
    .selectFrom('payment_webhooks')
    .selectAll()
    .where('provider', '=', provider)
    .where('status', '=', 'given_up')
    .where('received_at', '>=', from)
    .where('received_at', '<', to)
    .execute()
  const undecided = requests.map(
    ({ payment_ref, payment_id, operation, state }): Difference => ({
      kind: 'undecided',
      payment_ref,
      payment_id,
      about: `${operation} is ${state}`,
    }),
  )
  const given_up = webhooks.map(
    ({ event_id, type, note, payment_id }): Difference => ({
      kind: 'given_up',
      payment_ref: null,
      payment_id: payment_id as PaymentRow['id'] | null,
      about: `${type} (${event_id}): ${note}`,
    }),
  )
  return [...undecided, ...given_up]
}
