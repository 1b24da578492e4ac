import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

const LIVE_CODE = sql`archived_at is null` as never
const LIVE_REDEMPTION = sql`given_back_at is null` as never

export const createPromotions: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('promotions')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('label', c.text, (col) => col.notNull())
      .addColumn('search_text', c.text, (col) => col.notNull())
      .addColumn('code', c.text)
      .addColumn('automatic', c.boolean, (col) => col.notNull())
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('rate_ppm', c.integer)
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('starts_at', c.instant)
      .addColumn('ends_at', c.instant)
      .addColumn('usage_limit', c.integer)
      .addColumn('usage_limit_per_customer', c.integer)
      .addColumn('exclusive', c.boolean, (col) => col.notNull())
      .addColumn('priority', c.integer, (col) => col.notNull())
      .addColumn('for_items', c.status, (col) => col.notNull())
      .addColumn('for_customers', c.status, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('archived_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('promotion_kind', sql`kind in ('percent', 'fixed', 'free_shipping')`)
      .addCheckConstraint(
        'promotion_status',
        sql`status in ('draft', 'active', 'paused', 'archived')`,
      )
      .addCheckConstraint('promotion_for_items', sql`for_items in ('all', 'listed')`)
      .addCheckConstraint('promotion_for_customers', sql`for_customers in ('all', 'listed')`)
      .addCheckConstraint(
        'promotion_rate',
        sql`(kind = 'percent') = (rate_ppm is not null)
          and (rate_ppm is null or rate_ppm between 1 and 1000000)`,
      )
      .addCheckConstraint('promotion_automatic_has_no_code', sql`not automatic or code is null`)
      .addCheckConstraint('promotion_dates', sql`starts_at < ends_at`)
      .addCheckConstraint(
        'promotion_limits',
        sql`usage_limit >= 1 and usage_limit_per_customer >= 1`,
      )
      .addCheckConstraint(
        'promotion_is_archived_when_it_says_so',
        sql`(status = 'archived') = (archived_at is not null)`,
      )
      .execute()
    await db.schema
      .createIndex('promotions_by_status')
      .on('promotions')
      .columns(['status', 'id'])
      .execute()
    await db.schema
      .createIndex('promotions_by_kind')
      .on('promotions')
      .columns(['kind', 'id'])
      .execute()
    await db.schema
      .createIndex('promotions_that_apply_by_themselves')
      .on('promotions')
      .columns(['automatic', 'status', 'id'])
      .execute()

    await db.schema
      .createTable('promotion_amounts')
      .addColumn('promotion_id', c.id, (col) => col.notNull().references('promotions.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('fixed_amount', c.amount)
      .addColumn('minimum_amount', c.amount)
      .addPrimaryKeyConstraint('promotion_amounts_pkey', ['promotion_id', 'currency'])
      .addCheckConstraint('promotion_fixed_amount', sql`fixed_amount > 0`)
      .addCheckConstraint('promotion_minimum_amount', sql`minimum_amount >= 0`)
      .modifyEnd(c.keyed)
      .execute()

    await db.schema
      .createTable('promotion_targets')
      .addColumn('promotion_id', c.id, (col) => col.notNull().references('promotions.id'))
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('target_id', c.id, (col) => col.notNull())
      .addPrimaryKeyConstraint('promotion_targets_pkey', ['promotion_id', 'target_id', 'kind'])
      .addCheckConstraint(
        'promotion_target_kind',
        sql`kind in ('product', 'variant', 'category', 'customer')`,
      )
      .modifyEnd(c.keyed)
      .execute()

    await db.schema
      .createTable('promotion_codes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('promotion_id', c.id, (col) => col.notNull().references('promotions.id'))
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('code_key', c.text, (col) => col.notNull())
      .addColumn('is_main', c.boolean, (col) => col.notNull())
      .addColumn('usage_limit', c.integer)
      .addColumn('archived_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('promotion_code_limit', sql`usage_limit >= 1`)
      .execute()
    await db.schema
      .createIndex('promotion_codes_mean_one_thing')
      .on('promotion_codes')
      .column('code_key')
      .unique()
      .where(LIVE_CODE)
      .execute()
    await db.schema
      .createIndex('promotion_codes_one_main')
      .on('promotion_codes')
      .column('promotion_id')
      .unique()
      .where(sql`is_main and archived_at is null` as never)
      .execute()
    await db.schema
      .createIndex('promotion_codes_by_key')
      .on('promotion_codes')
      .columns(['code_key', 'promotion_id'])
      .execute()
    await db.schema
      .createIndex('promotion_codes_by_promotion')
      .on('promotion_codes')
      .columns(['promotion_id', 'id'])
      .execute()

    await db.schema
      .createTable('promotion_redemptions')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('promotion_id', c.id, (col) => col.notNull().references('promotions.id'))
      .addColumn('code_id', c.id, (col) => col.references('promotion_codes.id'))
      .addColumn('code', c.text)
      .addColumn('order_id', c.id, (col) => col.notNull())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('redeemed_at', c.instant, (col) => col.notNull())
      .addColumn('given_back_at', c.instant)
      .addCheckConstraint('redemption_amount_is_not_negative', sql`amount >= 0`)
      .addCheckConstraint('redemption_names_its_code', sql`(code_id is null) = (code is null)`)
      .execute()
    await db.schema
      .createIndex('redemptions_once_an_order')
      .on('promotion_redemptions')
      .columns(['order_id', 'promotion_id'])
      .unique()
      .execute()
    await db.schema
      .createIndex('redemptions_by_promotion')
      .on('promotion_redemptions')
      .columns(['promotion_id', 'id'])
      .execute()
    // What limits are counted by: of a promotion, of a customer in it, of a code.
    await db.schema
      .createIndex('redemptions_that_count')
      .on('promotion_redemptions')
      .columns(['promotion_id', 'customer_id'])
      .where(LIVE_REDEMPTION)
      .execute()
    await db.schema
      .createIndex('redemptions_that_count_for_a_code')
      .on('promotion_redemptions')
      .column('code_id')
      .where(LIVE_REDEMPTION)
      .execute()
  },
}
