import type { Id } from '#kit/ids'
import { erasedEmail, eraseLogins, PERSONAL, proveOwnPassword } from '#modules/access'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { appendConsent } from '../consents.ts'
import { enqueueErasure } from '../erasure-job.ts'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import { type AnyCustomer, findAnyCustomer, findCustomer, mayReach } from '../find.ts'
import { personalData } from '../personal-data.ts'
import { db } from '../tables.ts'
import { closeFully } from './delete-customer.ts'

export type EraseCustomer = { id: Id<'customer'>; current_password?: string | undefined }
export type Erased = { customer_id: Id<'customer'>; erased_at: string }

/**
 * Takes all that is personal of a customer out of the shop for good (GDPR, article 17): oneself
 * with the password, or anyone with `customers:delete`. The books remain: orders keep their
 * amounts and goods under a placeholder. Once erased stays erased; asking again changes nothing.
 * Throws CUSTOMER_HAS_OPEN_BUSINESS (409) while the shop still owes something.
 */
export async function eraseCustomer(ctx: ProcessContext, input: EraseCustomer): Promise<Erased> {
  const { actor } = ctx
  const isStaff = !actor.own_only && actor.may('customers:delete')
  if (actor.customer_id === input.id && !isStaff) {
    await proveOwnPassword(ctx, input.current_password)
  }
  return ctx.transaction((tx) => erase(tx, input.id))
}

async function erase(ctx: Context, customer_id: Id<'customer'>): Promise<Erased> {
  const isReached = mayReach(ctx, customer_id, 'customers:delete')
  const customer = isReached ? await findAnyCustomer(ctx, { id: customer_id }) : undefined
  if (!customer) throw customerErrors.not_found({ customer_id })
  if (customer.erased_at) return { customer_id, erased_at: customer.erased_at }
  await refuseOpenBusiness(ctx, customer_id)
  if (customer.accepts_marketing) {
    const withdrawn = { granted: false, source: 'erasure' }
    await appendConsent(ctx, customer_id, { purpose: 'marketing_email', ...withdrawn })
  }
  const living = await findCustomer(ctx, customer_id)
  if (living) await closeFully(ctx, living)
  await eraseOwn(ctx, customer)
  const ids = [customer_id, ...(customer.user_id ? [customer.user_id] : [])]
  await eraseLogins(ctx, { ids, email: customer.email })
  for (const part of personalData.of(ctx)) await part.erase(ctx, customer_id, customer.email)
  await eraseFromEvents(ctx, { entity_ids: [customer_id], members: PERSONAL })
  const user_id = customer.user_id ?? (customer_id as string as Id<'user'>)
  await enqueueErasure(ctx, { customer_id, user_id })
  emit(ctx, customerEvents.erased({ customer_id }))
  return { customer_id, erased_at: ctx.now }
}

async function refuseOpenBusiness(ctx: Context, customer_id: Id<'customer'>): Promise<void> {
  const obstacles: string[] = []
  for (const part of personalData.of(ctx)) {
    obstacles.push(...((await part.obstacles?.(ctx, customer_id)) ?? []))
  }
  const [first_obstacle] = obstacles
  if (first_obstacle) throw customerErrors.open_business({ first_obstacle, obstacles })
}

/** What this module keeps. Consents stay as proof, without where they came from. */
async function eraseOwn(ctx: Context, { id, version }: AnyCustomer): Promise<void> {
  const open = db(ctx)
  const lists = open.selectFrom('wishlists').select('id').where('customer_id', '=', id)
  await open.deleteFrom('wishlist_items').where('wishlist_id', 'in', lists).execute()
  await open.deleteFrom('wishlists').where('customer_id', '=', id).execute()
  await open.deleteFrom('customer_notes').where('customer_id', '=', id).execute()
  await open.deleteFrom('customer_group_members').where('customer_id', '=', id).execute()
  await open
    .updateTable('customer_consents')
    .set({ ip: null })
    .where('customer_id', '=', id)
    .execute()
  await open
    .updateTable('customers')
    .set({ email: erasedEmail(id), first_name: 'Erased', last_name: 'customer', phone: null })
    .set({ accepts_marketing: false, erased_at: ctx.now, updated_at: ctx.now })
    .set({ version: version + 2 })
    .where('id', '=', id)
    .execute()
}
