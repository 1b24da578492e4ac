import { type Kysely, sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

const BEFORE = `method in ('credit_card', 'debit_card', 'paypal', 'bank_transfer', 'cash', 'check')`
const AFTER = `method in ('credit_card', 'debit_card', 'paypal', 'bank_transfer', 'cash', 'check', 'gift_card', 'store_credit')`

/** Two payment methods more. */
export const payWithCredit: Migration = {
  async up(db, { engine }) {
    if (engine === 'sqlite') return remake(db)
    await sql`alter table payments drop constraint payment_method`.execute(db)
    await sql`alter table payments add constraint payment_method check (${sql.raw(AFTER)})`.execute(
      db,
    )
  },
}

type Part = { type: string; sql: string }

/**
 * SQLite cannot change a CHECK, so the table is made anew, from its own text. Other tables name it:
 * until the commit they may, because all its rows are back by then.
 */
async function remake(db: Kysely<any>): Promise<void> {
  const { rows } = await sql<Part>`select type, sql from sqlite_master
    where tbl_name = 'payments' and sql is not null order by type desc`.execute(db)
  await sql`pragma defer_foreign_keys = on`.execute(db)
  await sql`create table payments_before as select * from payments`.execute(db)
  await sql`drop table payments`.execute(db)
  for (const { type, sql: text } of rows) {
    const next = text.replace(BEFORE, AFTER)
    if (type === 'table' && next === text)
      throw new Error('payments has another CHECK than thought')
    await sql.raw(next).execute(db)
  }
  await sql`insert into payments select * from payments_before`.execute(db)
  await sql`drop table payments_before`.execute(db)
}
