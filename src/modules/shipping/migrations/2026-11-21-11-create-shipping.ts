import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

export const createShipping: Migration = {
  async up(db, c) {
    await createZones(db, c)
    await createMethods(db, c)
  },
}

async function createZones(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('shipping_zones')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('name_key', c.text, (col) => col.notNull())
    .addColumn('archived_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .execute()
  await db.schema
    .createIndex('shipping_zones_by_name')
    .on('shipping_zones')
    .column('name_key')
    .unique()
    .where(sql.ref('archived_at'), 'is', null)
    .execute()

  await db.schema
    .createTable('shipping_zone_areas')
    .addColumn('zone_id', c.id, (col) => col.notNull().references('shipping_zones.id'))
    .addColumn('country', c.text, (col) => col.notNull())
    .addColumn('region', c.text, (col) => col.notNull())
    .addColumn('postal_prefix', c.text, (col) => col.notNull())
    .addPrimaryKeyConstraint('shipping_zone_areas_pkey', [
      'zone_id',
      'country',
      'region',
      'postal_prefix',
    ])
    .addCheckConstraint('shipping_area_country', sql`length(country) = 2`)
    .modifyEnd(c.keyed)
    .execute()
}

async function createMethods(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('shipping_methods')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('zone_id', c.id, (col) => col.references('shipping_zones.id'))
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('tax_class', c.text, (col) => col.notNull().references('tax_classes.code'))
    .addColumn('estimated_days_min', c.integer, (col) => col.notNull())
    .addColumn('estimated_days_max', c.integer, (col) => col.notNull())
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('is_active', c.boolean, (col) => col.notNull())
    .addColumn('archived_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'shipping_days',
      sql`0 <= estimated_days_min and estimated_days_min <= estimated_days_max`,
    )
    .execute()
  await db.schema
    .createIndex('shipping_methods_one_a_zone')
    .on('shipping_methods')
    .columns(['code', 'currency', 'zone_id'])
    .unique()
    .where(sql`archived_at is null and zone_id is not null` as never)
    .execute()
  await db.schema
    .createIndex('shipping_methods_one_everywhere')
    .on('shipping_methods')
    .columns(['code', 'currency'])
    .unique()
    .where(sql`archived_at is null and zone_id is null` as never)
    .execute()
  await db.schema
    .createIndex('shipping_methods_by_zone')
    .on('shipping_methods')
    .columns(['zone_id', 'id'])
    .execute()

  await db.schema
    .createTable('shipping_rates')
    .addColumn('method_id', c.id, (col) => col.notNull().references('shipping_methods.id'))
    .addColumn('position', c.integer, (col) => col.notNull())
    .addColumn('min_weight_grams', c.integer, (col) => col.notNull())
    .addColumn('max_weight_grams', c.integer)
    .addColumn('min_subtotal_amount', c.amount, (col) => col.notNull())
    .addColumn('max_subtotal_amount', c.amount)
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addPrimaryKeyConstraint('shipping_rates_pkey', ['method_id', 'position'])
    .addCheckConstraint('shipping_rate_amount', sql`amount >= 0`)
    .addCheckConstraint(
      'shipping_rate_weights',
      sql`min_weight_grams >= 0
        and (max_weight_grams is null or max_weight_grams > min_weight_grams)`,
    )
    .addCheckConstraint(
      'shipping_rate_subtotals',
      sql`min_subtotal_amount >= 0
        and (max_subtotal_amount is null or max_subtotal_amount > min_subtotal_amount)`,
    )
    .modifyEnd(c.keyed)
    .execute()
}
