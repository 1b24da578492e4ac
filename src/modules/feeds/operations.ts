import { process, query } from '#platform/operations'
import { feedErrors } from './errors.ts'
import { getFeedTotals, listFeedItems, listFeedProducts, pushFeed } from './queries.ts'
import { FeedItems, FeedProducts, FeedTotals, GetFeed, ListFeed, Pushed } from './schemas.ts'

export const operations = [
  query('feeds.list_products', {
    rest: 'GET /api/v1/feeds/products',
    permission: 'public',
    summary: 'List what is on sale as product feeds of agents have it',
    description: 'The shape of ACP 2026-04-17; amounts are minor units.',
    input: ListFeed,
    output: FeedProducts,
    example: { limit: 20 },
    run: listFeedProducts,
  }),
  query('feeds.list_items', {
    rest: 'GET /api/v1/feeds/items',
    permission: 'public',
    summary: 'List what is on sale as flat rows, one a variant',
    description: '`limit` counts products. With `format=csv` it is one table of all of them.',
    input: ListFeed,
    output: FeedItems,
    example: { limit: 20 },
    run: listFeedItems,
  }),
  query('feeds.get_totals', {
    rest: 'GET /api/v1/feeds',
    permission: 'products:read',
    summary: 'Read how long the feed is, and what an agent has of it',
    input: GetFeed,
    output: FeedTotals,
    example: {},
    run: getFeedTotals,
  }),
  process('feeds.push', {
    rest: 'POST /api/v1/feeds/push',
    permission: 'products:write',
    summary: 'Compare the whole catalogue with the feed of an agent now',
    description: 'Only what changed is sent, within moments.',
    status: 202,
    input: GetFeed,
    output: Pushed,
    errors: [feedErrors.not_configured],
    example: {},
    run: pushFeed,
  }),
]
