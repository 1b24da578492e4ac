import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createExternalIds: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('external_ids')
      .addColumn('face', c.text, (col) => col.notNull())
      .addColumn('kind', c.text, (col) => col.notNull())
      .addColumn('public_id', c.text, (col) => col.notNull())
      .addColumn('entity_id', c.id, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('external_ids_pkey', ['face', 'kind', 'public_id'])
      .addUniqueConstraint('external_ids_by_entity', ['entity_id', 'face', 'kind'])
      .addCheckConstraint('external_id_is_said', sql`public_id <> ''`)
      .modifyEnd(c.keyed)
      .execute()
    // For whoever has a name and does not know whose it is.
    await db.schema
      .createIndex('external_ids_by_public_id')
      .on('external_ids')
      .column('public_id')
      .execute()
  },
}
