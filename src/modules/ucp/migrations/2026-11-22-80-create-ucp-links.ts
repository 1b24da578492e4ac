import type { Migration } from '#platform/database/migrations'

export const createUcpLinks: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('ucp_links')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('client_id', c.text, (col) => col.notNull())
      .addColumn('client_name', c.text, (col) => col.notNull())
      .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('scopes', c.json, (col) => col.notNull())
      .addColumn('access_hash', c.text, (col) => col.notNull())
      .addColumn('access_expires_at', c.instant, (col) => col.notNull())
      .addColumn('refresh_hash', c.text, (col) => col.notNull())
      .addColumn('previous_refresh_hash', c.text)
      .addColumn('refresh_expires_at', c.instant, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('ended_at', c.instant)
      .addColumn('ended_because', c.text)
      .execute()
    await db.schema
      .createIndex('ucp_links_by_user')
      .on('ucp_links')
      .columns(['user_id', 'id'])
      .execute()
    await db.schema
      .createIndex('ucp_links_by_expiry')
      .on('ucp_links')
      .column('refresh_expires_at')
      .execute()
    await db.schema
      .createTable('ucp_link_codes')
      .addColumn('code_hash', c.text, (col) => col.notNull().primaryKey())
      .addColumn('client_id', c.text, (col) => col.notNull())
      .addColumn('client_name', c.text, (col) => col.notNull())
      .addColumn('redirect_uri', c.text, (col) => col.notNull())
      .addColumn('challenge', c.text, (col) => col.notNull())
      .addColumn('scopes', c.json, (col) => col.notNull())
      .addColumn('user_id', c.id, (col) => col.notNull().references('users.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('used_at', c.instant)
      .addColumn('link_id', c.id)
      .execute()
    await db.schema
      .createIndex('ucp_link_codes_by_expiry')
      .on('ucp_link_codes')
      .column('expires_at')
      .execute()
    await db.schema
      .createIndex('ucp_link_codes_by_user')
      .on('ucp_link_codes')
      .column('user_id')
      .execute()
  },
}
