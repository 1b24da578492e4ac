import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ask } from '#faces/agentic-dialect/asking'
import { answerDialectError, dialectErrors } from '#faces/agentic-dialect/errors'
import type { Face } from '#faces/rest/faces'
import { JSON_TYPE } from '#faces/rest/headers'
import { csvLine } from '#kit/csv'
import type { App } from '#platform/app'
import { agentOf } from './agent.ts'
import { type CatalogueOptions, FORMATS, itemAsAsked, readOptions } from './feed-options.ts'

/** Products of one page: no more is held at a time. */
const PAGE = 100
const CATALOGUE = '/api/v1/agentic-checkout/catalog'
const TYPES = {
  json: JSON_TYPE,
  csv: 'text/csv; charset=utf-8; header=present',
  tsv: 'text/tab-separated-values; charset=utf-8',
} as const

/**
 * The catalogue for agents: the full feed of ACP as JSON lines with its metadata, and the
 * documented export as JSON, CSV or TSV. Every answer is written page by page, as fast as it is
 * read.
 */
export const productFeed: Face = async (http, app) => {
  await http.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      request.actor = await agentOf(app, request.headers)
    })
    scope.setErrorHandler((error, request, reply) =>
      answerDialectError(app, { error, request, reply }),
    )
    const config = { face: 'acp' }
    scope.get('/api/v1/feeds/metadata.json', { config }, (_, reply) => metadata(app, reply))
    scope.get('/api/v1/feeds/products.jsonl', { config }, (request, reply) =>
      reply
        .header('content-type', 'application/jsonl; charset=utf-8')
        .send(stream(jsonLines(app, request))),
    )
    scope.get(CATALOGUE, { config }, (request, reply) =>
      catalogue(app, { request, reply, asked: request.query }),
    )
    scope.post(CATALOGUE, { config }, (request, reply) =>
      catalogue(app, { request, reply, asked: request.body ?? {} }),
    )
  })
}

function metadata({ settings, clock }: App, reply: FastifyReply) {
  const id = `feed_${settings.merchant_id}`
  const told = { id, target_country: settings.shop_country, updated_at: clock().toISOString() }
  return reply.header('content-type', JSON_TYPE).send(JSON.stringify(told))
}

const stream = (lines: AsyncIterable<string>) => Readable.from(lines, { objectMode: false })

type Page = { items: object[]; next_cursor: string | null }

async function* pages(app: App, request: FastifyRequest, name: string): AsyncGenerator<object[]> {
  let cursor: string | undefined
  do {
    const input = { limit: PAGE, ...(cursor && { cursor }) }
    const page = (await ask(app, request, { name, input })).output as Page
    yield page.items
    cursor = page.next_cursor ?? undefined
  } while (cursor)
}

async function* jsonLines(app: App, request: FastifyRequest): AsyncGenerator<string> {
  for await (const items of pages(app, request, 'feeds.list_products')) {
    yield items.map((item) => `${JSON.stringify(item)}\n`).join('')
  }
}

type Asked = { request: FastifyRequest; reply: FastifyReply; asked: unknown }

async function catalogue(app: App, { request, reply, asked }: Asked) {
  const options = readOptions(asked, app.settings)
  if (options.push && app.settings.agent_feed_url === undefined) throw dialectErrors.no_feed()
  if (options.push) {
    if (!request.actor?.may('products:write')) throw dialectErrors.may_not_push()
    await ask(app, request, { name: 'feeds.push', input: {} })
  }
  const total = await countItems(app, request, options)
  const generated_at = app.clock().toISOString()
  reply.header('content-type', TYPES[options.format])
  const feed = { app, request, options, total, generated_at }
  if (options.format === 'json') return reply.send(stream(asJson(feed)))
  reply.headers({
    'x-feed-product-count': String(total),
    'x-feed-generated-at': generated_at,
    'x-feed-pushed-to-openai': String(options.push),
    'content-disposition': `attachment; filename="catalog.${options.format}"`,
  })
  return reply.send(stream(asTable(feed)))
}

/** Counted before the first row is written, because headers go first. */
async function countItems(app: App, request: FastifyRequest, { most }: CatalogueOptions) {
  let total = 0
  for await (const items of pages(app, request, 'feeds.list_items')) {
    total += items.length
    if (total >= most) return most
  }
  return total
}

type Feed = {
  app: App
  request: FastifyRequest
  options: CatalogueOptions
  total: number
  generated_at: string
}

/** The rows of the feed, as many as were counted at most. */
async function* rowsOf({ app, request, options, total }: Feed): AsyncGenerator<object[]> {
  let left = total
  for await (const items of pages(app, request, 'feeds.list_items')) {
    if (left <= 0) return
    yield items.slice(0, left).map((item) => itemAsAsked(item as never, options))
    left -= items.length
  }
}

async function* asJson(feed: Feed): AsyncGenerator<string> {
  const { options, total: product_count, generated_at } = feed
  const { seller_name: merchant, format, enable_checkout } = options
  const about = { generated_at, product_count, merchant, format, enable_checkout }
  yield `{"feed":{"feed_metadata":${JSON.stringify(about)},"products":[`
  let begun = false
  for await (const rows of rowsOf(feed)) {
    const text = rows.map((row) => JSON.stringify(row)).join(',')
    if (text !== '') yield begun ? `,${text}` : text
    begun ||= text !== ''
  }
  const rest = { format, product_count, generated_at, pushed_to_openai: options.push }
  yield `]},"metadata":${JSON.stringify(rest)},"openai_response":null}`
}

async function* asTable(feed: Feed): AsyncGenerator<string> {
  const line = feed.options.format === 'csv' ? csvLine : tsvLine
  yield line([...FORMATS.columns])
  for await (const rows of rowsOf(feed)) {
    yield rows.map((row) => line(FORMATS.columns.map((name) => cellOf(row, name)))).join('')
  }
}

function cellOf(row: object, name: string): string | number | null {
  const value = (row as Record<string, unknown>)[name]
  if (value === undefined || value === null) return null
  return typeof value === 'number' ? value : String(value)
}

/** Tabs and line breaks cannot be quoted here, so they become spaces. */
const tsvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map((cell) => String(cell ?? '').replaceAll(/[\t\r\n]+/g, ' ')).join('\t')}\n`
