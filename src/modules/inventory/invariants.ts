import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

// Numbers I-20 … are those of the field's model of a stock ledger.
export const inventoryInvariants = defineInvariants('inventory', {
  'I-20 the ledger adds up to what is on hand': (ctx) =>
    db(ctx)
      .with('ledger', (q) =>
        q
          .selectFrom('stock_movements')
          .select(['item_id', 'location_id'])
          .select(
            sql<number>`sum(case when state_to = 'sellable' then quantity else 0 end
              - case when state_from = 'sellable' then quantity else 0 end)`.as('total'),
          )
          .groupBy(['item_id', 'location_id']),
      )
      .selectFrom('stock_levels as l')
      .leftJoin('ledger as m', (on) =>
        on.onRef('m.item_id', '=', 'l.item_id').onRef('m.location_id', '=', 'l.location_id'),
      )
      .select(['l.item_id', 'l.location_id', 'l.on_hand', 'm.total'])
      .where(sql<boolean>`l.on_hand <> coalesce(m.total, 0)`)
      .execute(),

  'I-20 nothing moves where there is no level': (ctx) =>
    db(ctx)
      .selectFrom('stock_movements as m')
      .leftJoin('stock_levels as l', (on) =>
        on.onRef('m.item_id', '=', 'l.item_id').onRef('m.location_id', '=', 'l.location_id'),
      )
      .select(['m.id'])
      .where('l.item_id', 'is', null)
      .execute(),

  'I-22 what is reserved is what open reservations hold': (ctx) =>
    db(ctx)
      .with('held', (q) =>
        q
          .selectFrom('reservations')
          .select(['item_id', 'location_id', (eb) => eb.fn.sum<number>('quantity').as('total')])
          .where('status', 'in', ['pending', 'confirmed'])
          .groupBy(['item_id', 'location_id']),
      )
      .selectFrom('stock_levels as l')
      .leftJoin('held as h', (on) =>
        on.onRef('h.item_id', '=', 'l.item_id').onRef('h.location_id', '=', 'l.location_id'),
      )
      .select(['l.item_id', 'l.location_id', 'l.reserved', 'h.total'])
      .where(sql<boolean>`l.reserved <> coalesce(h.total, 0)`)
      .execute(),

  'I-23 nothing is oversold': (ctx) =>
    db(ctx)
      .selectFrom('stock_levels')
      .select(['item_id', 'location_id', 'on_hand', 'reserved'])
      .where(sql<boolean>`reserved > on_hand or reserved < 0`)
      .execute(),
})
