import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

export const shippingInvariants = defineInvariants('shipping', {
  'every zone has an area and every method a rate': async (ctx) => {
    const zones = await db(ctx)
      .selectFrom('shipping_zones as z')
      .leftJoin('shipping_zone_areas as a', 'a.zone_id', 'z.id')
      .select('z.id')
      .where('a.zone_id', 'is', null)
      .execute()
    const methods = await db(ctx)
      .selectFrom('shipping_methods as m')
      .leftJoin('shipping_rates as r', 'r.method_id', 'm.id')
      .select('m.id')
      .where('r.method_id', 'is', null)
      .execute()
    return [...zones, ...methods]
  },

  'I-70 no cart fits two rates of one method': (ctx) =>
    db(ctx)
      .selectFrom('shipping_rates as a')
      .innerJoin('shipping_rates as b', (on) =>
        on.onRef('b.method_id', '=', 'a.method_id').onRef('b.position', '>', 'a.position'),
      )
      .select(['a.method_id', 'a.position', 'b.position as other_position'])
      .where(sql<boolean>`coalesce(a.max_weight_grams > b.min_weight_grams, true)`)
      .where(sql<boolean>`coalesce(b.max_weight_grams > a.min_weight_grams, true)`)
      .where(sql<boolean>`coalesce(a.max_subtotal_amount > b.min_subtotal_amount, true)`)
      .where(sql<boolean>`coalesce(b.max_subtotal_amount > a.min_subtotal_amount, true)`)
      .execute(),

  'a method in use goes to a zone in use': (ctx) =>
    db(ctx)
      .selectFrom('shipping_methods as m')
      .innerJoin('shipping_zones as z', 'z.id', 'm.zone_id')
      .select(['m.id', 'z.name'])
      .where('m.archived_at', 'is', null)
      .where('z.archived_at', 'is not', null)
      .execute(),
})
