// What dies in the crash test of the vault: a token pays, in two steps of which each may be the
// last.

import { transactAsSystem } from '#platform/execute'
import type { DeedFile } from '../../../../tests/crash/dying-process.ts'
import { cardOf } from '../card-of.ts'
import { redeemToken } from '../commands/redeem-token.ts'
import { terms } from './cards.ts'

export const CHARGE = 'the-charge-of-the-one-who-died'

const redeem: DeedFile = async ({ app }, { token }: { token: string }) => {
  await transactAsSystem(app, (ctx) => redeemToken(ctx, { token, ...terms }))
  await cardOf(app, { token, charge_key: CHARGE })
}
export default redeem
