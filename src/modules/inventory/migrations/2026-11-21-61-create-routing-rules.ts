import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createRoutingRules: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('routing_rules')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.references('locations.id'))
      .addColumn('country', c.text)
      .addColumn('region', c.text)
      .addColumn('paused_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'routing_rule_kind',
        sql`kind in ('preferred_location', 'nearest_region', 'fewest_splits', 'availability')`,
      )
      .addCheckConstraint('routing_rule_position', sql`position >= 0`)
      .addCheckConstraint(
        'routing_rule_location',
        sql`(kind = 'preferred_location') = (location_id is not null)`,
      )
      .addCheckConstraint('routing_rule_region', sql`region is null or country is not null`)
      .execute()
    await db.schema
      .createIndex('routing_rules_in_order')
      .on('routing_rules')
      .columns(['position', 'id'])
      .execute()
  },
}
