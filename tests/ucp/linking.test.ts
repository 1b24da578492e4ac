import assert from 'node:assert/strict'
import { hash, randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { type Folded, folded } from './forms.ts'
import { BUYER, openUcp, pay, way } from './platform.ts'
import { assertIs } from './schemas.ts'

const CHECKOUT = 'dev.ucp.shopping.checkout:manage'
const ORDER = 'dev.ucp.shopping.order:read'
const BOTH = `${CHECKOUT} ${ORDER}`
const PASSWORD = 'weaves patterns of algebra'
const EMAIL = 'linked@example.com'
const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-0123'
const CHALLENGE = hash('sha256', VERIFIER, 'base64url')
const CALLBACK = 'https://platform.example/callback'
const ITEMS = [{ item: { id: 'MUG' }, quantity: 1 }]

type Engine = Parameters<typeof openUcp>[0]

/** A shop with a customer, and a platform that publishes who it is. */
async function openLinking(engine: Engine, { clock }: { clock?: () => Date } = {}) {
  const cheap = { password_hash_memory_kib: 64, password_hash_passes: 1 }
  const ucp = await openUcp(engine, cheap, clock ? { clock } : {})
  const registered = { email: EMAIL, password: PASSWORD, first_name: 'Lin', last_name: 'Ked' }
  const made = await ucp.ask('POST /api/v1/customers/register', registered, { as: 'nobody' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const client = (path: string, more: object = {}) => {
    const address = `${ucp.platform.address}${path}`
    const said = { client_id: address, client_name: 'A platform', redirect_uris: [CALLBACK] }
    return ucp.platform.publish(path, { ...said, ...more })
  }
  const client_id = client('/client.json')
  const form = folded(ucp.http)
  const wish = (more: Folded = {}): Folded => ({
    response_type: 'code',
    client_id,
    redirect_uri: CALLBACK,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    scope: BOTH,
    state: 'xyz',
    ...more,
  })
  const allow = (more: Folded = {}) =>
    form('POST', '/ucp/oauth/authorize', {
      ...wish(more),
      email: EMAIL,
      password: PASSWORD,
      decision: 'allow',
      ...more,
    })
  const codeFor = async (more: Folded = {}) => {
    const { status, location } = await allow(more)
    assert.equal(status, 303)
    return new URL(location).searchParams.get('code') as string
  }
  const trade = (code: string, more: Folded = {}) =>
    form('POST', '/ucp/oauth/token', {
      grant_type: 'authorization_code',
      client_id,
      redirect_uri: CALLBACK,
      code,
      code_verifier: VERIFIER,
      ...more,
    })
  const renew = (refresh_token: string, more: Folded = {}) =>
    form('POST', '/ucp/oauth/token', {
      grant_type: 'refresh_token',
      client_id,
      refresh_token,
      ...more,
    })
  const link = async (more: Folded = {}) => {
    const { status, body } = await trade(await codeFor(more), more)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  /** Asks the face with a bearer token, as the platform. */
  const as = (token: string) => async (route: string, payload?: object) => {
    const [method, path] = route.split(' ') as ['POST', string]
    const { statusCode, body, headers } = await ucp.http.inject({
      method,
      url: `/ucp${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        'ucp-agent': `profile="${ucp.profile_url}"`,
        ...(payload && { 'idempotency-key': randomUUID() }),
      },
      ...(payload && { payload }),
    })
    return { status: statusCode, body: JSON.parse(body), headers }
  }
  const login = async () => {
    const { body } = await form('POST', '/api/v1/users/login', {
      username: EMAIL,
      password: PASSWORD,
    })
    const { access_token } = body.data ?? body
    return { authorization: `Bearer ${access_token}` }
  }
  return { ...ucp, client, client_id, form, wish, allow, codeFor, trade, renew, link, as, login }
}

onEveryEngine('identity linking', (engine) => {
  it('lets a platform buy for a customer, as far as they allowed, and nowhere else', async () => {
    await using shop = await openLinking(engine)
    const server = (await shop.http.inject('/.well-known/oauth-authorization-server')).json()
    assert.deepEqual(server.code_challenge_methods_supported, ['S256'])
    const resource = (await shop.http.inject('/.well-known/oauth-protected-resource/ucp')).json()
    assert.deepEqual(resource.authorization_servers, [server.issuer])
    const profile = (await shop.http.inject('/.well-known/ucp')).json()
    assertIs('discovery/profile.json#/$defs/business_profile', profile)
    const [linking] = profile.ucp.capabilities['dev.ucp.common.identity_linking']
    assertIs(
      'common/identity_linking.json#/$defs/dev.ucp.common.identity_linking/business_schema',
      linking,
    )

    const page = await shop.form('GET', '/ucp/oauth/authorize', shop.wish())
    assert.equal(page.status, 200)
    assert.match(page.text, /A platform \(127\.0\.0\.1:\d+\) asks to act for you/)
    assert.match(page.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/)
    const allowed = await shop.allow()
    const back = new URL(allowed.location)
    assert.equal(`${back.origin}${back.pathname}`, CALLBACK)
    assert.deepEqual(
      [back.searchParams.get('state'), back.searchParams.get('iss')],
      ['xyz', server.issuer],
    )
    const { body: tokens } = await shop.trade(back.searchParams.get('code') as string)
    assert.deepEqual([tokens.token_type, tokens.scope], ['Bearer', BOTH])

    const ask = shop.as(tokens.access_token)
    const wanted = { line_items: ITEMS, buyer: BUYER, fulfillment: way([]) }
    const made = await ask('POST /checkout-sessions', wanted)
    assert.equal(made.body.buyer.email, EMAIL, 'the buyer is who has linked the platform')
    const done = await ask(`POST /checkout-sessions/${made.body.id}/complete`, pay())
    assert.equal(done.body.status, 'completed', JSON.stringify(done.body))
    const { data: order } = await shop.ask(`GET /api/v1/orders/${done.body.order.id}`)
    const { data: me } = await shop.ask(`GET /api/v1/customers?search=${EMAIL}`)
    assert.equal(order.customer_id, me.items[0].id)

    const again = await shop.link()
    const read = await shop.as(again.access_token)(`GET /orders/${order.id}`)
    assert.equal(read.body.id, order.id, 'a customer sees their order after linking anew')
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const elsewhere = await shop.ask('GET /api/v1/users/me', undefined, { as: 'nobody', headers })
    assert.equal(elsewhere.status, 401)
    assert.deepEqual(await shop.violations(), [])
  })

  it('refuses what was not allowed, with the scope that is missing', async () => {
    await using shop = await openLinking(engine)
    const { access_token, scope } = await shop.link({ scope: ORDER })
    assert.equal(scope, ORDER)
    const refused = await shop.as(access_token)('POST /checkout-sessions', { line_items: ITEMS })
    assert.deepEqual([refused.status, refused.body.code], [403, 'insufficient_scope'])
    const challenge = String(refused.headers['www-authenticate'])
    assert.ok(challenge.includes(`scope="${CHECKOUT}"`), challenge)
    const stranger = await shop.as('ucp_at_nonsense')('POST /catalog/search', {})
    assert.deepEqual([stranger.status, stranger.body.code], [401, 'unauthorized'])
  })

  it('sends nobody to an address that the platform does not know, and says so to those it does', async () => {
    await using shop = await openLinking(engine)
    const ask = (more: Folded) => shop.form('GET', '/ucp/oauth/authorize', shop.wish(more))
    const liar = shop.client('/liar.json', { client_id: 'https://somebody.example/client.json' })
    const native = shop.client('/native.json', { redirect_uris: ['http://127.0.0.1/cb'] })
    for (const more of [
      { redirect_uri: 'https://evil.example/callback' },
      { redirect_uri: `${CALLBACK}/../evil` },
      { redirect_uri: `${CALLBACK}?x=1` },
      { client_id: `${shop.platform.address}/missing` },
      { client_id: 'ftp://x' },
      { client_id: liar },
      { client_id: native, redirect_uri: 'http://127.0.0.1:9/other' },
      { client_id: native, redirect_uri: 'http://localhost:9/cb' },
    ]) {
      const { status, location } = await ask(more)
      assert.deepEqual([status, location], [400, ''], JSON.stringify(more))
    }
    const port = { client_id: native, redirect_uri: 'http://127.0.0.1:49152/cb' }
    assert.equal((await ask(port)).status, 200)
    for (const [more, error] of [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ code_challenge: undefined }, 'invalid_request'],
      [{ scope: `${ORDER} orders:*` }, 'invalid_scope'],
      [{ scope: '' }, 'invalid_scope'],
    ] as [Folded, string][]) {
      const { status, location } = await ask(more)
      assert.equal(status, 303)
      assert.equal(new URL(location).searchParams.get('error'), error)
    }
    const denied = await shop.allow({ decision: 'deny' })
    assert.match(denied.location, /error=access_denied.*state=xyz/)
    const wrong = await shop.allow({ password: 'another' })
    assert.deepEqual([wrong.status, wrong.location], [400, ''])
    assert.doesNotMatch(wrong.text, /another/)
    const marked = await shop.allow({ email: '"><script>alert(1)</script>' })
    assert.doesNotMatch(marked.text, /<script>/)
  })

  it('takes a code once, of the platform that asked, with its verifier, and soon', async () => {
    let now = Date.now()
    await using shop = await openLinking(engine, { clock: () => new Date(now) })
    const other = shop.client('/other.json')
    for (const more of [
      { code_verifier: VERIFIER.replace('a-', 'b-') },
      { client_id: other },
      { redirect_uri: `${CALLBACK}2` },
    ]) {
      const code = await shop.codeFor()
      const refused = await shop.trade(code, more)
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant'])
      assert.equal((await shop.trade(code)).status, 400, 'it is used up all the same')
    }
    const bare = await shop.trade(await shop.codeFor(), { code_verifier: undefined })
    assert.equal(bare.status, 400)
    const late = await shop.codeFor()
    now += 121_000
    assert.equal((await shop.trade(late)).status, 400)

    const code = await shop.codeFor()
    const crowd = await Promise.all(Array.from({ length: 5 }, () => shop.trade(code)))
    const won = crowd.filter(({ status }) => status === 200)
    assert.equal(won.length, 1)
    const { access_token } = won[0]?.body ?? {}
    const after = await shop.as(access_token)('POST /catalog/search', {})
    assert.equal(after.status, 401, 'two had the code, so the link is over')
  })

  it('renews tokens once each, and ends when one comes twice', async () => {
    let now = Date.now()
    await using shop = await openLinking(engine, { clock: () => new Date(now) })
    const first = await shop.link()
    now += 3_601_000
    const works = async (token: string) => (await shop.as(token)('POST /catalog/search', {})).status
    assert.equal(await works(first.access_token), 401)
    const other = shop.client('/other.json')
    assert.equal((await shop.renew(first.refresh_token, { client_id: other })).status, 400)
    const second = await shop.renew(first.refresh_token)
    assert.equal(second.status, 200, JSON.stringify(second.body))
    assert.equal(await works(second.body.access_token), 200)
    assert.equal((await shop.renew(first.refresh_token)).body.error, 'invalid_grant')
    assert.equal(await works(second.body.access_token), 401)
    assert.equal((await shop.renew(second.body.refresh_token)).status, 400)
  })

  it('ends when the platform, the customer or a new password says so', async () => {
    await using shop = await openLinking(engine)
    const isOver = async ({ access_token, refresh_token }: any) => {
      const { status } = await shop.as(access_token)('POST /catalog/search', {})
      const renewed = await shop.renew(refresh_token)
      return status === 401 && renewed.status === 400
    }
    const given = await shop.link()
    const other = shop.client('/other.json')
    const giveBack = (client_id: string) =>
      shop.form('POST', '/ucp/oauth/revoke', { client_id, token: given.refresh_token })
    assert.equal((await giveBack(other)).status, 200)
    assert.equal((await shop.as(given.access_token)('POST /catalog/search', {})).status, 200)
    assert.equal((await giveBack(shop.client_id)).status, 200)
    assert.equal(await isOver(given), true)

    const kept = await shop.link()
    const headers = await shop.login()
    const mine = { as: 'nobody' as const, headers }
    const listed = await shop.ask('GET /api/v1/ucp/links', undefined, mine)
    assert.equal(listed.data.total, 1)
    const [link] = listed.data.items
    assert.match(link.client_name, /^A platform/)
    assert.doesNotMatch(JSON.stringify(listed.body), /hash|ucp_at/)
    const ended = await shop.ask(`DELETE /api/v1/ucp/links/${link.id}`, undefined, mine)
    assert.equal(ended.status, 204)
    assert.equal(await isOver(kept), true)
    const twice = await shop.ask(`DELETE /api/v1/ucp/links/${link.id}`, undefined, mine)
    assert.equal(twice.status, 404)

    const last = await shop.link()
    const waiting = await shop.codeFor()
    const change = { current_password: PASSWORD, new_password: `${PASSWORD} of 1843` }
    const changed = await shop.ask('POST /api/v1/users/me/change-password', change, mine)
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    assert.equal(await isOver(last), true)
    assert.equal((await shop.trade(waiting)).status, 400)
  })
})
