import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

export const createWoocommerce: Migration = {
  async up(db, c) {
    await createRefs(db, c)
    await createSyncs(db, c)
    await createInbox(db, c)
  },
}

async function createRefs(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('woo_refs')
    .addColumn('kind', c.text, (col) => col.notNull())
    .addColumn('external_id', c.text, (col) => col.notNull())
    .addColumn('entity_id', c.id, (col) => col.notNull())
    .addColumn('parent_external_id', c.text)
    .addColumn('snapshot', c.json)
    .addColumn('remote_modified_at', c.instant)
    .addColumn('synced_at', c.instant, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addPrimaryKeyConstraint('woo_refs_by_external_id', ['kind', 'external_id'])
    .addUniqueConstraint('woo_refs_by_entity', ['kind', 'entity_id'])
    .addCheckConstraint('woo_ref_kind', sql`kind in ('product', 'variant', 'order')`)
    .execute()
}

async function createSyncs(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('woo_syncs')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('kind', c.text, (col) => col.notNull())
    .addColumn('subject', c.text, (col) => col.notNull())
    .addColumn('options', c.json, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('attempts', c.integer, (col) => col.notNull())
    .addColumn('due_at', c.instant, (col) => col.notNull())
    .addColumn('asked_at', c.instant)
    .addColumn('outcome', c.text)
    .addColumn('external_id', c.text)
    .addColumn('fields', c.json, (col) => col.notNull())
    .addColumn('note', c.text)
    .addColumn('error', c.text)
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('finished_at', c.instant)
    .addCheckConstraint('woo_sync_status', sql`status in ('waiting', 'running', 'done', 'failed')`)
    .addCheckConstraint(
      'woo_sync_end',
      sql`(status in ('done', 'failed')) = (finished_at is not null)`,
    )
    .addCheckConstraint(
      'woo_sync_kind',
      sql`kind in ('product', 'stock', 'order', 'order_status', 'pull_product', 'pull_order')`,
    )
    .addCheckConstraint(
      'woo_sync_outcome_word',
      sql`outcome in ('created', 'updated', 'pulled', 'merged', 'skipped')`,
    )
    .addCheckConstraint('woo_sync_outcome', sql`(status = 'done') = (outcome is not null)`)
    .execute()
  // What waits already need not be asked for again: changes that follow each other are one sync.
  await db.schema
    .createIndex('woo_syncs_one_waits')
    .on('woo_syncs')
    .columns(['kind', 'subject'])
    .unique()
    .where(sql`status = 'waiting'` as never)
    .execute()
  await db.schema
    .createIndex('woo_syncs_running')
    .on('woo_syncs')
    .columns(['kind', 'subject'])
    .where(sql`status = 'running'` as never)
    .execute()
  await db.schema
    .createIndex('woo_syncs_by_subject')
    .on('woo_syncs')
    .columns(['subject', 'id'])
    .execute()
  await db.schema
    .createIndex('woo_syncs_by_status')
    .on('woo_syncs')
    .columns(['status', 'id'])
    .execute()
}

async function createInbox(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('woo_webhooks')
    .addColumn('delivery_id', c.text, (col) => col.notNull().primaryKey())
    .addColumn('topic', c.text, (col) => col.notNull())
    .addColumn('external_id', c.text)
    .addColumn('modified_at', c.instant)
    .addColumn('effect', c.text, (col) => col.notNull())
    .addColumn('received_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('woo_webhook_effect', sql`effect in ('queued', 'superseded', 'ignored')`)
    .execute()
  await db.schema
    .createIndex('woo_webhooks_by_time')
    .on('woo_webhooks')
    .column('received_at')
    .execute()
  await db.schema
    .createTable('woo_cursors')
    .addColumn('resource', c.text, (col) => col.notNull().primaryKey())
    .addColumn('modified_after', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .execute()
}
