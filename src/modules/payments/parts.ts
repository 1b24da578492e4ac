import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { paymentById, refundableAmount } from './books.ts'
import type { Fact } from './provider.ts'
import { db, type EventRow, type PaymentRow } from './tables.ts'

// What an order has paid goes along with what leaves it. The provider knows one charge; here it is
// the payment that was made (the whole), and parts of it that pay for other orders. A part is a
// payment like any other: it is refunded, moved, divided again. Only its money was taken before.

/** What the provider calls the charge of which this payment is all or a part. */
export const chargeRef = ({ provider_ref, part_of_ref }: PaymentRow): string | null =>
  provider_ref ?? part_of_ref

/** What a part begins with, in the form of the facts of which a payment is the fold. */
export const factsOfPart = (payment: PaymentRow) =>
  payment.part_of_id === null
    ? []
    : [
        {
          ref: payment.id as string,
          operation: 'sale' as const,
          outcome: 'succeeded' as const,
          amount: payment.amount,
          sequence: 0,
          occurred_at: payment.created_at,
        },
      ]

type Charge = { provider: string; ref: string }

const paymentsOfCharge = prepared(db, (open, p: Charge) =>
  open
    .selectFrom('payments')
    .selectAll()
    .where('provider', '=', p.provider)
    .where((eb) => eb.or([eb('provider_ref', '=', p.ref), eb('part_of_ref', '=', p.ref)]))
    .orderBy('id'),
)
/** The orders that the charge of this payment has paid for: one, unless it was divided. */
export async function ordersOfCharge(
  ctx: Context,
  payment_id: PaymentRow['id'],
): Promise<PaymentRow['order_id'][]> {
  const payment = await paymentById.first(ctx, { id: payment_id })
  if (!payment) return []
  const ref = chargeRef(payment)
  if (ref === null || !isDivided(payment)) return [payment.order_id]
  const all = await paymentsOfCharge(ctx, { provider: payment.provider, ref })
  return [...new Set(all.map(({ order_id }) => order_id))]
}

const eventsOfCharge = prepared(db, (open, p: Charge) =>
  open
    .selectFrom('payment_events as e')
    .innerJoin('payments as p', 'p.id', 'e.payment_id')
    .selectAll('e')
    .where('p.provider', '=', p.provider)
    .where((eb) => eb.or([eb('p.provider_ref', '=', p.ref), eb('p.part_of_ref', '=', p.ref)])),
)
const requestsOfCharge = prepared(db, (open, p: Charge) =>
  open
    .selectFrom('payment_requests as r')
    .innerJoin('payments as p', 'p.id', 'r.payment_id')
    .select(['r.id', 'r.payment_id'])
    .where('p.provider', '=', p.provider)
    .where((eb) => eb.or([eb('p.provider_ref', '=', p.ref), eb('p.part_of_ref', '=', p.ref)])),
)

/** All that was told of the charge that payments share: of the whole and of its parts. */
export const eventsOfShared = (ctx: Context, payment: PaymentRow): Promise<EventRow[]> =>
  eventsOfCharge(ctx, { provider: payment.provider, ref: chargeRef(payment) ?? '' })

const isDivided = ({ part_of_id, parted_amount }: PaymentRow): boolean =>
  part_of_id !== null || parted_amount > 0

const isSame = (event: EventRow, fact: Fact): boolean =>
  event.operation === fact.operation && event.provider_ref === fact.ref

/** Of what was told of a charge: what is about this payment, and not about another part of it. */
export async function ownFacts(
  ctx: Context,
  payment: PaymentRow,
  facts: readonly Fact[],
): Promise<readonly Fact[]> {
  if (!isDivided(payment)) return facts
  const charge = { provider: payment.provider, ref: chargeRef(payment) ?? '' }
  const [events, requests] = await Promise.all([
    eventsOfCharge(ctx, charge),
    requestsOfCharge(ctx, charge),
  ])
  return facts.filter((fact) => {
    const known = events.find((event) => isSame(event, fact))
    const asked = requests.find(({ id }) => id === fact.request_id)
    const owner = known?.payment_id ?? asked?.payment_id
    if (owner) return owner === payment.id
    return payment.part_of_id === null || fact.operation === 'refund'
  })
}

/**
 * The payment that news of a charge are about, where they name no request of ours: the one that
 * knows of it, else the first that still has what went back.
 */
export async function partMeant(
  ctx: Context,
  whole: PaymentRow,
  [fact]: readonly Fact[],
): Promise<PaymentRow> {
  if (!fact || !isDivided(whole)) return whole
  const charge = { provider: whole.provider, ref: chargeRef(whole) ?? '' }
  const [payments, events] = await Promise.all([
    paymentsOfCharge(ctx, charge),
    eventsOfCharge(ctx, charge),
  ])
  const known = events.find((event) => isSame(event, fact))
  const owner = payments.find(({ id }) => id === known?.payment_id)
  if (owner || fact.operation !== 'refund') return owner ?? whole
  const able = [whole, ...payments].find((one) => refundableAmount(one) >= fact.amount)
  return able ?? whole
}
