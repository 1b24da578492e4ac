import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

// An invariant may look at other modules' tables; nothing else here may.
export const cartInvariants = defineInvariants('carts', {
  'a cart counts its lines and their units': (ctx) =>
    db(ctx)
      .with('sums', (q) =>
        q
          .selectFrom('cart_lines')
          .select([
            'cart_id',
            (eb) => eb.fn.countAll<number>().as('lines'),
            (eb) => eb.fn.sum<number>('quantity').as('units'),
          ])
          .groupBy('cart_id'),
      )
      .selectFrom('carts as c')
      .leftJoin('sums as s', 's.cart_id', 'c.id')
      .select(['c.id', 'c.line_count', 'c.unit_count', 's.lines', 's.units'])
      .where(
        sql<boolean>`c.line_count <> coalesce(s.lines, 0) or c.unit_count <> coalesce(s.units, 0)`,
      )
      .execute(),

  'a cart counts its codes': (ctx) =>
    db(ctx)
      .selectFrom('carts as c')
      .select(['c.id', 'c.coupon_count'])
      .where(
        sql<boolean>`c.coupon_count <>
          (select count(*) from cart_coupons as k where k.cart_id = c.id)`,
      )
      .execute(),

  'I-03 discounts never exceed what they are taken off, and parts make the total': (ctx) =>
    db(ctx)
      .selectFrom('carts')
      .select(['id', 'subtotal_amount', 'discount_amount', 'shipping_amount', 'total_amount'])
      .where(
        sql<boolean>`discount_amount > subtotal_amount + shipping_amount
          or total_amount not in (
            subtotal_amount - discount_amount + shipping_amount,
            subtotal_amount - discount_amount + shipping_amount + tax_amount)`,
      )
      .execute(),

  'an empty cart comes to nothing': (ctx) =>
    db(ctx)
      .selectFrom('carts')
      .select(['id', 'total_amount'])
      .where('line_count', '=', 0)
      .where('closed_as', 'is', null)
      .where('total_amount', '<>', 0)
      .execute(),

  'a variant stands on one line of a cart for each recipient, and there is such a variant': async (
    ctx,
  ) => {
    const { rows } = await sql<{ cart_id: string; variant_id: string }>`
      select l.cart_id, l.variant_id from cart_lines as l
      left join product_variants as v on v.id = l.variant_id
      group by l.cart_id, l.variant_id, coalesce(l.recipient_email, '')
      having count(*) > 1 or count(v.id) = 0`.execute(ctx.session.kysely)
    return rows
  },

  'only gift cards have a recipient': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select l.id from cart_lines as l
      left join product_variants as v on v.id = l.variant_id
      left join products as p on p.id = v.product_id
      where (l.recipient_email is not null and (p.is_gift_card is null or not p.is_gift_card))
        or (l.recipient_email is null
          and (l.recipient_name is not null or l.recipient_message is not null))`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'I-04 a cart that became an order is the cart of that order': async (ctx) => {
    const { rows } = await sql<{ id: string; order_id: string }>`
      select c.id, c.order_id from carts as c left join orders as o on o.id = c.order_id
      where c.order_id is not null and (o.id is null or o.cart_id is null or o.cart_id <> c.id)
      union all
      select o.cart_id, o.id from orders as o join carts as c on c.id = o.cart_id
      where c.order_id is null or c.order_id <> o.id`.execute(ctx.session.kysely)
    return rows
  },

  'a closed cart has not changed since': (ctx) =>
    db(ctx)
      .selectFrom('carts')
      .leftJoin('cart_lines', 'cart_lines.cart_id', 'carts.id')
      .select(['carts.id', 'carts.closed_at', 'carts.updated_at', 'cart_lines.updated_at as line'])
      .where('carts.closed_as', 'is not', null)
      .where((eb) =>
        eb.or([
          eb('carts.updated_at', '<>', eb.ref('carts.closed_at')),
          eb('cart_lines.updated_at', '>', eb.ref('carts.closed_at')),
        ]),
      )
      .execute(),

  "a guest's lines went to a customer, once": (ctx) =>
    db(ctx)
      .selectFrom('carts as c')
      .leftJoin('carts as t', 't.id', 'c.merged_into_id')
      .select(['c.id', 'c.merged_into_id'])
      .where('c.closed_as', '=', 'merged')
      .where((eb) => eb.or([eb('c.customer_id', 'is not', null), eb('t.customer_id', 'is', null)]))
      .where('t.id', 'is not', null)
      .execute(),
})
