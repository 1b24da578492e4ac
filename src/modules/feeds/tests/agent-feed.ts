import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FeedProduct } from '../schemas.ts'

/** An agent that keeps a feed: what a PATCH brings replaces what it has under the same id. */
export async function openAgentFeed() {
  const kept = new Map<string, FeedProduct>()
  const state = {
    kept,
    requests: [] as { authorization: string | undefined; ids: string[] }[],
    /** What it answers instead of taking anything. */
    broken: undefined as number | undefined,
    /** Titles that it refuses. */
    refuses: new Set<string>(),
  }
  const server = createServer(async (request, response) => {
    const { products } = JSON.parse(await text(request)) as { products: FeedProduct[] }
    const ids = products.map(({ id }) => id)
    state.requests.push({ authorization: request.headers.authorization, ids })
    const refused = products.some(({ title }) => state.refuses.has(title)) ? 400 : undefined
    const status = state.broken ?? refused ?? 200
    if (request.method !== 'PATCH' || request.url !== '/feeds/feed_1/products') {
      return response.writeHead(404).end()
    }
    if (status === 200) for (const product of products) kept.set(product.id, product)
    response.writeHead(status).end(JSON.stringify({ id: 'feed_1', accepted: status === 200 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...state,
    state,
    settings: {
      agent_feed_url: `http://127.0.0.1:${port}/feeds/feed_1`,
      agent_feed_token: 'feed-token',
      shop_url: 'https://shop.example',
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
