import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

const LIVE = sql`('pending', 'sending')`

export const createWebhooks: Migration = {
  async up(db, c) {
    await createEndpoints(db, c)
    await createDeliveries(db, c)
    await createReplays(db, c)
  },
}

async function createEndpoints(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('channel', c.status, (col) => col.notNull())
    .addColumn('url', c.text, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('events', c.json, (col) => col.notNull())
    .addColumn('filters', c.json, (col) => col.notNull())
    .addColumn('signing', c.status, (col) => col.notNull())
    .addColumn('secret', c.text, (col) => col.notNull())
    .addColumn('previous_secret', c.text)
    .addColumn('previous_valid_until', c.instant)
    .addColumn('protocol_key', c.text)
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('pause_reason', c.status)
    .addColumn('paused_at', c.instant)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addCheckConstraint('webhook_channel', sql`channel in ('webhook', 'acp', 'ucp')`)
    .addCheckConstraint('webhook_signing', sql`signing in ('standard', 'acp', 'ucp')`)
    .addCheckConstraint('webhook_status', sql`status in ('active', 'paused', 'deleted')`)
    .addCheckConstraint('webhook_pause_reason', sql`pause_reason in ('manual', 'failing', 'gone')`)
    .addCheckConstraint(
      'webhook_is_paused_for_a_reason',
      sql`status = 'deleted' or (status = 'paused') = (pause_reason is not null)`,
    )
    .execute()
  await db.schema
    .createIndex('webhooks_of_protocols')
    .on('webhooks')
    .column('protocol_key')
    .unique()
    .where('protocol_key', 'is not', null)
    .execute()
  await db.schema
    .createTable('webhook_progress')
    .addColumn('webhook_id', c.id, (col) => col.notNull().primaryKey().references('webhooks.id'))
    .addColumn('after_event_id', c.id)
    .addColumn('failures', c.integer, (col) => col.notNull())
    .addColumn('failing_since', c.instant)
    .addColumn('succeeded_at', c.instant)
    .execute()
}

async function createDeliveries(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('webhook_id', c.id, (col) => col.notNull().references('webhooks.id'))
    .addColumn('purpose', c.status, (col) => col.notNull())
    .addColumn('message_id', c.text, (col) => col.notNull())
    .addColumn('type', c.text, (col) => col.notNull())
    .addColumn('entity_type', c.text, (col) => col.notNull())
    .addColumn('entity_id', c.text, (col) => col.notNull())
    .addColumn('sequence', c.integer, (col) => col.notNull())
    .addColumn('body', c.text)
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('attempts', c.integer, (col) => col.notNull())
    .addColumn('next_at', c.instant, (col) => col.notNull())
    .addColumn('response_status', c.integer)
    .addColumn('error', c.text)
    .addColumn('replay_of', c.id)
    .addColumn('replayed_at', c.instant)
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('finished_at', c.instant)
    .addCheckConstraint(
      'webhook_delivery_purpose',
      sql`purpose in ('event', 'queued', 'test', 'replay')`,
    )
    .addCheckConstraint(
      'webhook_delivery_status',
      sql`status in ('pending', 'sending', 'delivered', 'failed', 'discarded')`,
    )
    .addCheckConstraint(
      'webhook_delivery_is_finished_when_it_says_so',
      sql`(status in ${LIVE}) = (finished_at is null)`,
    )
    .execute()
  for (const [name, columns] of Object.entries({
    webhook_deliveries_to_send: ['webhook_id', 'next_at', 'id'],
    webhook_deliveries_in_order: ['webhook_id', 'entity_id', 'sequence', 'id'],
  })) {
    await db.schema
      .createIndex(name)
      .on('webhook_deliveries')
      .columns(columns)
      .where(sql.ref('status'), 'in', LIVE)
      .execute()
  }
  // Whatever crashes and races: no event is queued twice for one endpoint.
  await db.schema
    .createIndex('webhook_deliveries_once')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'message_id'])
    .unique()
    .where(sql.ref('purpose'), 'in', sql`('event', 'queued')`)
    .execute()
  await db.schema
    .createIndex('webhook_deliveries_by_webhook')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'id'])
    .execute()
  await db.schema
    .createIndex('webhook_deliveries_failed')
    .on('webhook_deliveries')
    .columns(['webhook_id', 'id'])
    .where(sql.ref('status'), '=', sql`'failed'`)
    .execute()
  await db.schema
    .createIndex('webhook_deliveries_finished')
    .on('webhook_deliveries')
    .columns(['finished_at', 'id'])
    .where('finished_at', 'is not', null)
    .execute()
  await db.schema
    .createTable('webhook_attempts')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('delivery_id', c.id, (col) => col.notNull())
    .addColumn('attempt', c.integer, (col) => col.notNull())
    .addColumn('url', c.text, (col) => col.notNull())
    .addColumn('request_headers', c.json, (col) => col.notNull())
    .addColumn('response_status', c.integer)
    .addColumn('response_headers', c.json)
    .addColumn('response_body', c.text)
    .addColumn('error', c.text)
    .addColumn('started_at', c.instant, (col) => col.notNull())
    .addColumn('duration_ms', c.integer, (col) => col.notNull())
    .execute()
  await db.schema
    .createIndex('webhook_attempts_by_delivery')
    .on('webhook_attempts')
    .columns(['delivery_id', 'id'])
    .execute()
}

async function createReplays(db: Kysely<any>, c: Columns): Promise<void> {
  await db.schema
    .createTable('webhook_replays')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('webhook_id', c.id, (col) => col.notNull().references('webhooks.id'))
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('from_at', c.instant, (col) => col.notNull())
    .addColumn('to_at', c.instant, (col) => col.notNull())
    .addColumn('after_id', c.id)
    .addColumn('total', c.integer, (col) => col.notNull())
    .addColumn('looked_at', c.integer, (col) => col.notNull())
    .addColumn('queued', c.integer, (col) => col.notNull())
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('finished_at', c.instant)
    .addCheckConstraint('webhook_replay_kind', sql`kind in ('failed', 'range')`)
    .addCheckConstraint('webhook_replay_status', sql`status in ('running', 'done', 'stopped')`)
    .execute()
  await db.schema
    .createIndex('webhook_replays_by_webhook')
    .on('webhook_replays')
    .columns(['webhook_id', 'id'])
    .execute()
}
