import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const createWarranties: Migration = {
  async up(db, c) {
    await createPlans(db, c)
    await createCoverage(db, c)
    await createClaims(db, c)
    await createRemedies(db, c)
  },
}

async function createPlans(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('warranty_plans')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('code', c.text, (col) => col.notNull())
    .addColumn('code_key', c.text, (col) => col.notNull())
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('terms', c.text, (col) => col.notNull())
    .addColumn('term_months', c.integer, (col) => col.notNull())
    .addColumn('starts', c.status, (col) => col.notNull())
    .addColumn('activate_within_days', c.integer)
    .addColumn('transferable', c.boolean, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('warranty_plans_by_code', ['code_key'])
    .addCheckConstraint('warranty_plan_term', sql`term_months > 0`)
    .addCheckConstraint('warranty_plan_starts', sql`starts in ('delivery', 'activation')`)
    .addCheckConstraint(
      'warranty_plan_activation',
      sql`activate_within_days is null or (starts = 'activation' and activate_within_days > 0)`,
    )
    .addCheckConstraint('warranty_plan_status', sql`status in ('active', 'archived')`)
    .execute()
  await db.schema
    .createTable('warranty_plan_products')
    .addColumn('product_id', c.id, (col) => col.notNull().primaryKey().references('products.id'))
    .addColumn('plan_id', c.id, (col) => col.notNull().references('warranty_plans.id'))
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createIndex('warranty_plan_products_by_plan')
    .on('warranty_plan_products')
    .columns(['plan_id', 'product_id'])
    .execute()
}

async function createCoverage(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('warranties')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('number', c.integer, (col) => col.notNull())
    .addColumn('plan_id', c.id, (col) => col.references('warranty_plans.id'))
    .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
    .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
    .addColumn('order_id', c.id)
    .addColumn('order_line_id', c.id)
    .addColumn('shipment_id', c.id)
    .addColumn('serial_number', c.text)
    .addColumn('serial_key', c.text)
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('claimed_quantity', c.quantity, (col) => col.notNull())
    .addColumn('ended_quantity', c.quantity, (col) => col.notNull())
    .addColumn('warranty_type', c.text, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('terms', c.text)
    .addColumn('transferable', c.boolean, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('start_at', c.instant)
    .addColumn('end_at', c.instant)
    .addColumn('term_months', c.integer)
    .addColumn('fixed_end_at', c.instant)
    .addColumn('extended_months', c.integer, (col) => col.notNull())
    .addColumn('activate_by', c.instant)
    .addColumn('replaces_id', c.id, (col) => col.references('warranties.id'))
    .addColumn('claim_id', c.id)
    .addColumn('void_reason', c.text)
    .addColumn('expiring_told_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('warranties_by_number', ['number'])
    .addCheckConstraint(
      'warranty_status',
      sql`status in ('pending', 'active', 'expired', 'ended', 'void')`,
    )
    .addCheckConstraint(
      'warranty_units',
      sql`quantity > 0 and claimed_quantity >= 0 and ended_quantity >= 0
        and claimed_quantity + ended_quantity <= quantity`,
    )
    .addCheckConstraint(
      'warranty_serial',
      sql`(serial_number is null) = (serial_key is null) and (serial_key is null or quantity = 1)`,
    )
    .addCheckConstraint('warranty_term', sql`(term_months is null) <> (fixed_end_at is null)`)
    .addCheckConstraint(
      'warranty_time',
      sql`(start_at is null) = (end_at is null) and start_at < end_at and extended_months >= 0`,
    )
    .addCheckConstraint(
      'warranty_begins',
      sql`status not in ('active', 'expired', 'ended') or start_at is not null`,
    )
    .addCheckConstraint(
      'warranty_is_void_for_a_reason',
      sql`(status = 'void') = (void_reason is not null)`,
    )
    .addCheckConstraint(
      'warranty_ends_with_its_last_unit',
      sql`(status = 'ended') = (ended_quantity = quantity)`,
    )
    .execute()
  await createCoverageIndexes(db)
  await createNumbers(db, c, 'warranties', 1_000_001)
}

async function createCoverageIndexes(db: Kysely<any>) {
  await db.schema
    .createIndex('warranties_one_a_serial')
    .on('warranties')
    .columns(['serial_key', 'product_id'])
    .unique()
    .where(sql`serial_key is not null and status in ('pending', 'active')` as never)
    .execute()
  await db.schema
    .createIndex('warranties_once_a_delivery')
    .on('warranties')
    .columns(['shipment_id', 'order_line_id', sql`coalesce(serial_key, '')` as never])
    .unique()
    .where(sql`shipment_id is not null` as never)
    .execute()
  const lists = {
    warranties_by_customer: ['customer_id', 'id'],
    warranties_by_product: ['product_id', 'id'],
    warranties_by_status: ['status', 'id'],
    warranties_by_order: ['order_id', 'id'],
    warranties_by_serial: ['serial_key', 'id'],
    warranties_by_time: ['created_at'],
    warranties_by_replaced: ['replaces_id'],
  }
  for (const [name, columns] of Object.entries(lists)) {
    await db.schema.createIndex(name).on('warranties').columns(columns).execute()
  }
  await db.schema
    .createIndex('warranties_that_end')
    .on('warranties')
    .column('end_at')
    .where(sql`status = 'active'` as never)
    .execute()
  await db.schema
    .createIndex('warranties_that_end_untold')
    .on('warranties')
    .column('end_at')
    .where(sql`status = 'active' and expiring_told_at is null` as never)
    .execute()
  await db.schema
    .createIndex('warranties_that_begin')
    .on('warranties')
    .column('activate_by')
    .where(sql`status = 'pending' and activate_by is not null` as never)
    .execute()
}

async function createClaims(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('warranty_claims')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('number', c.integer, (col) => col.notNull())
    .addColumn('warranty_id', c.id, (col) => col.notNull().references('warranties.id'))
    .addColumn('product_id', c.id, (col) => col.notNull().references('products.id'))
    .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('description', c.text, (col) => col.notNull())
    .addColumn('evidence', c.json, (col) => col.notNull())
    .addColumn('contact_email', c.text)
    .addColumn('contact_phone', c.text)
    .addColumn('incident_at', c.instant, (col) => col.notNull())
    .addColumn('preferred_remedy', c.status)
    .addColumn('override_reason', c.text)
    .addColumn('resolution', c.text)
    .addColumn('notes', c.text)
    .addColumn('remedy', c.status)
    .addColumn('decided_by', c.text)
    .addColumn('decided_at', c.instant)
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addUniqueConstraint('warranty_claims_by_number', ['number'])
    .addCheckConstraint(
      'warranty_claim_status',
      sql`status in ('submitted', 'approved', 'rejected', 'fulfilled', 'withdrawn', 'closed')`,
    )
    .addCheckConstraint('warranty_claim_units', sql`quantity > 0`)
    .addCheckConstraint(
      'warranty_claim_preferred_remedy',
      sql`preferred_remedy in ('repair', 'replace', 'refund', 'credit')`,
    )
    .addCheckConstraint(
      'warranty_claim_remedy',
      sql`remedy in ('repair', 'replace', 'refund', 'credit')`,
    )
    .addCheckConstraint(
      'warranty_claim_decision',
      sql`status in ('submitted', 'withdrawn')
        or (decided_at is not null and resolution is not null)`,
    )
    .execute()
  const lists = {
    warranty_claims_by_warranty: ['warranty_id', 'id'],
    warranty_claims_by_customer: ['customer_id', 'id'],
    warranty_claims_by_status: ['status', 'id'],
    warranty_claims_by_product: ['product_id', 'id'],
    warranty_claims_by_time: ['created_at'],
  }
  for (const [name, columns] of Object.entries(lists)) {
    await db.schema.createIndex(name).on('warranty_claims').columns(columns).execute()
  }
  await createNumbers(db, c, 'warranty_claims', 1_000_001)
}

async function createRemedies(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('warranty_remedies')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('claim_id', c.id, (col) => col.notNull().references('warranty_claims.id'))
    .addColumn('warranty_id', c.id, (col) => col.notNull().references('warranties.id'))
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('quantity', c.quantity, (col) => col.notNull())
    .addColumn('currency', c.text)
    .addColumn('amount', c.amount)
    .addColumn('order_id', c.id)
    .addColumn('return_id', c.id)
    .addColumn('exchange_id', c.id)
    .addColumn('order_refund_id', c.id)
    .addColumn('credit_account_id', c.id)
    .addColumn('replacement_id', c.id, (col) => col.references('warranties.id'))
    .addColumn('note', c.text)
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'warranty_remedy_kind',
      sql`kind in ('repair', 'replace', 'refund', 'credit')`,
    )
    .addCheckConstraint('warranty_remedy_units', sql`quantity > 0`)
    .addCheckConstraint('warranty_remedy_money', sql`(currency is null) = (amount is null)`)
    .addCheckConstraint(
      'warranty_remedy_credit',
      sql`(kind = 'credit') = (credit_account_id is not null)
        and (kind <> 'credit' or amount > 0)`,
    )
    .execute()
  await db.schema
    .createIndex('warranty_remedies_one_that_settles')
    .on('warranty_remedies')
    .column('claim_id')
    .unique()
    .where(sql`kind <> 'repair'` as never)
    .execute()
  await db.schema
    .createIndex('warranty_remedies_by_claim')
    .on('warranty_remedies')
    .columns(['claim_id', 'id'])
    .execute()
  await db.schema
    .createIndex('warranty_remedies_by_warranty')
    .on('warranty_remedies')
    .column('warranty_id')
    .execute()
  await db.schema
    .createIndex('warranty_remedies_by_order')
    .on('warranty_remedies')
    .column('order_id')
    .where(sql`order_id is not null` as never)
    .execute()
}
