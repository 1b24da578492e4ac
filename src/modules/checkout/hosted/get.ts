import { DomainError } from '#kit/errors'
import { isUuid } from '#kit/ids'
import { mayUse } from '#modules/carts'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { checkoutErrors } from '../errors.ts'
import { sessionById } from '../sessions.ts'
import { lookAt } from './ask.ts'
import { hostedById, hostedByRef } from './rows.ts'
import type { GetHosted, HostedCheckout } from './schemas.ts'
import type { HostedRow } from './tables.ts'
import { hostedOf } from './wire.ts'

/** A payer comes back sooner than the news: then the provider is asked, if that is long ago. */
const FRESH_MS = 3_000

/**
 * How a page or intent stands. While it is open the provider is asked itself, so that a payer who
 * comes back is told what they have done; a provider who does not answer delays nothing but that.
 */
export async function getHosted(ctx: ProcessContext, input: GetHosted): Promise<HostedCheckout> {
  const found = await ctx.read(async (tx) => ({ row: await findHosted(tx, input), now: tx.now }))
  const { row, now } = found
  const age_ms = Date.parse(now) - Date.parse(row.updated_at)
  if (row.status !== 'open' || age_ms < FRESH_MS) return hostedOf(ctx, row)
  try {
    await lookAt(ctx, row)
  } catch (error) {
    // The provider is away: what is known is answered, and the sweeper asks again.
    const isOurs = error instanceof DomainError
    ctx.log.warn({ err: error, hosted_id: row.id, isOurs }, 'a page could not be looked at')
  }
  return hostedOf(ctx, await ctx.read((tx) => findHosted(tx, input)))
}

/** What the caller may see. Throws `hosted_not_found`, also for another's. */
async function findHosted(ctx: Context, { ref, session_id }: GetHosted): Promise<HostedRow> {
  const row = isUuid(ref)
    ? await hostedById.first(ctx, { id: ref })
    : await hostedByRef.first(ctx, { ref })
  const session = row && (await sessionById.first(ctx, { id: row.checkout_id }))
  if (!row || !session || !mayUse(ctx.actor, session, { session_id, to: 'read' })) {
    throw checkoutErrors.hosted_not_found({ ref })
  }
  return row
}
