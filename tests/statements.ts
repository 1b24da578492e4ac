import { PostgresConnection } from '#platform/database/postgres-connection'
import { SqliteConnection } from '#platform/database/sqlite-connection'

const BRACKETS = /^(begin|commit|rollback|savepoint|release)\b/i

/** The SQL that `run` sends to databases of this process, but for what opens and ends transactions. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const restore = [SqliteConnection, PostgresConnection].map(({ prototype }) => {
    const original = prototype.run
    prototype.run = function (this: never, statement) {
      if (!BRACKETS.test(statement.sql)) sent.push(statement.sql)
      return original.call(this, statement) as never
    }
    return () => {
      prototype.run = original
    }
  })
  try {
    await run()
  } finally {
    for (const undo of restore) undo()
  }
  return sent
}
