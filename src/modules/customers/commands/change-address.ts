import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { checkAddress } from '../address-check.ts'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import { getCustomer } from '../find.ts'
import { postalAddress } from '../postal-address.ts'
import { wireAddress } from '../queries.ts'
import { orTryAgain } from '../races.ts'
import { type Address, type ChangedAddress, changedAddress } from '../schemas.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'
import { clearDefaults, ONE_DEFAULT } from './add-address.ts'

const PLACE = ['address_line_1', 'city', 'province', 'postal_code', 'country_code'] as const
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
  fresh.province ??= ''
  fresh.postal_code ??= ''
  // What was taken before formats were known stays as long as nobody touches it.
  if (PLACE.some((member) => change[member] !== undefined)) checkAddress(postalAddress(fresh))
  await clearDefaults(ctx, customer_id, change)
  const { id, customer_id: _, created_at: __, ...columns } = fresh
  const update = db(ctx).updateTable('customer_addresses').set(columns).where('id', '=', id)
  await orTryAgain(update.execute(), ...ONE_DEFAULT)
  await indexCustomers(ctx, [customer_id])
  emit(ctx, customerEvents.updated({ customer_id, changed: ['addresses'] }))
  return wireAddress(fresh)
}

/** Deletes an address. */
export async function removeAddress(ctx: Context, named: Named): Promise<void> {
  const { id, customer_id } = await findAddress(ctx, named)
  await db(ctx).deleteFrom('customer_addresses').where('id', '=', id).execute()
  await indexCustomers(ctx, [customer_id])
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
