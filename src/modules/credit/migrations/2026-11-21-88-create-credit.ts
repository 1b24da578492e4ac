import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

export const createCredit: Migration = {
  async up(db, c) {
    await createAccounts(db, c)
    await createGiftCards(db, c)
    await createEntries(db, c)
    await db.schema
      .createTable('gift_card_guesses')
      .addColumn('caller', c.text, (col) => col.notNull().primaryKey())
      .addColumn('wrong_count', c.integer, (col) => col.notNull())
      .addColumn('window_started_at', c.instant, (col) => col.notNull())
      .execute()
  },
}

async function createAccounts(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('credit_accounts')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('balance_amount', c.amount, (col) => col.notNull())
    .addColumn('entries_count', c.integer, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('expires_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('credit_kind', sql`kind in ('gift_card', 'store_credit')`)
    .addCheckConstraint('credit_status', sql`status in ('active', 'disabled', 'expired')`)
    .addCheckConstraint('credit_is_never_overdrawn', sql`balance_amount >= 0`)
    .addCheckConstraint('credit_entries_are_counted', sql`entries_count >= 0`)
    .addCheckConstraint(
      'store_credit_is_somebodys',
      sql`kind = 'gift_card'
        or (customer_id is not null and status = 'active' and expires_at is null)`,
    )
    .execute()
  await db.schema
    .createIndex('store_credit_one_a_customer_and_currency')
    .on('credit_accounts')
    .columns(['customer_id', 'currency'])
    .unique()
    .where(sql`kind = 'store_credit'` as never)
    .execute()
  await db.schema
    .createIndex('credit_accounts_by_kind')
    .on('credit_accounts')
    .columns(['kind', 'status', 'id'])
    .execute()
  await db.schema
    .createIndex('credit_accounts_by_customer')
    .on('credit_accounts')
    .columns(['customer_id', 'kind', 'id'])
    .where(sql`customer_id is not null` as never)
    .execute()
  await db.schema
    .createIndex('credit_accounts_that_expire')
    .on('credit_accounts')
    .column('expires_at')
    .where(sql`status <> 'expired' and expires_at is not null` as never)
    .execute()
}

async function createGiftCards(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('gift_cards')
    .addColumn('account_id', c.id, (col) =>
      col.notNull().primaryKey().references('credit_accounts.id'),
    )
    .addColumn('code_hash', c.text, (col) => col.notNull())
    .addColumn('last_four', c.text, (col) => col.notNull())
    .addColumn('initial_amount', c.amount, (col) => col.notNull())
    .addColumn('recipient_name', c.text)
    .addColumn('recipient_email', c.text)
    .addColumn('message', c.text)
    .addColumn('note', c.text)
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addCheckConstraint('gift_card_initial_amount', sql`initial_amount > 0`)
    .addUniqueConstraint('gift_cards_by_code', ['code_hash'])
    .execute()
  await db.schema
    .createIndex('gift_cards_by_last_four')
    .on('gift_cards')
    .columns(['last_four', 'account_id'])
    .execute()
}

async function createEntries(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('credit_entries')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('account_id', c.id, (col) => col.notNull().references('credit_accounts.id'))
    .addColumn('sequence', c.integer, (col) => col.notNull())
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('balance_amount', c.amount, (col) => col.notNull())
    .addColumn('reference_type', c.text)
    .addColumn('reference_id', c.text)
    .addColumn('origin_id', c.id, (col) => col.references('credit_entries.id'))
    .addColumn('order_id', c.id)
    .addColumn('reason', c.text)
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addCheckConstraint(
      'credit_entry_kind',
      sql`kind in ('issued', 'topped_up', 'granted', 'deducted', 'taken', 'given_back', 'expired',
        'restored')`,
    )
    .addCheckConstraint(
      'credit_entry_direction',
      sql`amount <> 0 and (amount < 0) = (kind in ('deducted', 'taken', 'expired'))`,
    )
    .addCheckConstraint('credit_entry_balance', sql`balance_amount >= 0`)
    .addCheckConstraint(
      'credit_entry_reference',
      sql`(reference_type is null) = (reference_id is null)`,
    )
    .addCheckConstraint(
      'credit_entry_gives_something_back',
      sql`(kind = 'given_back') = (origin_id is not null)`,
    )
    .addUniqueConstraint('credit_entries_in_order', ['account_id', 'sequence'])
    .execute()
  await db.schema
    .createIndex('credit_entries_once_a_reference')
    .on('credit_entries')
    .columns(['reference_id', 'reference_type'])
    .unique()
    .where(sql`reference_id is not null` as never)
    .execute()
  await db.schema
    .createIndex('credit_entries_given_back')
    .on('credit_entries')
    .column('origin_id')
    .where(sql`origin_id is not null` as never)
    .execute()
  await db.schema
    .createIndex('credit_entries_by_time')
    .on('credit_entries')
    .column('created_at')
    .execute()
}
