import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, type Moment } from '../../../../tests/crash/death.ts'
import { cardOf } from '../card-of.ts'
import { redeemToken } from '../commands/redeem-token.ts'
import { newToken, terms } from './cards.ts'
import { CHARGE } from './redeeming.ts'

const STEPS: Record<string, Moment> = {
  'before the commit': { commit: 1 },
  'after the card was opened': 'told',
}

// Goal: whenever the server dies while a token pays, the token is either unused or used up for that
// very charge. Method: a process of its own is killed at each step, then another looks.
onEveryEngine('a server that dies while a token pays', (engine) => {
  const dying = deathsIn(engine, { prepare: newToken })
  const file = join(import.meta.dirname, 'redeeming.ts')

  for (const [step, at] of Object.entries(STEPS)) {
    const died = dying(at, (token) => ({ file, input: { token } }))
    it(`dies ${step}`, { timeout: 180_000 }, async () => {
      const { shop: token, url, settings } = await died()
      await using house = await openHouse(engine, { at: url, settings })
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
