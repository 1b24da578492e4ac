import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createVault: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('vault_tokens')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('token_hash', c.text, (col) => col.notNull())
      .addColumn('sealed_card', c.text)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('merchant_id', c.text, (col) => col.notNull())
      .addColumn('checkout_session_id', c.text, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('max_amount', c.amount, (col) => col.notNull())
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('used_at', c.instant)
      .addColumn('used_amount', c.amount)
      .addColumn('charge_key', c.text)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addUniqueConstraint('vault_tokens_by_hash', ['token_hash'])
      .addCheckConstraint(
        'vault_token_pays_within_its_allowance',
        sql`max_amount > 0 and (used_amount is null or used_amount between 0 and max_amount)`,
      )
      .addCheckConstraint(
        'vault_token_use',
        sql`(used_at is null) = (used_amount is null) and (used_at is null or used_at < expires_at)`,
      )
      .addCheckConstraint(
        'vault_card_is_opened_only_for_use',
        sql`charge_key is null or used_at is not null`,
      )
      .addCheckConstraint(
        'vault_card_is_sealed',
        sql`sealed_card is null or sealed_card like 'sealed:%'`,
      )
      .execute()
    await db.schema
      .createIndex('vault_tokens_unused_with_card')
      .on('vault_tokens')
      .column('expires_at')
      .where(sql`sealed_card is not null and used_at is null` as never)
      .execute()
    await db.schema
      .createIndex('vault_tokens_used_with_card')
      .on('vault_tokens')
      .column('used_at')
      .where(sql`sealed_card is not null and used_at is not null` as never)
      .execute()
    await db.schema
      .createIndex('vault_tokens_by_end')
      .on('vault_tokens')
      .column('expires_at')
      .execute()
  },
}
