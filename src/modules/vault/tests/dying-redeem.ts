// Redeems a token in a process of its own and dies at a named step, as if its power were cut.
//
//   node dying-redeem.ts ENGINE URL STEP TOKEN

import process from 'node:process'
import type { Engine } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { openHouse } from '#testing'
import { cardOf } from '../card-of.ts'
import { redeemToken } from '../commands/redeem-token.ts'
import { terms } from './cards.ts'

export const STEPS = ['before the commit', 'after the card was opened'] as const
export type Step = (typeof STEPS)[number]
export const CHARGE = 'the-charge-of-the-one-who-died'

const die = () => process.kill(process.pid, 'SIGKILL')

async function main([engine, url, step, token]: string[]): Promise<void> {
  const { app } = await openHouse(engine as Engine, { at: url as string })
  await transactAsSystem(app, async (ctx) => {
    await redeemToken(ctx, { token: token as string, ...terms })
    if (step === 'before the commit') die()
  })
  await cardOf(app, { token: token as string, charge_key: CHARGE })
  die()
}

if (import.meta.main) await main(process.argv.slice(2))
