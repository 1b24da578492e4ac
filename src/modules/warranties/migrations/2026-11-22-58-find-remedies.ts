import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** The claims that a return or an exchange remedies. */
export const findRemedies: Migration = {
  async up(db) {
    for (const column of ['return_id', 'exchange_id']) {
      await db.schema
        .createIndex(`warranty_remedies_by_${column.replace('_id', '')}`)
        .on('warranty_remedies')
        .column(column)
        .where(sql`${sql.ref(column)} is not null` as never)
        .execute()
    }
  },
}
