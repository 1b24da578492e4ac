import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

export const createAgents: Migration = {
  async up(db, c) {
    await createIdentities(db, c)
    await createSpending(db, c)
    await createDemand(db, c)
  },
}

async function createIdentities(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('agents')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('api_key_id', c.id, (col) => col.references('api_keys.id'))
    .addColumn('paused_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .execute()
  await db.schema
    .createIndex('agents_by_key')
    .unique()
    .on('agents')
    .column('api_key_id')
    .where('api_key_id', 'is not', null)
    .execute()
  await db.schema
    .createTable('agent_limits')
    .addColumn('agent_id', c.id, (col) => col.notNull().references('agents.id'))
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('per_cart_amount', c.amount)
    .addColumn('per_day_amount', c.amount)
    .addPrimaryKeyConstraint('agent_limits_key', ['agent_id', 'currency'])
    .addCheckConstraint('agent_limit_amounts', sql`per_cart_amount >= 0 and per_day_amount >= 0`)
    .modifyEnd(c.keyed)
    .execute()
}

async function createSpending(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('agent_additions')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('agent_id', c.id, (col) => col.notNull().references('agents.id'))
    .addColumn('cart_id', c.id, (col) => col.notNull())
    .addColumn('customer_id', c.id, (col) => col.notNull())
    .addColumn('variant_id', c.id)
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('agent_addition_amounts', sql`quantity > 0 and amount >= 0`)
    .execute()
  await db.schema
    .createIndex('agent_additions_by_agent')
    .on('agent_additions')
    .columns(['agent_id', 'id'])
    .execute()
  await db.schema
    .createTable('agent_days')
    .addColumn('agent_id', c.id, (col) => col.notNull().references('agents.id'))
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('agent_days_key', ['agent_id', 'currency', 'day'])
    .addCheckConstraint('agent_day_amount', sql`amount >= 0`)
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createTable('agent_carts')
    .addColumn('agent_id', c.id, (col) => col.notNull().references('agents.id'))
    .addColumn('cart_id', c.id, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('agent_carts_key', ['agent_id', 'cart_id', 'currency'])
    .addCheckConstraint('agent_cart_amount', sql`amount >= 0`)
    .modifyEnd(c.keyed)
    .execute()
}

async function createDemand(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('demand_orders')
    .addColumn('order_id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('product_ids', c.json, (col) => col.notNull())
    .addColumn('product_count', c.integer, (col) => col.notNull())
    .execute()
  await db.schema
    .createTable('product_demand_days')
    .addColumn('day', c.text, (col) => col.notNull())
    .addColumn('product_id', c.id, (col) => col.notNull())
    .addColumn('orders', c.integer, (col) => col.notNull())
    .addPrimaryKeyConstraint('product_demand_days_key', ['day', 'product_id'])
    .addCheckConstraint('product_demand_day_orders', sql`orders >= 0`)
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createTable('product_demand')
    .addColumn('product_id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('orders', c.integer, (col) => col.notNull())
    .addCheckConstraint('product_demand_orders', sql`orders >= 0`)
    .execute()
  await db.schema
    .createIndex('product_demand_by_orders')
    .on('product_demand')
    .columns(['orders', 'product_id'])
    .execute()
  await db.schema
    .createTable('product_pairs')
    .addColumn('product_id', c.id, (col) => col.notNull())
    .addColumn('other_id', c.id, (col) => col.notNull())
    .addColumn('orders', c.integer, (col) => col.notNull())
    .addPrimaryKeyConstraint('product_pairs_key', ['product_id', 'other_id'])
    .addCheckConstraint('product_pair_orders', sql`orders >= 0 and product_id <> other_id`)
    .execute()
  await db.schema
    .createIndex('product_pairs_by_orders')
    .on('product_pairs')
    .columns(['product_id', 'orders', 'other_id'])
    .execute()
}
