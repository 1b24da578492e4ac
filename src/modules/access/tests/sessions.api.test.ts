import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { bearer, PASSWORD, shareDesk } from './desk.ts'

onEveryEngine('sessions', (engine) => {
  const shared = shareDesk(engine)

  it('trade a refresh token once for a new pair; the access token before stays good', async () => {
    const { desk } = shared
    const { tokens, headers } = await desk.newUser()
    const second = await desk.ask('POST /auth/refresh', { refresh_token: tokens.refresh_token })
    assert.equal(second.status, 200)
    const third = await desk.ask('POST /api/v1/auth/refresh', {
      refresh_token: second.data.refresh_token,
    })
    assert.equal(third.status, 200)
    for (const used of [headers, bearer(third.data.access_token).headers]) {
      assert.equal((await desk.ask('GET /auth/me', undefined, used)).status, 200)
    }
  })

  it('end when a refresh token comes a second time: for its thief and for its owner', async () => {
    const { desk } = shared
    const { tokens, headers } = await desk.newUser()
    const { refresh_token } = tokens
    const second = await desk.ask('POST /auth/refresh', { refresh_token })
    const again = await desk.ask('POST /auth/refresh', { refresh_token })
    assert.equal(again.status, 401)
    assert.equal(again.error.code, 'AUTH_REVOKED_TOKEN')
    const next = await desk.ask('POST /auth/refresh', { refresh_token: second.data.refresh_token })
    assert.equal(next.error.code, 'AUTH_REVOKED_TOKEN')
    for (const used of [headers, bearer(second.data.access_token).headers]) {
      const { status, error } = await desk.ask('GET /auth/me', undefined, used)
      assert.deepEqual([status, error.code], [401, 'AUTH_REVOKED_TOKEN'])
    }
    assert.ok((await desk.house.events()).includes('session.reuse_detected'))
  })

  it('let one of many win that show a token at once, and then end', async () => {
    const { desk } = shared
    const { tokens } = await desk.newUser()
    const { refresh_token } = tokens
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => desk.ask('POST /auth/refresh', { refresh_token })),
    )
    const won = answers.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    assert.equal(answers.filter(({ status }) => status === 401).length, 7)
    const next = await desk.ask('POST /auth/refresh', {
      refresh_token: won[0]?.data.refresh_token,
    })
    assert.equal(next.error.code, 'AUTH_REVOKED_TOKEN')
  })

  it('take no access token for a refresh token, and no refresh token for an access token', async () => {
    const { desk } = shared
    const { tokens } = await desk.newUser()
    const swapped = await desk.ask('POST /auth/refresh', { refresh_token: tokens.access_token })
    assert.deepEqual([swapped.status, swapped.error.code], [401, 'AUTH_INVALID_TOKEN'])
    const used = await desk.ask('GET /auth/me', undefined, bearer(tokens.refresh_token).headers)
    assert.deepEqual([used.status, used.error.code], [401, 'AUTH_INVALID_TOKEN'])
  })

  it('end at logout, at once, and only that one', async () => {
    const { desk } = shared
    const { headers, tokens, email } = await desk.newUser()
    const elsewhere = bearer((await desk.logIn(email)).data.access_token)
    assert.equal((await desk.ask('POST /auth/logout', {}, headers)).status, 200)
    const after = await desk.ask('GET /auth/me', undefined, headers)
    assert.deepEqual([after.status, after.error.code], [401, 'AUTH_REVOKED_TOKEN'])
    const { refresh_token } = tokens
    assert.equal((await desk.ask('POST /auth/refresh', { refresh_token })).status, 401)
    const other = await desk.ask('GET /api/v1/users/logout', undefined, elsewhere.headers)
    assert.equal(other.data.message, 'Successfully logged out')
    assert.equal((await desk.ask('GET /auth/me', undefined, elsewhere.headers)).status, 401)
  })

  it('expire: access tokens after an hour, refresh tokens after 30 days without use', async () => {
    const { desk } = shared
    const { headers, tokens } = await desk.newUser()
    desk.pass(3_600_000)
    const late = await desk.ask('GET /auth/me', undefined, headers)
    assert.deepEqual([late.status, late.error.code], [401, 'AUTH_TOKEN_EXPIRED'])
    const { data } = await desk.ask('POST /auth/refresh', { refresh_token: tokens.refresh_token })
    desk.pass(30 * 86_400_000)
    const { error } = await desk.ask('POST /auth/refresh', { refresh_token: data.refresh_token })
    assert.equal(error.code, 'AUTH_TOKEN_EXPIRED')
  })

  it('are listed, and ended one by one by their owner alone', async () => {
    const { desk } = shared
    const { headers, email } = await desk.newUser()
    const phone = bearer((await desk.logIn(email)).data.access_token)
    const stranger = await desk.newUser()
    const { data } = await desk.ask('GET /auth/sessions', undefined, headers)
    assert.deepEqual(
      data.items.map(({ is_current }: { is_current: boolean }) => is_current),
      [false, true],
    )
    const { id } = data.items[0]
    const foreign = await desk.ask(`DELETE /auth/sessions/${id}`, undefined, stranger.headers)
    assert.deepEqual([foreign.status, foreign.error.code], [404, 'SESSION_NOT_FOUND'])
    assert.equal((await desk.ask(`DELETE /auth/sessions/${id}`, undefined, headers)).status, 204)
    assert.equal((await desk.ask('GET /auth/me', undefined, phone.headers)).status, 401)
    assert.equal((await desk.ask('GET /auth/me', undefined, headers)).status, 200)
  })

  it('end elsewhere when the password changes, which asks for the old one', async () => {
    const { desk } = shared
    const { headers, email } = await desk.newUser()
    const elsewhere = bearer((await desk.logIn(email)).data.access_token)
    const path = 'POST /api/v1/users/me/change-password'
    const new_password = 'an even better pattern'
    const wrong = await desk.ask(path, { current_password: 'guess', new_password }, headers)
    assert.deepEqual([wrong.status, wrong.error.code], [403, 'PASSWORD_WRONG'])
    const weak = { current_password: PASSWORD, new_password: 'tooshort' }
    assert.equal((await desk.ask(path, weak, headers)).error.code, 'PASSWORD_TOO_WEAK')
    const right = { current_password: PASSWORD, new_password }
    assert.equal((await desk.ask(path, right, headers)).status, 200)
    assert.equal((await desk.ask('GET /auth/me', undefined, headers)).status, 200)
    assert.equal((await desk.ask('GET /auth/me', undefined, elsewhere.headers)).status, 401)
    assert.equal((await desk.logIn(email)).status, 401)
    assert.equal((await desk.logIn(email, new_password)).status, 200)
  })

  it('refuse a bad bearer even beside a good API key', async () => {
    const { desk } = shared
    const { api_key } = await desk.firstAdministrator()
    for (const authorization of ['Bearer nonsense', 'Basic YTpi', 'Bearer ', '']) {
      const { status, error } = await desk.ask('GET /auth/me', undefined, {
        authorization,
        'x-api-key': api_key,
      })
      assert.deepEqual([status, error?.code], [401, 'AUTH_INVALID_TOKEN'], authorization)
    }
  })
})
