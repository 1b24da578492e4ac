import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartEvents } from './events.ts'
import { db } from './tables.ts'
import { summaryOf } from './wire.ts'

type CustomerId = Id<'customer'>

/** What carts keep of a customer: for their export, and how it is let go. */
export const personalDataOfCarts: PersonalData = {
  name: 'carts',
  exportOf: async (ctx, customer_id) => {
    const carts = await cartsOf(ctx, customer_id).selectAll().orderBy('id').execute()
    const ids = cartsOf(ctx, customer_id).select('id')
    const lines = await db(ctx)
      .selectFrom('cart_lines')
      .select(['cart_id', 'variant_id', 'quantity', 'metadata', 'added_at'])
      .select(['recipient_email', 'recipient_name', 'recipient_message'])
      .where('cart_id', 'in', ids)
      .orderBy('id')
      .execute()
    const byCart = Map.groupBy(lines, ({ cart_id }) => cart_id)
    return carts.map((cart) => ({
      ...summaryOf(cart, ctx.now),
      shipping_address: cart.destination,
      metadata: cart.metadata,
      items: (byCart.get(cart.id) ?? []).map(({ cart_id: _, ...line }) => line),
    }))
  },
  erase: forgetCustomer,
}

const cartsOf = (ctx: Context, customer_id: CustomerId) =>
  db(ctx).selectFrom('carts').where('customer_id', '=', customer_id)

const NOTHING = { email: null, destination: null, metadata: null }

/**
 * Who leaves takes their carts along: what is open is given up, and whom it was for is forgotten,
 * also in the guest's carts that went into theirs, and them as the recipient of gift cards in
 * others'. Right when repeated.
 */
export async function forgetCustomer(
  ctx: Context,
  customer_id: CustomerId,
  email?: string,
): Promise<void> {
  const left = await db(ctx)
    .updateTable('carts')
    .set((eb) => ({
      closed_as: 'abandoned' as const,
      closed_at: ctx.now,
      converting: false,
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('customer_id', '=', customer_id)
    .where('closed_as', 'is', null)
    .returning('id')
    .execute()
  for (const { id: cart_id } of left) emit(ctx, cartEvents.abandoned({ cart_id }))
  const own = cartsOf(ctx, customer_id).select('id')
  await db(ctx).updateTable('carts').set(NOTHING).where('customer_id', '=', customer_id).execute()
  await db(ctx).updateTable('carts').set(NOTHING).where('merged_into_id', 'in', own).execute()
  const all = db(ctx)
    .selectFrom('carts')
    .select('id')
    .where((eb) => eb.or([eb('customer_id', '=', customer_id), eb('merged_into_id', 'in', own)]))
  await db(ctx)
    .updateTable('cart_lines')
    .set({ metadata: null })
    .where('cart_id', 'in', all)
    .where('metadata', 'is not', null)
    .execute()
  await forgetRecipients(ctx).where('cart_id', 'in', all).execute()
  if (email !== undefined)
    await forgetRecipients(ctx).where('recipient_email', '=', email).execute()
}

/** A placeholder in place of each recipient: lines for different people stay lines apart. */
const forgetRecipients = (ctx: Context) =>
  db(ctx)
    .updateTable('cart_lines')
    .set({ recipient_email: sql`'erased-' || cast(id as text) || '@erased.invalid'` })
    .set({ recipient_name: null, recipient_message: null })
    .where('recipient_email', 'is not', null)
