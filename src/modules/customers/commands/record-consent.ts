import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import type { Consent, RecordConsent } from '../consent-schemas.ts'
import { appendConsent, sourceOf } from '../consents.ts'
import { customerEvents } from '../events.ts'
import { getCustomer } from '../find.ts'
import { writeCustomer } from './update-customer.ts'

/**
 * Writes down that a customer agreed to something or no longer does: oneself, or anyone with
 * `customers:update`. `accepts_marketing` follows `marketing_email`.
 */
export async function recordConsent(
  ctx: Context,
  { id, purpose, granted, ...more }: { id: Id<'customer'> } & RecordConsent,
): Promise<Consent> {
  const customer = await getCustomer(ctx, id, 'customers:update')
  const source = more.source ?? sourceOf(ctx, id)
  const said = { ip: more.ip ?? null, text_version: more.text_version ?? null }
  const consent = await appendConsent(ctx, id, { purpose, granted, source, ...said })
  if (purpose === 'marketing_email' && customer.accepts_marketing !== granted) {
    const version = customer.version + 1
    const fresh = { ...customer, accepts_marketing: granted, version, updated_at: ctx.now }
    await writeCustomer(ctx, fresh)
    emit(ctx, customerEvents.updated({ customer_id: id, changed: ['accepts_marketing'] }))
  }
  return consent
}
