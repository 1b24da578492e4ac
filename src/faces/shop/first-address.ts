import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { type Context, systemActor } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { operationOf } from '../names.ts'

type Told = {
  order_id: string
  /** Whether it is known who is billed. */
  has_bill: boolean
  /** In the document's words. */
  address: {
    address_1: string
    city: string
    state: string
    postcode: string
    country: string
    first_name?: string | undefined
    last_name?: string | undefined
    phone?: string | undefined
  }
}

/**
 * A page of the provider asks for no address, so the order gets the one that is told after it was
 * paid: as that of the parcel and, where none is known, of the bill. Where its taxes are those of a
 * place it is that of the bill alone.
 */
export async function tellFirstAddress(
  app: App,
  ctx: ProcessContext,
  { order_id, has_bill, address: told }: Told,
): Promise<void> {
  const name = [told.first_name, told.last_name].filter(Boolean).join(' ')
  const address = {
    ...(name && { name }),
    street: told.address_1,
    city: told.city,
    state: told.state,
    postal_code: told.postcode,
    country: told.country,
    ...(told.phone && { phone: told.phone }),
  }
  const operation = operationOf(app, 'orders.update')
  const run = operation.run as unknown as (ctx: Context, input: unknown) => Promise<unknown>
  const update = (changes: object) =>
    ctx.transaction(
      (tx) => run({ ...tx, actor: systemActor }, operation.parse({ id: order_id, ...changes })),
      'read committed',
    )
  const bill = has_bill ? {} : { billing_address: address }
  try {
    await update({ shipping_address: address, ...bill })
  } catch (error) {
    const isFixed = error instanceof DomainError && error.code === 'ORDER_ADDRESS_FIXED'
    if (!isFixed) throw error
    if (!has_bill) await update(bill)
  }
}
