import type { Context } from '#platform/context'

/**
 * Makes this transaction wait until no other one holds the same entity, and holds it until the
 * commit. The order of locks of the whole product is cart → order → payment → stock → coupon:
 * whoever writes money or stock of an order takes the order before the others, so nobody waits in a
 * ring. SQLite has one writer.
 *
 * It may travel with the reads that follow (`Promise.all`): under READ COMMITTED each statement
 * sees what was committed before it began, so those reads are as fresh as the lock.
 */
export async function lockEntity(ctx: Context, kind: string, id: string): Promise<void> {
  if (ctx.session.engine !== 'postgres') return
  await ctx.session.run({
    sql: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    parameters: [`${kind}:${id}`],
    kept: true,
  })
}

/**
 * The same for many of one kind, in the order of their ids, so that two crowds that want the same
 * ones wait for each other in one direction. One round trip for any number.
 */
export async function lockEntities(
  ctx: Context,
  kind: string,
  ids: readonly string[],
): Promise<void> {
  if (ctx.session.engine !== 'postgres' || ids.length === 0) return
  const keys = [...new Set(ids)].sort().map((id) => `${kind}:${id}`)
  // The set is sorted before the lock is taken of each: a function in the list of a sorted select
  // runs once for each row, in that order.
  await ctx.session.run({
    sql: `select pg_advisory_xact_lock(hashtextextended(key, 0)) from (
      select value as key from json_array_elements_text($1::json) with ordinality as k(value, nth)
      order by nth) as sorted`,
    parameters: [JSON.stringify(keys)],
    kept: true,
  })
}
