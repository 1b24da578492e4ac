import type { Loader } from './load-sql.ts'

/** What a unit cost, in minor units. */
const UNIT_COST = 250

/** What the loaded stock is worth, as the migration values what was there before it. */
export async function loadValues({ run }: Loader): Promise<void> {
  await run(`insert into stock_values (item_id, currency, quantity, average_amount, fifo_amount,
      last_unit_amount, version, updated_at)
    select item_id, 'USD', sum(on_hand), ${UNIT_COST} * sum(on_hand), ${UNIT_COST} * sum(on_hand),
      ${UNIT_COST}, 1, max(updated_at)
    from stock_levels group by item_id having sum(on_hand) > 0`)
  await run(`insert into cost_layers (item_id, quantity, amount, left_quantity, left_amount,
      received_at)
    select item_id, quantity, fifo_amount, quantity, fifo_amount, updated_at
    from stock_values order by item_id`)
  await run(`insert into value_entries (item_id, kind, cost_source, quantity_delta,
      average_delta_amount, fifo_delta_amount, quantity_after, average_after_amount,
      fifo_after_amount, currency, actor, occurred_at)
    select item_id, 'opening', 'last', quantity, average_amount, fifo_amount, quantity,
      average_amount, fifo_amount, currency, 'system', updated_at
    from stock_values order by item_id`)
}
