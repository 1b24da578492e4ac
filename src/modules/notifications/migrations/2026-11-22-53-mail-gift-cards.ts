import { type Kysely, sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

const LAST = "'checkout_payment_failed')"
const NEXT = "'checkout_payment_failed', 'gift_card')"

/** One kind of mail more, and what such a mail tells that only its reader may know. */
export const mailGiftCards: Migration = {
  async up(db, c) {
    await db.schema.alterTable('mails').addColumn('secret', c.text).execute()
    if (c.engine === 'sqlite') return remake(db)
    await sql`alter table mails drop constraint mail_kind`.execute(db)
    await sql`alter table mails add constraint mail_kind check (kind in ('order_confirmed',
      'payment_failed', 'payment_refunded', 'order_shipped', ${sql.raw(NEXT)})`.execute(db)
  },
}

type Part = { type: string; sql: string }

/** SQLite cannot change a CHECK, so the table, which no other names, is made anew from its text. */
async function remake(db: Kysely<any>): Promise<void> {
  const { rows } = await sql<Part>`select type, sql from sqlite_master
    where tbl_name = 'mails' and sql is not null order by type desc`.execute(db)
  await sql`create table mails_before as select * from mails`.execute(db)
  await sql`drop table mails`.execute(db)
  for (const { type, sql: text } of rows) {
    const next = text.replace(LAST, NEXT)
    if (type === 'table' && next === text) throw new Error('mails has another CHECK than thought')
    await sql.raw(next).execute(db)
  }
  await sql`insert into mails select * from mails_before`.execute(db)
  await sql`drop table mails_before`.execute(db)
}
