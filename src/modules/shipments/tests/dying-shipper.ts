// Buys labels or ships in a process of its own, and dies at a named step: nothing is rolled back,
// closed or told, as if its power were cut.
//
//   node dying-shipper.ts ENGINE URL EASYPOST STEP SHIPMENT KEY

import process from 'node:process'
import type { Database, Engine } from '#platform/database/database'
import { openHouse } from '#testing'
import { type Carrier, carriers } from '../index.ts'

/** Where a purchase can be cut off, in the order in which it comes by. */
export const BUYING = [
  'before the purchase is committed',
  'before the carrier is asked',
  'after the label was sold',
  'before the answer is committed',
  'before the end is committed',
  'before the answer is told',
] as const
/** Where shipping can be. */
export const SHIPPING = ['before it is committed', 'before it is told'] as const
export type Step = (typeof BUYING)[number] | (typeof SHIPPING)[number]

/** Which transaction it dies in, when all is written and nothing is committed. */
const IN_TRANSACTION: Partial<Record<Step, number>> = {
  'before the purchase is committed': 1,
  'before the answer is committed': 2,
  'before the end is committed': 3,
  'before it is committed': 1,
}

/** The settings of every process that shares the pretended EasyPost. */
export const sharing = (easypost_url: string) => ({
  table_carrier: false,
  easypost_api_key: 'EZTKtest',
  easypost_url,
  carrier_timeout_ms: 3000,
})

const die = () => process.kill(process.pid, 'SIGKILL')

function mortal(database: Database, nth: number): Database {
  let count = 0
  return Object.assign(Object.create(database), {
    write: ((body, isolation) =>
      database.write(async (session) => {
        const value = await body(session)
        if (++count === nth) die()
        return value
      }, isolation)) as Database['write'],
  })
}

const mortalCarrier = (carrier: Carrier, step: Step): Carrier => ({
  ...carrier,
  async buy(ctx, call) {
    if (step === 'before the carrier is asked') die()
    const answer = await carrier.buy(ctx, call)
    if (step === 'after the label was sold') die()
    return answer
  },
})

async function main([engine, url, easypost, at, shipment, key]: string[]): Promise<void> {
  const step = at as Step
  const settings = sharing(easypost as string)
  const house = await openHouse(engine as Engine, { at: url as string, settings })
  const nth = IN_TRANSACTION[step]
  if (nth !== undefined) {
    const { app } = house as { app: { database: Database } }
    app.database = mortal(app.database, nth)
  }
  const [sold] = carriers.of(house.app).all
  const dying = mortalCarrier(sold as Carrier, step)
  carriers.provide(house.app, { all: [dying], named: () => dying })
  const verb = (BUYING as readonly string[]).includes(step) ? 'label' : 'ship'
  const headers = { 'idempotency-key': key as string }
  await house.ask(`POST /api/v1/shipments/${shipment}/${verb}`, {}, { headers })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
