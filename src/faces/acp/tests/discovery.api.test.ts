import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { onEveryEngine, openHouse } from '#testing'
import { ACP_VERSIONS } from '../versions.ts'

const PATH = 'tests/acp/specs/2026-04-17/json-schema/schema.agentic_checkout.json'

onEveryEngine('discovery', (engine) => {
  it('tells anybody, as the schema has it, what is served and where', async () => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema(JSON.parse(readFileSync(PATH, 'utf8')), 'bundle')
    const settings = { public_url: 'https://shop.example/', acp_base_path: '/acp' }
    await using house = await openHouse(engine, { settings })
    const answer = await house.send('GET /.well-known/acp.json', { as: 'nobody' })
    assert.equal(answer.status, 200)
    const check = ajv.getSchema('bundle#/$defs/DiscoveryResponse')
    assert.ok(check?.(answer.body), JSON.stringify(check?.errors))
    assert.match(answer.headers['cache-control'] ?? '', /public, max-age=3600/)
    const { protocol, api_base_url, capabilities } = answer.body
    assert.deepEqual(protocol.supported_versions, ACP_VERSIONS)
    assert.equal(protocol.supported_versions.at(-1), protocol.version)
    assert.equal(api_base_url, 'https://shop.example/acp')
    assert.deepEqual(capabilities.services, ['checkout', 'orders', 'carts', 'delegate_payment'])
    assert.doesNotMatch(JSON.stringify(answer.body), /tradepost|stripe|merchant|psp/i)
  })

  it('leaves the vault out where it is switched off', async () => {
    await using house = await openHouse(engine, { settings: { vault_enabled: false } })
    const { body } = await house.send('GET /.well-known/acp.json', { as: 'nobody' })
    assert.ok(!body.capabilities.services.includes('delegate_payment'))
  })
})
