import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { ALL, openUcp, profileOf, VERSION } from './platform.ts'
import { assertIs } from './schemas.ts'

const ITEMS = [{ item: { id: 'MUG' }, quantity: 1 }]

onEveryEngine('the negotiation of UCP', (engine) => {
  it('begins with a profile as the schema has it', async () => {
    await using ucp = await openUcp(engine)
    const answer = await ucp.http.inject({ method: 'GET', url: '/.well-known/ucp' })
    assert.equal(answer.statusCode, 200)
    const body = answer.json()
    assertIs('discovery/profile.json#/$defs/business_profile', body)
    assert.equal(body.ucp.version, VERSION)
    const [rest, mcp] = body.ucp.services['dev.ucp.shopping']
    assert.match(rest.endpoint, /\/ucp$/)
    assert.match(mcp.endpoint, /\/ucp\/mcp$/)
    const known = [...ALL, 'dev.ucp.common.identity_linking']
    assert.deepEqual(Object.keys(body.ucp.capabilities).toSorted(), known.toSorted())
    const [key] = body.signing_keys
    assert.equal(key.crv, 'P-256')
    assert.equal(key.d, undefined)
  })

  it('leaves what both sides can, and no extension without what it extends', async () => {
    await using ucp = await openUcp(engine)
    const plain = ucp.platform.publish(
      '/plain',
      profileOf({ capabilities: ['dev.ucp.shopping.checkout'] }),
    )
    const made = await ucp.checkout(
      'POST /checkout-sessions',
      { line_items: ITEMS },
      { profile: plain },
    )
    assert.deepEqual(Object.keys(made.ucp.capabilities), ['dev.ucp.shopping.checkout'])
    assert.equal(made.fulfillment, undefined)
    assert.equal(made.discounts, undefined)

    const orphan = ucp.platform.publish(
      '/orphan',
      profileOf({ capabilities: ['dev.ucp.shopping.fulfillment', 'dev.ucp.shopping.order'] }),
    )
    const none = await ucp.send(
      'POST /checkout-sessions',
      { line_items: ITEMS },
      { profile: orphan },
    )
    assert.equal(none.status, 200)
    assertIs('shopping/types/error_response.json', none.body)
    assert.equal(none.body.messages[0].code, 'capabilities_incompatible')
  })

  it('reads a profile once as long as it holds', async () => {
    await using ucp = await openUcp(engine)
    for (let nth = 0; nth < 3; nth++) await ucp.send('POST /catalog/search', {})
    assert.equal(ucp.platform.asked(), 1)
  })

  it('refuses profiles that cannot be read, by what is wrong with them', async () => {
    await using ucp = await openUcp(engine)
    const fault = async (profile: string) => {
      const { status, body } = await ucp.send('POST /catalog/search', {}, { profile })
      return [status, body.code]
    }
    const { publish, address } = ucp.platform
    assert.deepEqual(await fault('nonsense'), [400, 'invalid_profile_url'])
    assert.deepEqual(await fault('ftp://example.com/x'), [400, 'invalid_profile_url'])
    assert.deepEqual(await fault(`${address}/missing`), [424, 'profile_unreachable'])
    assert.deepEqual(await fault(publish('/text', 'no JSON')), [422, 'profile_malformed'])
    assert.deepEqual(await fault(publish('/other', { ucp: {} })), [422, 'profile_malformed'])
    const old = publish('/old', profileOf({ version: '2026-01-11' }))
    assert.deepEqual(await fault(old), [422, 'version_unsupported'])

    const headers = { 'x-api-key': ucp.adminKey }
    const nobody = await ucp.http.inject({ method: 'GET', url: '/ucp/orders/x', headers })
    assert.equal(nobody.statusCode, 400)
    assert.equal(nobody.json().code, 'invalid_profile_url')
  })

  it('never asks a private address unless that is allowed', async () => {
    await using ucp = await openUcp(engine, { webhook_private_addresses: false })
    const { status, body } = await ucp.send('POST /catalog/search', {})
    assert.deepEqual([status, body.code], [400, 'invalid_profile_url'])
    const local = { profile: 'https://127.0.0.1/x' }
    assert.equal((await ucp.send('POST /catalog/search', {}, local)).status, 400)
    assert.equal(ucp.platform.asked(), 0)
  })

  it('refuses who may not, and what is no body of the protocol', async () => {
    await using ucp = await openUcp(engine)
    const body = { line_items: ITEMS }
    const stranger = await ucp.send('POST /checkout-sessions', body, { as: 'nobody' })
    assert.deepEqual([stranger.status, stranger.body.code], [401, 'unauthorized'])
    for (const wrong of [{}, { line_items: [] }, { line_items: [{ item: {}, quantity: 1 }] }, []]) {
      const refused = await ucp.send('POST /checkout-sessions', wrong)
      assert.equal(refused.status, 400, JSON.stringify(wrong))
      assert.equal(refused.body.code, 'invalid_request')
    }
  })
})
