import type { Context } from '#platform/context'

/**
 * Has PostgreSQL look at these tables again, so that it plans for what they hold now. For whoever
 * has filled them: a plan that was made while a table was empty reads all of it, and a connection
 * keeps its plans until the statistics change. Autovacuum does the same, but a minute late, and
 * some run without it. SQLite plans by what the indexes are, and needs nothing.
 */
export async function renewStatistics(ctx: Context, tables: readonly string[]): Promise<void> {
  if (ctx.session.engine !== 'postgres') return
  const names = tables.map((name) => `"${name}"`).join(', ')
  await ctx.session.run({ sql: `analyze ${names}`, parameters: [] })
}
