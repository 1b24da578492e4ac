import { isUuid } from '#kit/ids'
import { contactsOf } from '#modules/customers'
import type { Reference } from '#modules/inventory'
import type { Recipient } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { printOrderNumber } from './find.ts'
import { db } from './tables.ts'

const ordersById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('orders')
    .select(['id', 'number', 'customer_id', 'email'])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** The buyers of those references of the stock ledger that are orders: two statements. */
export async function recipientsOf(
  ctx: Context,
  references: readonly Reference[],
): Promise<Recipient[]> {
  const ids = references
    .filter(
      ({ reference_type, reference_id }) => reference_type === 'order' && isUuid(reference_id),
    )
    .map(({ reference_id }) => reference_id)
  if (ids.length === 0) return []
  const orders = await ordersById(ctx, { ids })
  const people = await contactsOf(
    ctx,
    orders.map(({ customer_id }) => customer_id),
  )
  return orders.map(({ id, number, customer_id, email }) => ({
    reference_type: 'order',
    reference_id: id,
    number: printOrderNumber(number),
    customer_id,
    name: people.get(customer_id)?.name ?? null,
    email: email ?? people.get(customer_id)?.email ?? null,
  }))
}
