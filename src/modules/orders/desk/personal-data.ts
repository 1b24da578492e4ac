import type { Id } from '#kit/ids'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { db as orders } from '../tables.ts'
import { db } from './tables.ts'

/**
 * What staff wrote on the orders of a customer. Notes, documents, attributes and what members once
 * were may tell anything of a person, so all of it goes; tags and the reasons of holds stay.
 */
export const personalDataOfDesk: PersonalData = {
  name: 'order notes',

  async exportOf(ctx, customer_id) {
    const notes = await db(ctx)
      .selectFrom('order_notes')
      .select(['order_id', 'kind', 'body', 'created_at'])
      .where('order_id', 'in', ordersOf(ctx, customer_id))
      .orderBy('id')
      .execute()
    const attachments = await db(ctx)
      .selectFrom('order_attachments')
      .select(['order_id', 'name', 'url', 'created_at'])
      .where('order_id', 'in', ordersOf(ctx, customer_id))
      .orderBy('id')
      .execute()
    const attributes = await db(ctx)
      .selectFrom('order_attributes')
      .select(['order_id', 'name', 'value'])
      .where('order_id', 'in', ordersOf(ctx, customer_id))
      .orderBy('order_id')
      .orderBy('name')
      .execute()
    return [...notes, ...attachments, ...attributes]
  },

  async erase(ctx, customer_id) {
    const own = ordersOf(ctx, customer_id)
    for (const table of [
      'order_notes',
      'order_attachments',
      'order_attributes',
      'order_changes',
    ] as const) {
      await db(ctx).deleteFrom(table).where('order_id', 'in', own).execute()
    }
    await db(ctx)
      .updateTable('order_holds')
      .set({ note: null, release_note: null })
      .where('order_id', 'in', own)
      .execute()
  },
}

const ordersOf = (ctx: Context, customer_id: Id<'customer'>) =>
  orders(ctx).selectFrom('orders').select('id').where('customer_id', '=', customer_id)
