import assert from 'node:assert/strict'
import { it } from 'node:test'
import { behaviourOf, behaviours } from '../behaviours.ts'

it('a misspelt test payment method is declined, and a token of somebody else pays', () => {
  const { charge } = behaviourOf('pm_test_declind')
  assert.equal(charge?.outcome, 'failed')
  assert.match(JSON.stringify(charge), /There is no test payment method pm_test_declind\./)
  for (const id of [null, 'tok_visa', 'pm_card_visa', 'pm_test_success']) {
    assert.equal(behaviourOf(id), behaviours.pm_test_success)
  }
  assert.equal(behaviourOf('pm_test_3ds'), behaviours.pm_test_3ds)
})
