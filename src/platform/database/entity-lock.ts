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
