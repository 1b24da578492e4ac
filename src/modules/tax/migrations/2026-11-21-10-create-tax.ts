import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** When the built-in class was made: with the release that knows tax. */
const RELEASED_AT = '2026-11-21T00:00:00.000Z'
const STANDARD_ID = '019aa387-9400-7000-8000-000000000001'

export const createTax: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('tax_classes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('code', c.text, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('description', c.text)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'tax_class_standard_stays',
        sql`code <> 'standard' or archived_at is null`,
      )
      .execute()
    await sql`insert into tax_classes (id, code, name, version, created_at, updated_at)
      values (${STANDARD_ID}, 'standard', 'Standard', 1, ${RELEASED_AT}, ${RELEASED_AT})`.execute(
      db,
    )

    await db.schema
      .createTable('tax_rates')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('country', c.text, (col) => col.notNull())
      .addColumn('region', c.text, (col) => col.notNull())
      .addColumn('postal_prefix', c.text, (col) => col.notNull())
      .addColumn('tax_class', c.text, (col) => col.notNull().references('tax_classes.code'))
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('jurisdiction', c.text, (col) => col.notNull())
      .addColumn('rate_ppm', c.integer, (col) => col.notNull())
      .addColumn('reason', c.text, (col) => col.notNull())
      .addColumn('valid_from', c.instant, (col) => col.notNull())
      .addColumn('valid_until', c.instant)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('tax_rate_country', sql`length(country) = 2`)
      .addCheckConstraint('tax_rate_is_a_share', sql`rate_ppm between 0 and 1000000`)
      .addCheckConstraint(
        'tax_rate_reason',
        sql`reason in ('standard', 'reduced', 'zero_rated', 'exempt')`,
      )
      .addCheckConstraint(
        'tax_rate_of_nothing_is_zero',
        sql`rate_ppm = 0 or reason not in ('zero_rated', 'exempt')`,
      )
      .addCheckConstraint(
        'tax_rate_begins_before_it_ends',
        sql`valid_until is null or valid_until > valid_from`,
      )
      .execute()
    await db.schema
      .createIndex('tax_rates_begin_once')
      .on('tax_rates')
      .columns(['country', 'region', 'postal_prefix', 'tax_class', 'name', 'valid_from'])
      .unique()
      .where(sql.ref('archived_at'), 'is', null)
      .execute()
    await db.schema
      .createIndex('tax_rates_by_class')
      .on('tax_rates')
      .columns(['tax_class', 'id'])
      .where(sql.ref('archived_at'), 'is', null)
      .execute()
  },
}
