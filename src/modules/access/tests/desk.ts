import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { ensureFirstAdministrator, type FirstAdministrator } from '#modules/access'
import type { Engine } from '#platform/database/database'
import { openHouse } from '#testing'

/** Real Argon2id at a cost that tests can pay a hundred times. */
export const CHEAP = { password_hash_memory_kib: 64, password_hash_passes: 1 }
export const PASSWORD = 'weaves patterns of algebra'

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** One desk for all tests of a suite: each of them makes users of its own. */
export function shareDesk(engine: Engine): { readonly desk: Desk } {
  const shared = {} as { desk: Desk }
  before(async () => {
    shared.desk = await openDesk(engine)
  })
  after(() => shared.desk[Symbol.asyncDispose]())
  return shared
}

/** A house where people log in for real, and a clock that the test moves. */
export async function openDesk(engine: Engine) {
  let users = 0
  const time = { now: Date.parse('2026-11-21T12:00:00.000Z') }
  const house = await openHouse(engine, { settings: CHEAP, clock: () => new Date(time.now) })
  const ask = (route: string, body?: unknown, headers: Record<string, string> = {}) =>
    house.ask(route, body, { as: 'nobody', headers })
  const logIn = (email: string, password = PASSWORD, more = {}) =>
    ask('POST /auth/login', { email, password, ...more })

  return {
    house,
    ask,
    logIn,
    /** Moves the clock on, in milliseconds. */
    pass: (ms: number) => {
      time.now += ms
    },
    now: () => time.now,
    firstAdministrator: async () =>
      (await ensureFirstAdministrator(house.app)) as FirstAdministrator,
    /** A user with these roles, logged in: what their requests carry. */
    async newUser(roles = ['staff'], email = `ada-${++users}@example.com`) {
      const made = await house.ask('POST /api/v1/users', {
        email,
        password: PASSWORD,
        first_name: 'Ada',
        last_name: 'King',
        roles,
      })
      assert.equal(made.status, 201, JSON.stringify(made.error))
      const { data } = await logIn(email)
      return {
        email,
        id: made.data.id as string,
        user: made.data,
        ...bearer(data.access_token),
        tokens: data,
      }
    },
    async [Symbol.asyncDispose]() {
      const violations = await house.violations()
      await house.close()
      assert.deepEqual(violations, [])
    },
  }
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
