import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createPlatform: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('events')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('schema_version', c.integer, (col) => col.notNull())
      .addColumn('entity_type', c.text, (col) => col.notNull())
      .addColumn('entity_id', c.text, (col) => col.notNull())
      .addColumn('sequence', c.integer, (col) => col.notNull())
      .addColumn('payload', c.json, (col) => col.notNull())
      .addColumn('actor', c.text, (col) => col.notNull())
      .addColumn('request_id', c.text, (col) => col.notNull())
      .addColumn('occurred_at', c.instant, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('available_at', c.instant, (col) => col.notNull())
      .addColumn('delivered_at', c.instant)
      .addColumn('error', c.text)
      .addCheckConstraint(
        'event_status',
        sql`status in ('pending', 'processing', 'delivered', 'failed', 'discarded')`,
      )
      .execute()
    await db.schema
      .createIndex('events_in_sequence')
      .on('events')
      .columns(['entity_id', 'sequence'])
      .unique()
      .execute()
    await db.schema
      .createIndex('events_to_deliver')
      .on('events')
      .columns(['available_at', 'id'])
      .where(sql.ref('status'), 'in', sql`('pending', 'processing')`)
      .execute()
    await db.schema
      .createIndex('events_waiting_in_sequence')
      .on('events')
      .columns(['entity_id', 'sequence'])
      .where(sql.ref('status'), 'in', sql`('pending', 'processing')`)
      .execute()
    // The list that an operator sees; delivered events, nearly all of them, are not in it.
    await db.schema
      .createIndex('events_undelivered')
      .on('events')
      .column('id')
      .where(sql.ref('status'), 'in', sql`('pending', 'processing', 'failed', 'discarded')`)
      .execute()

    await db.schema
      .createTable('event_reactions')
      .addColumn('event_id', c.id, (col) => col.notNull().references('events.id'))
      .addColumn('reaction', c.text, (col) => col.notNull())
      .addColumn('done_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('event_reactions_pkey', ['event_id', 'reaction'])
      .execute()

    await db.schema
      .createTable('idempotency_keys')
      .addColumn('scope', c.text, (col) => col.notNull().primaryKey())
      .addColumn('fingerprint', c.text, (col) => col.notNull())
      .addColumn('process_key', c.text)
      .addColumn('status', c.integer)
      .addColumn('body', c.text)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('locked_until', c.instant)
      .execute()
    await db.schema
      .createIndex('idempotency_keys_by_age')
      .on('idempotency_keys')
      .column('created_at')
      .execute()

    await db.schema
      .createTable('jobs')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('payload', c.json, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('run_at', c.instant, (col) => col.notNull())
      .addColumn('finished_at', c.instant)
      .addColumn('error', c.text)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('job_status', sql`status in ('waiting', 'running', 'done', 'failed')`)
      .execute()
    await db.schema
      .createIndex('jobs_to_run')
      .on('jobs')
      .columns(['run_at', 'id'])
      .where(sql.ref('status'), 'in', sql`('waiting', 'running')`)
      .execute()
    await db.schema
      .createIndex('jobs_finished')
      .on('jobs')
      .column('finished_at')
      .where(sql.ref('status'), '=', sql`'done'`)
      .execute()
    await db.schema
      .createIndex('jobs_given_up')
      .on('jobs')
      .column('id')
      .where(sql.ref('status'), '=', sql`'failed'`)
      .execute()

    await db.schema
      .createTable('schedules')
      .addColumn('name', c.text, (col) => col.notNull().primaryKey())
      .addColumn('next_at', c.instant, (col) => col.notNull())
      .execute()
  },
}
