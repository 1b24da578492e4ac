import type { Context } from '#platform/context'
import type { Result, Statement } from '#platform/database/database'
import type { Bound, Compilable } from '#platform/database/prepared'
import { takeEvents } from '#platform/events'

type Write = Compilable<unknown> | Bound<unknown>
type RowOf<W> = W extends Bound<infer O> ? O : W extends Compilable<infer O> ? O : never
type Results<W extends Record<string, Write>> = { [K in keyof W]: Result<RowOf<W[K]>> }

/**
 * Sends the writes of a command in one round trip, together with the events it has emitted. On
 * PostgreSQL they become one statement of data-modifying CTEs: all see the state before, none sees
 * another's rows, and foreign keys are checked at the end. On SQLite they run in the order given,
 * so parents come before children. `returning` may name plain columns of text or numbers only:
 * on PostgreSQL the rows come back as JSON.
 */
export async function writeTogether<W extends Record<string, Write>>(
  ctx: Context,
  writes: W,
): Promise<Results<W>> {
  const events = takeEvents(ctx)
  if (ctx.session.engine === 'postgres') {
    const all: Record<string, Write> = events ? { ...writes, events } : writes
    return (await asOneStatement(ctx, Object.entries(all).map(named))) as Results<W>
  }
  const results: Record<string, Result<unknown>> = {}
  for (const [name, write] of Object.entries(writes)) {
    const statement = statementOf(write)
    results[name] = ctx.session.runNow?.(statement) ?? (await ctx.session.run(statement))
  }
  if (events) ctx.session.send(events)
  return results as Results<W>
}

const statementOf = (write: Write): Statement => ('compile' in write ? write.compile() : write)

const named = ([name, write]: [string, Write]): Named => ({ name, ...statementOf(write) })

type Named = Statement & { name: string }

const merged = new Map<string, string>()

async function asOneStatement(
  ctx: Context,
  statements: readonly Named[],
): Promise<Record<string, Result<unknown>>> {
  const key = statements.map(({ name, sql }) => `${name}:${sql}`).join('\n')
  const kept = statements.every((statement) => statement.kept)
  const text = merged.get(key) ?? mergedText(statements)
  if (kept) merged.set(key, text)
  const parameters = statements.flatMap((statement) => statement.parameters)
  const { rows } = await ctx.session.run<Record<string, unknown>>({ sql: text, parameters, kept })
  const row = rows[0] as Record<string, unknown>
  return Object.fromEntries(
    statements.map(({ name }) => {
      const found = row[name]
      if (Array.isArray(found)) return [name, { rows: found, affected: found.length }]
      return [name, { rows: [], affected: Number(found) }]
    }),
  )
}

function mergedText(statements: readonly Named[]): string {
  let offset = 0
  const parts: string[] = []
  const results: string[] = []
  for (const { name, sql, parameters } of statements) {
    const from = offset
    const renumbered = sql.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + from}`)
    const returns = / returning /i.test(sql)
    parts.push(`"${name}" as (${returns ? renumbered : `${renumbered} returning 1`})`)
    results.push(
      returns
        ? `(select coalesce(json_agg("${name}"), '[]'::json) from "${name}") as "${name}"`
        : `(select count(*) from "${name}") as "${name}"`,
    )
    offset += parameters.length
  }
  return `with ${parts.join(', ')} select ${results.join(', ')}`
}
