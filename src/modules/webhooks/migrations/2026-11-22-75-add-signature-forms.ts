import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Endpoints of partners that want another form of their protocol's signature. */
export const addSignatureForms: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('webhooks')
      .addColumn('signature_form', c.status, (col) => col.check(sql`signature_form in ('hex')`))
      .execute()
  },
}
