import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'
import { transferChecks } from './transfers/invariants.ts'

// Numbers I-20 … are those of the field's model of a stock ledger.
export const inventoryInvariants = defineInvariants('inventory', {
  ...transferChecks,

  'I-20 the ledger adds up to what lies at each location in each state': async (ctx) => {
    const { rows } = await sql<{ item_id: string }>`
      select item_id, location_id, state, sum(quantity) as difference from (
        select item_id, location_id, state_to as state, quantity from stock_movements
          where state_to is not null
        union all
        select item_id, location_id, state_from, -quantity from stock_movements
          where state_from is not null
        union all
        select item_id, location_id, 'sellable', -on_hand from stock_levels
        union all
        select item_id, location_id, state, -quantity from stock_states) as entries
      group by item_id, location_id, state having sum(quantity) <> 0`.execute(ctx.session.kysely)
    return rows
  },

  'I-21 no state is below zero, and none is where there is no level': (ctx) =>
    db(ctx)
      .selectFrom('stock_states as s')
      .leftJoin('stock_levels as l', (on) =>
        on.onRef('l.item_id', '=', 's.item_id').onRef('l.location_id', '=', 's.location_id'),
      )
      .select(['s.item_id', 's.location_id', 's.state', 's.quantity'])
      .where((eb) => eb.or([eb('s.quantity', '<', 0), eb('l.item_id', 'is', null)]))
      .execute(),

  'I-22 what is reserved is what open reservations hold': (ctx) =>
    db(ctx)
      .with('held', (q) =>
        q
          .selectFrom('reservations')
          .select(['item_id', 'location_id', (eb) => eb.fn.sum<number>('quantity').as('total')])
          .where('status', 'in', ['pending', 'confirmed'])
          .where('location_id', 'is not', null)
          .groupBy(['item_id', 'location_id']),
      )
      .selectFrom('stock_levels as l')
      .leftJoin('held as h', (on) =>
        on.onRef('h.item_id', '=', 'l.item_id').onRef('h.location_id', '=', 'l.location_id'),
      )
      .select(['l.item_id', 'l.location_id', 'l.reserved', 'h.total'])
      .where(sql<boolean>`l.reserved <> coalesce(h.total, 0)`)
      .execute(),

  'I-22 what waits for an item is what open reservations without a location ask': (ctx) =>
    db(ctx)
      .with('waiting', (q) =>
        q
          .selectFrom('reservations')
          .select(['item_id', (eb) => eb.fn.sum<number>('quantity').as('total')])
          .where('status', 'in', ['pending', 'confirmed'])
          .where('location_id', 'is', null)
          .groupBy('item_id'),
      )
      .selectFrom('inventory_items as i')
      .leftJoin('waiting as w', 'w.item_id', 'i.id')
      .select(['i.id', 'i.sku', 'i.backordered', 'w.total'])
      .where(sql<boolean>`i.backordered <> coalesce(w.total, 0)`)
      .execute(),

  'I-23 nothing is oversold': (ctx) =>
    db(ctx)
      .selectFrom('stock_levels')
      .select(['item_id', 'location_id', 'on_hand', 'reserved'])
      .where(sql<boolean>`reserved > on_hand or reserved < 0`)
      .execute(),

  'a shelf runs low at its own reorder point, else at its item’s': (ctx) =>
    db(ctx)
      .selectFrom('stock_levels as l')
      .innerJoin('inventory_items as i', 'i.id', 'l.item_id')
      .select(['l.item_id', 'l.location_id', 'l.low_at'])
      .where(sql<boolean>`coalesce(l.low_at, -1) <> coalesce(l.reorder_point, i.reorder_point, -1)`)
      .execute(),
})
