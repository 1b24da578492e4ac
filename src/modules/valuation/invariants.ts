import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

const IN_TRANSIT = sql`shipped_quantity - received_quantity - lost_quantity - returned_quantity`

// I-28 is that of the field's model of a stock ledger.
export const valuationInvariants = defineInvariants('valuation', {
  'I-28 a value is what its entries add up to': async (ctx) => {
    const { rows } = await sql`
      select item_id from (
        select item_id, quantity as q, average_amount as a, fifo_amount as f from stock_values
        union all
        select item_id, -quantity_delta, -average_delta_amount, -fifo_delta_amount
          from value_entries) as both_sides
      group by item_id having sum(q) <> 0 or sum(a) <> 0 or sum(f) <> 0`.execute(ctx.session.kysely)
    return rows as { item_id: string }[]
  },

  'I-28 the layers that are left hold all units, and their value by FIFO': async (ctx) => {
    const { rows } = await sql`
      select item_id from (
        select item_id, quantity as q, fifo_amount as f from stock_values
        union all
        select item_id, -left_quantity, -left_amount from cost_layers where left_quantity > 0
      ) as both_sides
      group by item_id having sum(q) <> 0 or sum(f) <> 0`.execute(ctx.session.kysely)
    return rows as { item_id: string }[]
  },

  'what is valued is what is there: on shelves in any state, and in transit': async (ctx) => {
    const { rows } = await sql`
      select item_id from (
        select item_id, quantity as q from stock_values
        union all select item_id, -on_hand from stock_levels
        union all select item_id, -quantity from stock_states
        union all select item_id, -(${IN_TRANSIT}) from transfer_lines) as both_sides
      group by item_id having sum(q) <> 0`.execute(ctx.session.kysely)
    return rows as { item_id: string }[]
  },

  'each entry goes on where the one before it ended': async (ctx) => {
    const { rows } = await sql`
      select sequence, item_id from (
        select sequence, item_id, quantity_delta, quantity_after, average_delta_amount,
          average_after_amount, fifo_delta_amount, fifo_after_amount, occurred_at,
          coalesce(lag(quantity_after) over entries, 0) as q,
          coalesce(lag(average_after_amount) over entries, 0) as a,
          coalesce(lag(fifo_after_amount) over entries, 0) as f,
          lag(occurred_at) over entries as before
        from value_entries
        window entries as (partition by item_id order by sequence)) as e
      where q + quantity_delta <> quantity_after or a + average_delta_amount <> average_after_amount
        or f + fifo_delta_amount <> fifo_after_amount or before > occurred_at`.execute(
      ctx.session.kysely,
    )
    return rows as { item_id: string }[]
  },
})
