import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import { db } from './tables.ts'

/** A charge that broke off is asked for again by its caller within this time, with the card. */
const USED_CARD_KEPT_MS = 60 * 60_000
/** How long what is left of a token answers why it does not pay. */
const ROW_KEPT_MS = 30 * 24 * 3_600_000
/** Rows of one statement: small, because commands wait for it on SQLite. */
const BATCH = 500
const BATCHES_MAX = 200

const eraseUnused = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`update vault_tokens set sealed_card = null where id in (
        select id from vault_tokens where sealed_card is not null and used_at is null
          and expires_at <= ${p.before} order by expires_at limit ${sql.lit(BATCH)})
      and used_at is null`,
  ),
)
const eraseUsed = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`update vault_tokens set sealed_card = null where id in (
        select id from vault_tokens where sealed_card is not null and used_at is not null
          and used_at <= ${p.before} order by used_at limit ${sql.lit(BATCH)})
      and used_at is not null`,
  ),
)
const deleteOld = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from vault_tokens where id in (
      select id from vault_tokens where sealed_card is null and expires_at <= ${p.before}
      order by expires_at limit ${sql.lit(BATCH)})`,
  ),
)

const ago = (ctx: Context, ms: number) => new Date(Date.parse(ctx.now) - ms).toISOString()

/** Erases cards that no payment needs any more, and later what is left of their tokens. */
export async function eraseCards(ctx: Context): Promise<number> {
  const unused = await eraseUnused.run(ctx, { before: ctx.now })
  const used = await eraseUsed.run(ctx, { before: ago(ctx, USED_CARD_KEPT_MS) })
  const old = await deleteOld.run(ctx, { before: ago(ctx, ROW_KEPT_MS) })
  return Math.max(unused.affected, used.affected, old.affected)
}

export const cardErasure: Schedule = {
  name: 'vault.erase_cards',
  every_ms: 60_000,
  run: async (process) => {
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      if ((await process.transaction(eraseCards, 'read committed')) < BATCH) return
    }
  },
}
