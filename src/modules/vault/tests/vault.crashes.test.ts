import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { cardOf } from '../card-of.ts'
import { redeemToken } from '../commands/redeem-token.ts'
import { newToken, terms } from './cards.ts'
import { CHARGE, STEPS, type Step } from './dying-redeem.ts'

const PROGRAM = join(import.meta.dirname, 'dying-redeem.ts')

type Death = { engine: string; url: string; step: Step; token: string }

async function die({ engine, url, step, token }: Death): Promise<void> {
  const args = [PROGRAM, engine, url, step, token]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL', `it did not die at its step: ${said}`)
}

// Goal: whenever the server dies while a token pays, the token is either unused or used up for that
// very charge. Method: a process of its own is killed at each step, then another looks.
onEveryEngine('a server that dies while a token pays', (engine) => {
  for (const step of STEPS) {
    it(`dies ${step}`, { timeout: 60_000 }, async () => {
      await using house = await openHouse(engine)
      const token = await newToken(house)
      await die({ engine, url: house.url, step, token })
      const redeem = () =>
        transactAsSystem(house.app, (ctx) => redeemToken(ctx, { token, ...terms }))
      if (step === 'before the commit') await redeem()
      await assert.rejects(redeem(), { code: 'VAULT_TOKEN_USED' })
      assert.equal((await cardOf(house.app, { token, charge_key: CHARGE }))?.last4, '4242')
      assert.equal(await cardOf(house.app, { token, charge_key: 'another' }), undefined)
      assert.deepEqual(await house.violations(), [])
    })
  }
})
