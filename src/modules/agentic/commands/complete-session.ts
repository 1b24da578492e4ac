import { DomainError } from '#kit/errors'
import { processAsOwner } from '#modules/checkout'
import { confirmPayment, paymentErrors, paymentsOfOrder, pursuePayment } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import type { ProcessContext } from '#platform/processes'
import { beginCompletion } from '../completing.ts'
import { agenticErrors } from '../errors.ts'
import { findSession, lockedSession, sessionById, sessionVersion, shown } from '../find.ts'
import { declined, followPayment } from '../outcome.ts'
import type { AgentSession, CompleteSession } from '../schemas.ts'
import type { SessionRow } from '../tables.ts'

/**
 * Makes the order of a session and takes the money for it: one transaction places the order and
 * stores what the provider will be asked, then it is asked, then its answer is settled. Whoever
 * calls how often, there is one order and one charge. A decline leaves the session ready with a
 * message; 3-D Secure asks for an `authentication_result`.
 */
export async function completeSession(
  ctx: ProcessContext,
  input: CompleteSession,
): Promise<AgentSession> {
  if (input.authentication_result) {
    const waiting = await ctx.read((tx) => findSession(tx, input))
    if (waiting.status === 'authentication_required') return authenticated(ctx, waiting, input)
  }
  const step = await ctx.transaction((tx) => beginCompletion(tx, input, ctx.key), 'read committed')
  if (!step.asked) return step.visited ? confirmed(ctx, step.visited) : step.session
  const { asked, paid_for } = step
  return pursuePayment(ctx, asked, (settled) =>
    ctx.conclude(
      async (tx) => {
        const row = await lockedAgain(tx, paid_for)
        const payment = await settled(tx)
        // A webhook may have been faster, or the session is at another order by now.
        const isDone = row.order_id !== payment.order_id || row.status === 'completed'
        return isDone ? shown(row, tx.now) : followPayment(tx, row, payment)
      },
      (told) => told,
    ),
  )
}

/** A session that was stored before, as it is now: mostly nobody has changed it since. */
async function lockedAgain(ctx: Context, stored: SessionRow): Promise<SessionRow> {
  const { id, version } = stored
  const [, now] = await Promise.all([
    lockEntity(ctx, 'agent_session', id),
    sessionVersion.first(ctx, { id }),
  ])
  if (now?.version === version) return stored
  return (await sessionById.first(ctx, { id })) as SessionRow
}

/** Outcomes with which the issuer takes the risk, so that the payment may go on. */
const PASSED = new Set(['authenticated', 'attempt_acknowledged', 'informational'])

/** The payer came back from 3-D Secure: the payment goes on, or is given up. */
async function authenticated(
  ctx: ProcessContext,
  waiting: SessionRow,
  { authentication_result }: CompleteSession,
): Promise<AgentSession> {
  const { id } = waiting
  const outcome = authentication_result?.outcome ?? 'abandoned'
  if (!PASSED.has(outcome)) {
    const why = `The payer was not authenticated: ${outcome}.`
    return ctx.transaction(async (tx) => {
      const row = await lockedSession(tx, { id })
      if (row.status !== 'authentication_required') return shown(row, tx.now)
      return declined(tx, row, why)
    }, 'read committed')
  }
  return confirmed(ctx, waiting)
}

/** Has the provider go on with a payment whose payer is back, and answers what came of it. */
async function confirmed(
  ctx: ProcessContext,
  { id, order_id, customer_id }: SessionRow,
): Promise<AgentSession> {
  if (!order_id) throw agenticErrors.not_found({ session_id: id })
  const payments = await ctx.read((tx) => paymentsOfOrder(tx, { order_id }))
  const payment = payments.findLast(({ status }) => status === 'requires_action')
  if (payment) {
    try {
      // What it comes to is taken down in the transaction that settles it: see reactions.ts.
      await confirmPayment(processAsOwner(ctx, customer_id), { id: payment.id })
    } catch (error) {
      const isDecline =
        error instanceof DomainError && error.code === paymentErrors.declined.spec.code
      if (!isDecline) throw error
    }
  }
  return ctx.read(async (tx) => shown(await findSession(tx, { id }), tx.now))
}
