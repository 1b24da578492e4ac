import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

const OPEN = sql`released_at is null` as never

/** What staff writes on orders: why they are held, notes, documents, tags, custom attributes. */
export const createOrderDesk: Migration = {
  async up(db, c) {
    const { schema } = db
    await schema
      .createTable('order_holds')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('held_from', c.status, (col) => col.notNull())
      .addColumn('held_by', c.text, (col) => col.notNull())
      .addColumn('held_at', c.instant, (col) => col.notNull())
      .addColumn('release_note', c.text)
      .addColumn('released_by', c.text)
      .addColumn('released_at', c.instant)
      .addCheckConstraint(
        'order_hold_from',
        sql`held_from in ('pending', 'confirmed', 'processing', 'shipped')`,
      )
      .addCheckConstraint(
        'order_hold_is_released_by_someone',
        sql`(released_at is null) = (released_by is null)
          and (released_at is not null or release_note is null)`,
      )
      .execute()
    await schema
      .createIndex('order_holds_by_order')
      .on('order_holds')
      .columns(['order_id', 'id'])
      .execute()
    await schema
      .createIndex('order_holds_open')
      .on('order_holds')
      .columns(['code', 'order_id'])
      .unique()
      .where(OPEN)
      .execute()

    await schema
      .createTable('order_notes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('body', c.text, (col) => col.notNull())
      .addColumn('author', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('order_note_kind', sql`kind in ('internal', 'customer', 'system')`)
      .execute()
    await schema
      .createIndex('order_notes_by_order')
      .on('order_notes')
      .columns(['order_id', 'id', 'kind'])
      .execute()

    await schema
      .createTable('order_attachments')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('url', c.text, (col) => col.notNull())
      .addColumn('for_customer', c.boolean, (col) => col.notNull())
      .addColumn('added_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .execute()
    await schema
      .createIndex('order_attachments_by_order')
      .on('order_attachments')
      .columns(['order_id', 'id', 'for_customer'])
      .execute()

    await createMarks(db, c)
    // Orders that are on hold already: nobody said why, but their last move says where they were.
    await sql`insert into order_holds (id, order_id, code, held_from, held_by, held_at)
      select o.id, o.id, 'manual', coalesce(e.payload ->> 'old_status', 'confirmed'),
        coalesce(e.actor, 'system'), coalesce(e.occurred_at, o.updated_at)
      from orders as o left join events as e
        on e.entity_id = cast(o.id as text) and e.name = 'order.status_changed'
          and e.sequence = (select max(last.sequence) from events as last
            where last.entity_id = cast(o.id as text) and last.name = 'order.status_changed')
      where o.status = 'on_hold'`.execute(db)
  },
}

/** By what orders are found: asked by value, answered in the order of their ids. */
const createMarks: Migration['up'] = async (db, c) => {
  await db.schema
    .createTable('order_tags')
    .addColumn('tag', c.text, (col) => col.notNull())
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addPrimaryKeyConstraint('order_tags_pkey', ['tag', 'order_id'])
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createIndex('order_tags_by_order')
    .on('order_tags')
    .columns(['order_id', 'tag'])
    .execute()

  await db.schema
    .createTable('order_attributes')
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('name', c.text, (col) => col.notNull())
    .addColumn('value', c.text, (col) => col.notNull())
    .addColumn('value_key', c.text)
    .addPrimaryKeyConstraint('order_attributes_pkey', ['order_id', 'name'])
    .modifyEnd(c.keyed)
    .execute()
  await db.schema
    .createIndex('order_attributes_by_value')
    .on('order_attributes')
    .columns(['name', 'value_key', 'order_id'])
    .where(sql<boolean>`value_key is not null`)
    .execute()

  await db.schema
    .createTable('order_changes')
    .addColumn('event_id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
    .addColumn('changes', c.json, (col) => col.notNull())
    .execute()
  await db.schema
    .createIndex('order_changes_by_order')
    .on('order_changes')
    .columns(['order_id', 'event_id'])
    .execute()
}
