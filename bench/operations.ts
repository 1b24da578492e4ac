import type { PostgresServer } from './database.ts'
import { measureCount } from './operations-count.ts'
import { measureOrders } from './operations-orders.ts'
import { measurePromise } from './operations-promise.ts'
import { measureShipping } from './operations-ship.ts'
import { measureTransfer } from './operations-transfer.ts'

/** One large piece of work, done once. */
export type OperationMeasured = { scenario: string; seconds: number; note?: string }

/** What `--operations` measures, one file each. */
const MEASURES: ((postgres: PostgresServer | undefined) => Promise<OperationMeasured[]>)[] = [
  measureTransfer,
  measureOrders,
  measureShipping,
  measureCount,
  measurePromise,
]

/** Large pieces of work of the warehouse and the order desk, each once on a database of its own. */
export async function measureOperations(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const rows: OperationMeasured[] = []
  for (const measure of MEASURES) rows.push(...(await measure(postgres)))
  return rows
}

/** The table for the README. */
export const operationsSection = (rows: readonly OperationMeasured[]): string =>
  [
    '| what | seconds | |',
    '|---|---|---|',
    ...rows.map(
      ({ scenario, seconds, note = '' }) => `| ${scenario} | ${seconds.toFixed(2)} | ${note} |`,
    ),
  ].join('\n')
