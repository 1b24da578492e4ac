import type { Id } from '#kit/ids'
import { createCustomer, findCustomerByEmail } from '#modules/customers'
import type { PlacedOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { wooErrors } from '../errors.ts'
import type { WooAddress, WooOrder } from './remote.ts'

/** Whose order it is: the customer of the e-mail, who is made if there is none, as at checkout. */
export async function buyerOf(ctx: Context, { billing }: WooOrder): Promise<Id<'customer'>> {
  const { email, first_name, last_name, phone } = billing
  if (!email) throw wooErrors.order_unreadable({ problem: 'nobody’s e-mail stands in it' })
  const found = await findCustomerByEmail(ctx, email)
  if (found) return found.id
  const names = { first_name: first_name || 'Guest', last_name: last_name || 'Guest' }
  return (await createCustomer(ctx, { email, ...names, ...(phone && { phone }) })).id
}

/** An address of WooCommerce as orders keep it; null if there is none in it. */
export function placedAddressOf(address: WooAddress): PlacedOrder['shipping_address'] {
  const { address_1, city, country } = address
  if (!address_1 || !city || !country) return null
  const name = `${address.first_name ?? ''} ${address.last_name ?? ''}`.trim()
  return {
    ...(name && { name }),
    ...(address.company && { company: address.company }),
    street: address_1,
    ...(address.address_2 && { street2: address.address_2 }),
    city,
    state: address.state || '-',
    postal_code: address.postcode || '-',
    country,
    ...(address.phone && { phone: address.phone }),
  }
}
