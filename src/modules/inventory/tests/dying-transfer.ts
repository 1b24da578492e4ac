// Receives a transfer in a process of its own, and dies at a named step: nothing is rolled back,
// closed or told, as if its power were cut.
//
//   node dying-transfer.ts ENGINE URL STEP TRANSFER KEY

import process from 'node:process'
import type { Database, Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Where a receipt can be cut off: all is written and nothing committed, or nobody is told. */
export const STEPS = ['before the commit', 'before the answer'] as const
export type Step = (typeof STEPS)[number]

const die = () => process.kill(process.pid, 'SIGKILL')

/** Dies inside its first transaction. */
const mortal = (database: Database): Database =>
  Object.assign(Object.create(database), {
    write: ((body, isolation) =>
      database.write(async (session) => {
        await body(session)
        die()
        return new Promise<never>(() => {})
      }, isolation)) as Database['write'],
  })

async function main([engine, url, step, transfer, key]: string[]): Promise<void> {
  const house = await openHouse(engine as Engine, { at: url as string })
  if (step === STEPS[0]) {
    const { app } = house as { app: { database: Database } }
    app.database = mortal(app.database)
  }
  const headers = { 'idempotency-key': key as string }
  const lines = [{ item_number: 'MUG', quantity: 2 }]
  await house.ask(`POST /api/v1/inventory/transfers/${transfer}/receive`, { lines }, { headers })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
