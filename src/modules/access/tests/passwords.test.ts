import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DomainError } from '#kit/errors'
import { checkPassword } from '../password-policy.ts'
import { hashPassword, isOutdated, nobodysHash, verifyPassword } from '../passwords.ts'

const CHEAP = { password_hash_memory_kib: 64, password_hash_passes: 1 }

it('only the password itself is verified by its hash', async () => {
  const hash = await hashPassword('correct battery', CHEAP)
  assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
  assert.equal(await verifyPassword('correct battery', hash), true)
  assert.equal(await verifyPassword('Correct battery', hash), false)
  assert.equal(await verifyPassword('', hash), false)
})

it('two hashes of one password differ', async () => {
  assert.notEqual(await hashPassword('the same', CHEAP), await hashPassword('the same', CHEAP))
})

it('verifies hashes that other programs made', async () => {
  // From the tests of the reference implementation: «password», salt «somesalt», 64 MiB, 2 passes.
  const known =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.equal(await verifyPassword('password', known), true)
})

it('takes an umlaut however it was typed', async () => {
  const hash = await hashPassword('gr\u00fcn und blau', CHEAP)
  assert.equal(await verifyPassword('gru\u0308n und blau', hash), true)
})

it('no password fits nobody’s hash, and it costs the same', async () => {
  const hash = nobodysHash(CHEAP)
  assert.equal(await verifyPassword('', hash), false)
  assert.equal(isOutdated(hash, CHEAP), false)
  assert.equal(isOutdated(hash, { ...CHEAP, password_hash_passes: 2 }), true)
})

it('refuses what is short, common, repeated or the e-mail, and takes the rest', () => {
  const staff = { email: 'ada.king@example.com', own_only: false }
  const refused = (password: string, who = staff) => {
    try {
      checkPassword(password, who)
      return false
    } catch (error) {
      assert.ok(error instanceof DomainError)
      assert.equal(error.code, 'PASSWORD_TOO_WEAK')
      return true
    }
  }
  for (const bad of [
    'short-pass1',
    'aaaaaaaaaaaaaaa',
    'abababababababab',
    'Ada.King@Example.com',
    'Password123!!!',
    '123456789012',
    'correcthorsebatterystaple',
  ]) {
    assert.equal(refused(bad), true, bad)
  }
  for (const good of ['weaves patterns', 'gänseblümchen', '9-lives-of-cats']) {
    assert.equal(refused(good), false, good)
  }
  assert.equal(refused('8letters', { ...staff, own_only: true }), false)
  assert.equal(refused('7letter', { ...staff, own_only: true }), true)
})
