import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

/**
 * What stock is worth. Units that are there already begin with the cost that was last told when
 * they were received, or with none.
 */
export const createValuation: Migration = {
  async up(db, c) {
    await createValues(db, c)
    await createLayers(db, c)
    await createEntries(db, c)
    await open(db)
  },
}

async function createValues(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('stock_values')
    .addColumn('item_id', c.id, (col) =>
      col.notNull().primaryKey().references('inventory_items.id'),
    )
    .addColumn('currency', c.text)
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('average_amount', c.amount, (col) => col.notNull())
    .addColumn('fifo_amount', c.amount, (col) => col.notNull())
    .addColumn('last_unit_amount', c.amount)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'value_is_never_below_zero',
      sql`quantity >= 0 and average_amount >= 0 and fifo_amount >= 0`,
    )
    .addCheckConstraint(
      'nothing_is_worth_nothing',
      sql`quantity > 0 or (average_amount = 0 and fifo_amount = 0)`,
    )
    .addCheckConstraint(
      'value_has_a_currency',
      sql`currency is not null or (average_amount = 0 and fifo_amount = 0)`,
    )
    .modifyEnd(c.keyed)
    .execute()
}

async function createLayers(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('cost_layers')
    .addColumn('sequence', c.sequence, (col) => col.notNull().primaryKey())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('movement_id', c.id)
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('left_quantity', c.quantity, (col) => col.notNull())
    .addColumn('left_amount', c.amount, (col) => col.notNull())
    .addColumn('received_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'layer_gives_no_more_than_it_has',
      sql`left_quantity between 0 and quantity and left_amount >= 0
        and (left_quantity > 0 or left_amount = 0)`,
    )
    .execute()
  await db.schema
    .createIndex('cost_layers_that_are_left')
    .on('cost_layers')
    .columns(['item_id', 'sequence'])
    .where(sql`left_quantity > 0` as never)
    .execute()
}

async function createEntries(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('value_entries')
    .addColumn('sequence', c.sequence, (col) => col.notNull().primaryKey())
    .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
    .addColumn('movement_id', c.id)
    .addColumn('kind', c.text, (col) => col.notNull())
    .addColumn('cost_source', c.text)
    .addColumn('quantity_delta', c.quantity, (col) => col.notNull())
    .addColumn('average_delta_amount', c.amount, (col) => col.notNull())
    .addColumn('fifo_delta_amount', c.amount, (col) => col.notNull())
    .addColumn('quantity_after', c.quantity, (col) => col.notNull())
    .addColumn('average_after_amount', c.amount, (col) => col.notNull())
    .addColumn('fifo_after_amount', c.amount, (col) => col.notNull())
    .addColumn('currency', c.text)
    .addColumn('reason', c.text)
    .addColumn('reference_type', c.text)
    .addColumn('reference_id', c.text)
    .addColumn('actor', c.text, (col) => col.notNull())
    .addColumn('occurred_at', c.instant, (col) => col.notNull())
    .execute()
  // What an item was worth at an instant is its last entry until then.
  await db.schema
    .createIndex('value_entries_by_item')
    .on('value_entries')
    .columns(['item_id', 'occurred_at', 'sequence'])
    .execute()
}

const IN_TRANSIT = sql`shipped_quantity - received_quantity - lost_quantity - returned_quantity`

async function open(db: Kysely<any>): Promise<void> {
  await sql`insert into stock_values (item_id, currency, quantity, average_amount, fifo_amount,
      last_unit_amount, version, updated_at)
    select u.item_id, m.currency, u.quantity, coalesce(m.unit_cost_amount, 0) * u.quantity,
      coalesce(m.unit_cost_amount, 0) * u.quantity, m.unit_cost_amount, 1, i.updated_at
    from (select item_id, sum(quantity) as quantity from (
        select item_id, on_hand as quantity from stock_levels
        union all select item_id, quantity from stock_states
        union all select item_id, ${IN_TRANSIT} from transfer_lines) as every_place
      group by item_id) as u
    join inventory_items as i on i.id = u.item_id
    left join stock_movements as m on m.sequence = (select max(s.sequence) from stock_movements as s
      where s.item_id = u.item_id and s.unit_cost_amount is not null)
    where u.quantity > 0`.execute(db)
  await sql`insert into cost_layers (item_id, quantity, amount, left_quantity, left_amount,
      received_at)
    select item_id, quantity, fifo_amount, quantity, fifo_amount, updated_at
    from stock_values order by item_id`.execute(db)
  await sql`insert into value_entries (item_id, kind, cost_source, quantity_delta,
      average_delta_amount, fifo_delta_amount, quantity_after, average_after_amount,
      fifo_after_amount, currency, actor, occurred_at)
    select item_id, 'opening', case when last_unit_amount is null then 'unknown' else 'last' end,
      quantity, average_amount, fifo_amount, quantity, average_amount, fifo_amount, currency,
      'system', updated_at
    from stock_values order by item_id`.execute(db)
}
