import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { it } from 'node:test'
import { sql } from 'kysely'
import { type House, onEveryEngine, openDatabaseAt, openHouse } from '#testing'
import { deathsIn, type Moment } from '../crash/death.ts'

const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-0123'
const client_id = 'https://platform.example/oauth/client.json'
const redirect_uri = 'https://platform.example/oauth/callback'
const login = { email: 'linked@example.com', password: 'weaves patterns of algebra' }
const TRADE = 'POST /api/v1/ucp/links/tokens'
const RENEW = 'POST /api/v1/ucp/links/tokens/renew'
const as = 'nobody' as const
const SETTINGS = { password_hash_memory_kib: 64, password_hash_passes: 1 }

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body, { as })
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** A customer who lets a platform act for them: the code, and the tokens of a link made before. */
async function openShop(house: House) {
  const names = { first_name: 'Lin', last_name: 'Ked' }
  await made(house, 'POST /api/v1/customers/register', { ...login, ...names })
  const grant = async () => {
    const { code } = await made(house, 'POST /api/v1/ucp/links/grants', {
      client_id,
      client_name: 'A platform',
      redirect_uri,
      code_challenge: hash('sha256', VERIFIER, 'base64url'),
      scopes: ['dev.ucp.shopping.order:read'],
      ...login,
    })
    return { client_id, redirect_uri, code, code_verifier: VERIFIER }
  }
  const { refresh_token } = await made(house, TRADE, await grant())
  const code = await grant()
  // A code lives two minutes, and a busy machine may need them to begin.
  const database = openDatabaseAt(house.database.engine, house.url)
  await database.write(async ({ kysely }) => {
    const expires_at = '2099-01-01T00:00:00.000Z'
    await sql`update ucp_link_codes set expires_at = ${expires_at}`.execute(kysely)
  })
  await database.close()
  return { trade: code, renew: { client_id, refresh_token } }
}

const STEPS: Record<string, { at: Moment; isDone: boolean }> = {
  'before the commit': { at: { commit: 1 }, isDone: false },
  'before the platform was told': { at: 'told', isDone: true },
}

// Goal: whenever the server dies while a link is made or renewed, it is made or renewed wholly or
// not at all, and no tokens work that nobody was told. Method: a process of its own is killed at
// each step; then the platform asks again, as it must.
onEveryEngine('a server that dies while a platform is linked', (engine) => {
  const dying = deathsIn(engine, { prepare: openShop, settings: SETTINGS })
  const DEEDS = { trade: TRADE, renew: RENEW }

  for (const [step, { at, isDone }] of Object.entries(STEPS)) {
    for (const [what, route] of Object.entries(DEEDS) as ['trade' | 'renew', string][]) {
      const died = dying(at, (shop) => ({ route, body: shop[what], as }))
      it(`${what}: ${step}`, { timeout: 180_000 }, async () => {
        const { shop, url, settings } = await died()
        await using house = await openHouse(engine, { at: url, settings })
        const open = async () => {
          const { rows } = await house.database.read(({ kysely }) =>
            sql<{ id: string }>`select id from ucp_links where ended_at is null`.execute(kysely),
          )
          return rows.length
        }
        const links = what === 'trade' ? 2 : 1
        assert.equal(await open(), isDone ? links : 1)
        const again = await house.ask(route, shop[what], { as })
        // Whoever was not told looks like one who shows a copy: the link ends, and is made anew.
        assert.equal(again.status, isDone ? 400 : 200, JSON.stringify(again.body))
        assert.equal(await open(), isDone ? links - 1 : links)
        if (!isDone) {
          assert.equal((await house.ask(route, shop[what], { as })).status, 400, 'and only once')
        }
        assert.deepEqual(await house.violations(), [])
      })
    }
  }
})
