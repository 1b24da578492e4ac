import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { onEveryEngine, openHouse } from '#testing'
import { openShop } from '../../../modules/carts/tests/shop.ts'

const MAIN = fileURLToPath(new URL('../../../main.ts', import.meta.url))

onEveryEngine('tradepost mcp', (engine) => {
  it('speaks over standard input and output, on the database of a running server', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: ['12.50', 5] })
    const client = new Client({ name: 'tests', version: '1.0.0' })
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, 'mcp'],
      env: {
        PATH: process.env.PATH ?? '',
        APP__ENVIRONMENT: 'test',
        APP__DATABASE_URL: house.url,
      },
      stderr: 'inherit',
    })
    await client.connect(transport)
    try {
      const { tools } = await client.listTools()
      assert.ok(tools.some(({ name }) => name === 'search_products'))
      const query = { name: 'search_products', arguments: { query: 'mug' } }
      const { structuredContent } = (await client.callTool(query)) as any
      assert.equal(structuredContent.items[0].sku, 'MUG')
    } finally {
      await client.close()
    }
  })
})
