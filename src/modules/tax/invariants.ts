import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

export const taxInvariants = defineInvariants('tax', {
  'the class standard is there': async (ctx) => {
    const found = await db(ctx)
      .selectFrom('tax_classes')
      .select('id')
      .where('code', '=', 'standard')
      .where('archived_at', 'is', null)
      .execute()
    return found.length === 1 ? [] : [{ found: found.length }]
  },

  'no two rates of one name, place and class are in force at once': (ctx) =>
    db(ctx)
      .selectFrom('tax_rates as a')
      .innerJoin('tax_rates as b', (on) =>
        on
          .onRef('b.country', '=', 'a.country')
          .onRef('b.region', '=', 'a.region')
          .onRef('b.postal_prefix', '=', 'a.postal_prefix')
          .onRef('b.tax_class', '=', 'a.tax_class')
          .onRef('b.name', '=', 'a.name')
          .onRef('b.id', '>', 'a.id'),
      )
      .select(['a.id', 'b.id as other_id'])
      .where('a.archived_at', 'is', null)
      .where('b.archived_at', 'is', null)
      .where(sql<boolean>`(b.valid_until is null or b.valid_until > a.valid_from)`)
      .where(sql<boolean>`(a.valid_until is null or a.valid_until > b.valid_from)`)
      .execute(),

  'a rate in use is of a class in use': (ctx) =>
    db(ctx)
      .selectFrom('tax_rates as r')
      .innerJoin('tax_classes as c', 'c.code', 'r.tax_class')
      .select(['r.id', 'c.code'])
      .where('r.archived_at', 'is', null)
      .where('c.archived_at', 'is not', null)
      .execute(),
})
