import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openClient } from '../../src/faces/mcp/tests/client.ts'
import { assertCheckout, BUYER, openUcp, pay, profileOf, way } from './platform.ts'
import { assertIs } from './schemas.ts'

const ITEMS = [{ item: { id: 'MUG' }, quantity: 1 }]

onEveryEngine('the tools of UCP', (engine) => {
  it('sell from search to order, each answer as the schemas have it', async () => {
    await using ucp = await openUcp(engine)
    const headers = await ucp.agentHeaders()
    await using mcp = await openClient(ucp, { path: '/ucp/mcp', headers })
    const meta = () => ({
      'ucp-agent': { profile: ucp.profile_url },
      'idempotency-key': randomUUID(),
    })
    assert.equal((await mcp.names()).length, 13)
    const found = await mcp.told('search_catalog', { meta: meta(), catalog: { query: 'mug' } })
    assertIs('shopping/catalog_search.json#/$defs/search_response', found)

    const checkout = { line_items: ITEMS, buyer: BUYER, fulfillment: way([]) }
    const made = await mcp.told('create_checkout', { meta: meta(), checkout })
    assertCheckout(made)
    assert.equal(made.status, 'ready_for_complete')
    const { id } = made
    const done = await mcp.told('complete_checkout', { meta: meta(), id, checkout: pay() })
    assert.equal(done.status, 'completed')
    const order = await mcp.told('get_order', { meta: meta(), id: done.order.id })
    assertIs('shopping/order.json', order)
    const byRest = await ucp.send(`GET /orders/${done.order.id}`)
    assert.deepEqual(byRest.body, order)
    assert.deepEqual(await ucp.violations(), [])
  })

  it('tell outcomes as results, and faults as errors with their numbers', async () => {
    await using ucp = await openUcp(engine)
    const headers = await ucp.agentHeaders()
    await using mcp = await openClient(ucp, { path: '/ucp/mcp', headers })
    const of = (profile: string) => ({ 'ucp-agent': { profile } })
    const meta = of(ucp.profile_url)
    const missing = await mcp.told('get_checkout', { meta, id: randomUUID() })
    assertIs('shopping/types/error_response.json', missing)
    assert.equal(missing.messages[0].code, 'not_found')

    const old = ucp.platform.publish('/old', profileOf({ version: '2026-01-11' }))
    const search = (profile: string) =>
      mcp.call('search_catalog', { meta: of(profile), catalog: {} })
    await assert.rejects(search(old), (error: any) => {
      assert.deepEqual([error.code, error.data.code], [-32001, 'version_unsupported'])
      return true
    })
    await assert.rejects(search('nonsense'), { code: -32001 })
    const broken = mcp.call('create_checkout', { meta, checkout: { line_items: [] } })
    await assert.rejects(broken, { code: -32000 })
    await assert.rejects(mcp.call('create_checkout', { checkout: {} }), { code: -32602 })
    await assert.rejects(mcp.call('cancel_checkout', { meta, id: 'x' }), { code: -32602 })
  })
})
