import type { Database, Statement } from '#platform/database/database'
import type { House } from '#testing'

/** Notes every statement that goes through a database. */
export function noting(into: Statement[]) {
  return (database: Database): Database => ({
    engine: database.engine,
    announcements: database.announcements,
    ping: () => database.ping(),
    foreignChanges: () => database.foreignChanges(),
    announce: (session, topic) => database.announce(session, topic),
    backup: (file) => database.backup(file),
    stats: () => database.stats(),
    close: () => database.close(),
    write: (body, isolation) => database.write(body, isolation),
    read: (body, consistency) =>
      database.read((session) => {
        const run = session.run.bind(session)
        session.run = (statement) => {
          into.push(statement)
          return run(statement)
        }
        const runNow = session.runNow?.bind(session)
        if (runNow) {
          session.runNow = (statement) => {
            into.push(statement)
            return runNow(statement)
          }
        }
        return body(session)
      }, consistency),
  })
}

/** How a statement would be done; on PostgreSQL, if it had to avoid reading whole tables. */
export async function planOf(house: House, { sql: text, parameters }: Statement): Promise<string> {
  const isPostgres = house.database.engine === 'postgres'
  return house.database.write(async (session) => {
    if (isPostgres) await session.run({ sql: 'set local enable_seqscan = off', parameters: [] })
    const explain = isPostgres ? 'explain' : 'explain query plan'
    const { rows } = await session.run<Record<string, unknown>>({
      sql: `${explain} ${text}`,
      parameters,
    })
    return rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n')
  })
}

/** Whole tables that a plan reads, though it need not. */
export const scans = (plan: string): string[] =>
  plan
    .split('\n')
    .filter(
      (line) =>
        /Seq Scan on (orders|order_lines|order_tags|order_attributes|order_holds)/.test(line) ||
        /^SCAN (o|w|l|t|a|h|orders)\b(?!.*USING)/.test(line),
    )
