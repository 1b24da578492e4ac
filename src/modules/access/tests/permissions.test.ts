import assert from 'node:assert/strict'
import { it } from 'node:test'
import { BUILT_IN_ROLES, permissionsOf, permissionsTogether } from '../built-in-roles.ts'
import { bothGrant, grantsOf, PERMISSION_PATTERN } from '../permissions.ts'

it('a permission covers itself, a wildcard its area, a star everything, and nothing more', () => {
  const cases: [held: string[], wanted: string, covered: boolean][] = [
    [['orders:read'], 'orders:read', true],
    [['orders:read'], 'orders:create', false],
    [['orders:*'], 'orders:create', true],
    [['orders:*'], 'orders:*', true],
    [['orders:read', 'orders:create'], 'orders:*', false],
    [['orders:*'], 'ordersx:read', false],
    [['order:*'], 'orders:read', false],
    [['admin:*'], 'orders:read', false],
    [['admin:*'], 'admin:outbox', true],
    [['*'], 'anything:at-all', true],
    [['*'], '*', true],
    [['orders:*', 'products:*'], '*', false],
    [[], 'orders:read', false],
  ]
  for (const [held, wanted, covered] of cases) {
    assert.equal(grantsOf(held)(wanted), covered, `${held} covers ${wanted}`)
  }
})

it('two lists together grant only what both grant', () => {
  const grants = bothGrant(grantsOf(['orders:*', 'products:read']), grantsOf(['orders:read', '*']))
  assert.equal(grants('orders:delete'), true)
  assert.equal(bothGrant(grantsOf(['orders:*']), grantsOf(['orders:read']))('orders:delete'), false)
})

it('every permission of a built-in role is well formed', () => {
  const pattern = new RegExp(PERMISSION_PATTERN)
  for (const [name, { permissions }] of Object.entries(BUILT_IN_ROLES)) {
    for (const permission of permissions) assert.match(permission, pattern, name)
  }
})

it('a built-in role allows what the code says, whatever its row says', () => {
  assert.deepEqual(permissionsOf({ name: 'admin', permissions: [] }), ['*'])
  assert.deepEqual(permissionsOf({ name: 'picker', permissions: ['orders:read'] }), ['orders:read'])
})

it('who is staff and buys too may what staff may; a customer alone may what customers may', () => {
  const customer = { name: 'customer', permissions: [] }
  const picker = { name: 'picker', permissions: ['inventory:read'] }
  assert.deepEqual(permissionsTogether([picker, customer]), ['inventory:read'])
  assert.ok(permissionsTogether([customer]).includes('orders:read'))
  assert.deepEqual(permissionsTogether([]), [])
})
