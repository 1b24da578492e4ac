import type { PostgresServer } from './database.ts'
import { type Measured, measure } from './driver.ts'
import { GROWTH_LARGE, GROWTH_SMALL } from './load.ts'
import type { GrowthRow } from './report.ts'
import { openStage, type Stage } from './stage.ts'

const CLIENTS = 16
const ROUNDS = 3

export type Pace = { warm_up_seconds: number; seconds: number }

/**
 * The same calls on a small and on a large database, both servers up at once and asked in turn, so
 * that whatever else the machine does falls on both. Of the rounds the one of middle rate counts.
 */
export async function measureGrowth(
  postgres: PostgresServer | undefined,
  names: readonly string[],
  pace: Pace,
): Promise<{ rows: GrowthRow[]; violations: string[] }> {
  const stages = [await openStage(postgres, GROWTH_SMALL), await openStage(postgres, GROWTH_LARGE)]
  const rows: GrowthRow[] = []
  for (const scenario of names) {
    const rounds: [Measured[], Measured[]] = [[], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [nth, stage] of stages.entries()) {
        rounds[nth]?.push(await measureOn(stage, scenario, pace))
      }
    }
    rows.push({ scenario, small: middle(rounds[0]), large: middle(rounds[1]) })
  }
  const ends = []
  for (const stage of stages) ends.push(await stage.close())
  return { rows, violations: ends.flatMap(({ violations }) => violations ?? []) }
}

function measureOn(stage: Stage, scenario: string, pace: Pace): Promise<Measured> {
  return measure({
    scenario,
    fixture: stage.fixture,
    port: stage.server.port,
    clients: CLIENTS,
    ...pace,
    server_pid: stage.server.pid,
    database_pid: stage.database.pid,
  })
}

function middle(rounds: Measured[]): Measured {
  const sorted = rounds.toSorted((a, b) => a.per_second - b.per_second)
  return sorted[Math.floor(sorted.length / 2)] as Measured
}
