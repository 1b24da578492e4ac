import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { totpCode, totpStep } from '../totp.ts'
import { type Desk, PASSWORD, shareDesk } from './desk.ts'

const STEP_MS = 30_000

/** A user whose second factor is on: what the app shows, and the recovery codes. */
async function secured(desk: Desk) {
  const user = await desk.newUser()
  const { data } = await desk.ask('POST /auth/totp', { current_password: PASSWORD }, user.headers)
  const code = () => totpCode(data.secret, totpStep(desk.now()))
  const first = { totp_code: code() }
  const confirmed = await desk.ask('POST /auth/totp/confirm', first, user.headers)
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.error))
  desk.pass(STEP_MS)
  return { ...user, code, recovery_codes: confirmed.data.recovery_codes as string[] }
}

onEveryEngine('the second factor', (engine) => {
  const shared = shareDesk(engine)

  it('is asked for once a first code has proven the app, not before', async () => {
    const { desk } = shared
    const { email, headers } = await desk.newUser()
    const wrong = await desk.ask('POST /auth/totp', { current_password: 'guess' }, headers)
    assert.equal(wrong.error.code, 'PASSWORD_WRONG')
    const { data } = await desk.ask('POST /auth/totp', { current_password: PASSWORD }, headers)
    assert.ok(data.otpauth_url.includes(data.secret))
    assert.equal((await desk.logIn(email)).status, 200)
    const code = totpCode(data.secret, totpStep(desk.now()))
    const other = code === '000000' ? '111111' : '000000'
    const refused = await desk.ask('POST /auth/totp/confirm', { totp_code: other }, headers)
    assert.equal(refused.error.code, 'AUTH_TOTP_INVALID')
    assert.equal((await desk.logIn(email)).status, 200)
    const confirmed = await desk.ask('POST /auth/totp/confirm', { totp_code: code }, headers)
    assert.equal(confirmed.data.recovery_codes.length, 10)
    const bare = await desk.logIn(email)
    assert.deepEqual([bare.status, bare.error.code], [401, 'AUTH_TOTP_REQUIRED'])
    assert.equal((await desk.ask('GET /auth/me', undefined, headers)).data.totp_enabled, true)
  })

  it('takes a code once, also when it is sent twice at once', async () => {
    const { desk } = shared
    const ada = await secured(desk)
    const totp_code = ada.code()
    const twins = await Promise.all([
      desk.logIn(ada.email, PASSWORD, { totp_code }),
      desk.logIn(ada.email, PASSWORD, { totp_code }),
    ])
    assert.deepEqual(twins.map(({ status }) => status).toSorted(), [200, 401])
    const again = await desk.logIn(ada.email, PASSWORD, { totp_code })
    assert.deepEqual([again.status, again.error.code], [401, 'AUTH_TOTP_INVALID'])
    desk.pass(STEP_MS)
    assert.equal((await desk.logIn(ada.email, PASSWORD, { totp_code: ada.code() })).status, 200)
  })

  it('takes each recovery code once', async () => {
    const { desk } = shared
    const ada = await secured(desk)
    const [one = '', two = ''] = ada.recovery_codes
    const use = (recovery_code: string) => desk.logIn(ada.email, PASSWORD, { recovery_code })
    assert.equal((await use(one.toUpperCase())).status, 200)
    assert.equal((await use(one)).error.code, 'AUTH_TOTP_INVALID')
    assert.equal((await use(two)).status, 200)
  })

  it('does not help who lacks the password, and cannot be guessed', async () => {
    const { desk } = shared
    const ada = await secured(desk)
    const wrong = await desk.logIn(ada.email, 'guess', { totp_code: ada.code() })
    assert.equal(wrong.error.code, 'AUTH_INVALID_CREDENTIALS')
    // Asking without a code gives one's own attempt back, and never that of a guess.
    const other = ada.code() === '000000' ? '111111' : '000000'
    for (let nth = 0; nth < 4; nth++) {
      assert.equal((await desk.logIn(ada.email)).error.code, 'AUTH_TOTP_REQUIRED')
      const guess = await desk.logIn(ada.email, PASSWORD, { totp_code: other })
      assert.equal(guess.error.code, 'AUTH_TOTP_INVALID')
    }
    assert.equal((await desk.logIn(ada.email)).status, 429)
    assert.equal((await desk.logIn(ada.email, PASSWORD, { totp_code: ada.code() })).status, 429)
    desk.pass(15 * 60_000)
    assert.equal((await desk.logIn(ada.email, PASSWORD, { totp_code: ada.code() })).status, 200)
  })

  it('is turned off with a code, or by staff for who lost everything', async () => {
    const { desk } = shared
    const ada = await secured(desk)
    const off = 'POST /auth/totp/disable'
    assert.equal((await desk.ask(off, {}, ada.headers)).error.code, 'AUTH_TOTP_INVALID')
    assert.equal((await desk.ask(off, { totp_code: ada.code() }, ada.headers)).status, 204)
    assert.equal((await desk.logIn(ada.email)).status, 200)
    const eve = await secured(desk)
    const path = `DELETE /api/v1/users/${eve.id}/totp`
    assert.equal((await desk.ask(path, undefined, ada.headers)).status, 403)
    assert.equal((await desk.house.ask(path)).status, 204)
    assert.equal((await desk.logIn(eve.email)).status, 200)
    assert.equal((await desk.house.ask(path)).error.code, 'TOTP_NOT_ON')
  })

  it('replaces all recovery codes at once', async () => {
    const { desk } = shared
    const ada = await secured(desk)
    const [old = ''] = ada.recovery_codes
    const codes = { totp_code: ada.code() }
    const { data } = await desk.ask('POST /auth/totp/recovery-codes', codes, ada.headers)
    assert.equal(data.recovery_codes.length, 10)
    assert.equal((await desk.logIn(ada.email, PASSWORD, { recovery_code: old })).status, 401)
    const [fresh = ''] = data.recovery_codes
    assert.equal((await desk.logIn(ada.email, PASSWORD, { recovery_code: fresh })).status, 200)
  })
})
