import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

// An invariant may look at other modules' tables; nothing else here may.
export const storefrontInvariants = defineInvariants('storefronts', {
  'a payment intent is of the order of its payment, in its currency': async (ctx) => {
    const { rows } = await sql<object>`
      select i.id, i.order_id, p.order_id as paid_order_id from payment_intents as i
      join payments as p on p.id = i.payment_id
      where p.order_id <> i.order_id or p.currency <> i.currency`.execute(ctx.session.kysely)
    return rows
  },

  'money that an intent lost and did not get back is not in the books': async (ctx) => {
    const { rows } = await sql<object>`
      select i.id, i.payment_id from payment_intents as i join payments as p on p.id = i.payment_id
      where i.reversed_at is not null and p.captured_amount > 0`.execute(ctx.session.kysely)
    return rows
  },

  'an intent that is spoken of as paid has its payment': (ctx) =>
    db(ctx)
      .selectFrom('payment_intents')
      .select('id')
      .where('reversed_at', 'is not', null)
      .where('payment_id', 'is', null)
      .execute(),
})
