import { type FeedProduct, FeedRefused, type FeedSender } from '#modules/feeds'
import type { Settings } from '#platform/config/settings'

const TIMEOUT_MS = 20_000
/** What is kept of an answer that says no. */
const SAID_MAX = 500
const REFUSED = new Set([400, 413, 422])

/**
 * The feed that an agent keeps of us (ACP, product feeds: PATCH …/feeds/ID/products). Its address
 * comes from the settings only, and nothing follows where it redirects to.
 */
export function createFeedSender({ agent_feed_url, agent_feed_token }: Settings): FeedSender {
  return {
    async upsert(products: readonly FeedProduct[]) {
      const answer = await fetch(`${agent_feed_url}/products`, {
        method: 'PATCH',
        headers: {
          'content-type': 'application/json',
          ...(agent_feed_token !== '' && { authorization: `Bearer ${agent_feed_token}` }),
        },
        body: JSON.stringify({ products }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const said = (await answer.text()).slice(0, SAID_MAX)
      if (answer.ok) return
      const problem = `the feed answered ${answer.status}: ${said}`
      throw REFUSED.has(answer.status) ? new FeedRefused(problem) : new Error(problem)
    },
  }
}
