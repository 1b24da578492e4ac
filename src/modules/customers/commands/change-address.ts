import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import { getCustomer } from '../find.ts'
import { wireAddress } from '../queries.ts'
import { type Address, type ChangedAddress, changedAddress } from '../schemas.ts'
import { db } from '../tables.ts'
import { clearDefaults } from './add-address.ts'

const MEMBERS = Object.keys(changedAddress) as (keyof ChangedAddress)[]

type Named = { id: Id<'customer'>; address_id: Id<'address'> }

/** Changes an address; what is not named stays. Orders keep the address they were made with. */
export async function changeAddress(
  ctx: Context,
  { id: customer_id, address_id, ...change }: Named & ChangedAddress,
): Promise<Address> {
  const address = await findAddress(ctx, { id: customer_id, address_id })
  const fresh = { ...address, updated_at: ctx.now }
  for (const member of MEMBERS) {
    if (change[member] !== undefined) Object.assign(fresh, { [member]: change[member] })
  }
  fresh.country_code = fresh.country_code.toUpperCase()
  await clearDefaults(ctx, customer_id, change)
  const { id, customer_id: _, created_at: __, ...columns } = fresh
  await db(ctx).updateTable('customer_addresses').set(columns).where('id', '=', id).execute()
  emit(ctx, customerEvents.updated({ customer_id, changed: ['addresses'] }))
  return wireAddress(fresh)
}

/** Deletes an address. */
export async function removeAddress(ctx: Context, named: Named): Promise<void> {
  const { id, customer_id } = await findAddress(ctx, named)
  await db(ctx).deleteFrom('customer_addresses').where('id', '=', id).execute()
  emit(ctx, customerEvents.updated({ customer_id, changed: ['addresses'] }))
}

async function findAddress(ctx: Context, { id: customer_id, address_id }: Named) {
  await getCustomer(ctx, customer_id, 'customers:update')
  const address = await db(ctx)
    .selectFrom('customer_addresses')
    .selectAll()
    .where('id', '=', address_id)
    .where('customer_id', '=', customer_id)
    .executeTakeFirst()
  if (!address) throw customerErrors.address_not_found({ address_id })
  return address
}
