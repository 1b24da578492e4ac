import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { checkAddress } from '../address-check.ts'
import { customerErrors } from '../errors.ts'
import { customerEvents } from '../events.ts'
import { getCustomer } from '../find.ts'
import { postalAddress } from '../postal-address.ts'
import { wireAddress } from '../queries.ts'
import { orTryAgain } from '../races.ts'
import type { Address, NewAddress } from '../schemas.ts'
import { indexCustomers } from '../search-index.ts'
import { db } from '../tables.ts'

/** More than anyone needs, and few enough to list at once. */
export const ADDRESSES_MAX = 100

const insertAddress = insertRows(db, 'customer_addresses')

/** Adds an address. The first one is the default for both uses; a new default replaces the old. */
export async function addAddress(
  ctx: Context,
  { id: customer_id, ...input }: NewAddress & { id: Id<'customer'> },
): Promise<Address> {
  await getCustomer(ctx, customer_id, 'customers:update')
  return storeAddress(ctx, customer_id, input)
}

/** The same without asking who asks. */
export async function storeAddress(
  ctx: Context,
  customer_id: Id<'customer'>,
  input: NewAddress,
): Promise<Address> {
  checkAddress(postalAddress(input))
  const known = await db(ctx)
    .selectFrom('customer_addresses')
    .select('id')
    .where('customer_id', '=', customer_id)
    .limit(ADDRESSES_MAX)
    .execute()
  if (known.length === ADDRESSES_MAX) {
    throw customerErrors.too_many_addresses({ addresses_max: ADDRESSES_MAX })
  }
  const isFirst = known.length === 0
  const address = {
    id: ctx.newId('address'),
    customer_id,
    first_name: input.first_name,
    last_name: input.last_name,
    company: input.company ?? null,
    address_line_1: input.address_line_1,
    address_line_2: input.address_line_2 ?? null,
    city: input.city,
    province: input.province ?? '',
    country_code: input.country_code.toUpperCase(),
    postal_code: input.postal_code ?? '',
    phone: input.phone ?? null,
    is_default_shipping: input.is_default_shipping ?? isFirst,
    is_default_billing: input.is_default_billing ?? isFirst,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await clearDefaults(ctx, customer_id, address)
  await orTryAgain(insertAddress(ctx, { rows: [address] }), ...ONE_DEFAULT)
  await indexCustomers(ctx, [customer_id])
  emit(ctx, customerEvents.updated({ customer_id, changed: ['addresses'] }))
  return wireAddress(address)
}

const USES = ['is_default_shipping', 'is_default_billing'] as const

/** The indexes that let a customer have one default of each kind. */
export const ONE_DEFAULT = ['shipping', 'billing'].map((use) => ({
  index: `customer_addresses_one_default_${use}`,
  columns: 'customer_addresses.customer_id',
}))

/** Takes from all addresses what a new default is about to have. */
export async function clearDefaults(
  ctx: Context,
  customer_id: Id<'customer'>,
  wanted: { is_default_shipping?: boolean | undefined; is_default_billing?: boolean | undefined },
): Promise<void> {
  for (const use of USES) {
    if (!wanted[use]) continue
    await db(ctx)
      .updateTable('customer_addresses')
      .set({ [use]: false })
      .where('customer_id', '=', customer_id)
      .where(use, '=', true)
      .execute()
  }
}
