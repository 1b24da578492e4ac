import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** What a shop answers to a dispute, kept before the provider is given it. */
export const keepEvidence: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('payment_evidence')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('dispute_id', c.id, (col) => col.notNull().references('payment_disputes.id'))
      .addColumn('texts', c.json, (col) => col.notNull())
      .addColumn('files', c.json, (col) => col.notNull())
      .addColumn('contents', c.json)
      .addColumn('is_final', c.boolean, (col) => col.notNull())
      .addColumn('state', c.status, (col) => col.notNull())
      .addColumn('failure_code', c.text)
      .addColumn('failure_message', c.text)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('resolved_at', c.instant)
      .addCheckConstraint(
        'payment_evidence_state',
        sql`state in ('waiting', 'handed_in', 'refused')`,
      )
      .addCheckConstraint(
        'payment_evidence_resolved',
        sql`(state = 'waiting') = (resolved_at is null)`,
      )
      .execute()
    await db.schema
      .createIndex('payment_evidence_by_dispute')
      .on('payment_evidence')
      .columns(['dispute_id', 'id'])
      .execute()
    // One at a time is on its way to the provider.
    await db.schema
      .createIndex('payment_evidence_waits_once')
      .unique()
      .on('payment_evidence')
      .column('dispute_id')
      .where(sql.ref('state'), '=', 'waiting')
      .execute()
  },
}
