import type { Engine } from '#platform/database/database'
import { counted } from '../../../../tests/statements/count.ts'

const OF_TABLES = /^\s*(select|with|insert|update|delete)\b/i

/** The statements on tables that reach the database while `body` runs. */
export async function asked(engine: Engine, body: () => Promise<unknown>): Promise<string[]> {
  const { statements } = await counted(engine, body)
  return statements.filter((sql) => OF_TABLES.test(sql))
}
