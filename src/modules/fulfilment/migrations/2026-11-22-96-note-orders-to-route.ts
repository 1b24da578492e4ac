import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Orders that were placed and have no work yet: they wait here, and no longer in the outbox. */
export const noteOrdersToRoute: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('orders_to_route')
      .addColumn('order_id', c.id, (col) => col.notNull().primaryKey())
      .modifyEnd(c.keyed)
      .execute()
    const id = c.engine === 'postgres' ? sql`entity_id::uuid` : sql`entity_id`
    await sql`insert into orders_to_route (order_id) select distinct ${id} from events
      where name = 'order.created' and status in ('pending', 'processing')`.execute(db)
  },
}
