import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { loginsOf } from '#modules/access'
import type { Context } from '#platform/context'
import { Consent } from './consent-schemas.ts'
import { customerErrors } from './errors.ts'
import { findAnyCustomer, mayReach } from './find.ts'
import { groupsOfCustomer } from './groups.ts'
import { listNotesOf, Note } from './notes.ts'
import { personalData } from './personal-data.ts'
import { wireAddress } from './queries.ts'
import { Address, Customer } from './schemas.ts'
import { db } from './tables.ts'

const Anything = Type.Unknown()

export const CustomerExport = Type.Object({
  exported_at: Instant,
  customer: Type.Object({ ...Customer.properties, erased_at: Nullable(Instant) }),
  logins: Type.Object({
    users: Type.Array(Anything),
    sessions: Type.Array(Anything),
    api_keys: Type.Array(Anything),
  }),
  addresses: Type.Array(Address),
  groups: Type.Array(
    Type.Object({
      id: IdSchema('customer_group'),
      code: Type.String(),
      name: Type.String(),
      added_at: Instant,
    }),
  ),
  consents: Type.Array(Consent),
  notes: Type.Array(Note),
  wishlists: Type.Array(Anything),
  others: Type.Record(Type.String(), Anything, {
    description: 'What other parts of the shop keep, such as `orders`.',
  }),
})
export type CustomerExport = Static<typeof CustomerExport>

/**
 * All that is kept about a customer: for themselves, or for anyone with `customers:read`; of
 * deleted ones too, as long as something is left. Right of access: GDPR, articles 15 and 20.
 */
export async function exportCustomer(
  ctx: Context,
  { id }: { id: Id<'customer'> },
): Promise<CustomerExport> {
  const row = mayReach(ctx, id, 'customers:read') ? await findAnyCustomer(ctx, { id }) : undefined
  if (!row) throw customerErrors.not_found({ customer_id: id })
  const { number: _, ...customer } = row
  const others: Record<string, unknown> = {}
  for (const part of personalData.of(ctx)) others[part.name] = await part.exportOf(ctx, id)
  const ids = [id, ...(customer.user_id ? [customer.user_id] : [])]
  return {
    exported_at: ctx.now,
    customer,
    logins: await loginsOf(ctx, { ids, email: customer.email }),
    addresses: (await ofCustomer(ctx, 'customer_addresses', id)).map(wireAddress),
    groups: await groupsOfCustomer(ctx, id),
    consents: await ofCustomer(ctx, 'customer_consents', id),
    notes: await listNotesOf(ctx, id),
    wishlists: await wishlistsOf(ctx, id),
    others,
  }
}

const ofCustomer = <T extends 'customer_addresses' | 'customer_consents'>(
  ctx: Context,
  table: T,
  id: Id<'customer'>,
): Promise<Static<(typeof db.tables)[T]>[]> =>
  db(ctx)
    .selectFrom(table as 'customer_consents')
    .selectAll()
    .where('customer_id', '=', id)
    .orderBy('id')
    .execute() as never

async function wishlistsOf(ctx: Context, id: Id<'customer'>) {
  const lists = await db(ctx)
    .selectFrom('wishlists')
    .select(['id', 'name', 'share_token', 'created_at', 'updated_at'])
    .where('customer_id', '=', id)
    .orderBy('id')
    .execute()
  const items = await db(ctx)
    .selectFrom('wishlist_items as item')
    .innerJoin('wishlists', 'wishlists.id', 'item.wishlist_id')
    .select(['item.wishlist_id', 'item.variant_id', 'item.note', 'item.added_at'])
    .where('wishlists.customer_id', '=', id)
    .orderBy('item.wishlist_id')
    .orderBy('item.variant_id')
    .execute()
  const byList = Map.groupBy(items, ({ wishlist_id }) => wishlist_id)
  return lists.map((list) => ({ ...list, items: byList.get(list.id) ?? [] }))
}
