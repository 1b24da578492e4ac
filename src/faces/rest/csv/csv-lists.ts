import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TObject, TSchema } from 'typebox'
import { printJson } from '#kit/printed-json'
import type { App } from '#platform/app'
import type { Operation } from '#platform/operations'
import { type Column, columnsOf, headLine, rowLine } from './columns.ts'

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present'

/** How a list is told as a table. */
export type CsvList = {
  columns: readonly Column[]
  /** Whether it comes page by page; else all its rows are one answer. */
  paged: boolean
}

type Rows = { items?: TSchema; properties?: { items?: { items?: TSchema }; next_cursor?: TSchema } }

/** How an operation is told as a table; undefined if it is no list. */
export function csvListOf(operation: Operation): CsvList | undefined {
  if (operation.kind !== 'query' || !operation.rest.startsWith('GET ')) return undefined
  const output = operation.output as Rows
  const paged = output.properties?.next_cursor !== undefined
  const item = paged ? output.properties?.items?.items : output.items
  if (!item || !(item as TObject).properties) return undefined
  return { columns: columnsOf(item), paged }
}

/** Whether the caller wants a table: by `?format=csv`, or because they would rather have one. */
export function wantsCsv(request: FastifyRequest, { input }: Operation): boolean {
  const { format } = request.query as { format?: unknown }
  if (format !== undefined && !('format' in input.properties)) return format === 'csv'
  const { accept } = request.headers
  if (!accept?.includes('text/csv')) return false
  return weightOf(accept, 'text/csv') > weightOf(accept, 'application/json')
}

/** The weight of a media type in an Accept header; 0 where it is not named. */
function weightOf(accept: string, type: string): number {
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim())
    if (name.toLowerCase() !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0
  }
  return 0
}

type Input = Record<string, unknown>
type Page = { items: unknown[]; next_cursor: string | null }
type Ask = (input: Input) => Promise<unknown>

/** What decides about the size of a page is ours; a cursor says where to begin. */
const PAGING = ['page', 'offset', 'limit', 'per_page']

/**
 * Answers all pages of a list as one table, page after page as fast as the caller reads: no more
 * than a page is held, and nothing more is asked once the caller is gone. What is wrong with the
 * request is found with the first page, and refused as always. A table that would have more rows
 * than the setting allows, or that cannot be read to its end, breaks off: it never looks whole.
 */
export async function openTable(
  app: App,
  list: CsvList,
  { ask, input }: { ask: Ask; input: Input },
): Promise<Readable> {
  const { csv_rows_max: most, api_max_page_size: limit } = app.settings
  const own = Object.fromEntries(Object.entries(input).filter(([name]) => !PAGING.includes(name)))
  const pageAt = async (cursor: string | null): Promise<Page> => {
    const asked = { ...own, ...(list.paged && { limit }), ...(cursor !== null && { cursor }) }
    const answer = JSON.parse(printJson(await ask(asked))) as unknown
    return list.paged ? (answer as Page) : { items: answer as unknown[], next_cursor: null }
  }
  const first = await pageAt(null)
  return Readable.from(linesOf(list.columns, { first, pageAt, most }), { objectMode: false })
}

type Pages = { first: Page; pageAt: (cursor: string | null) => Promise<Page>; most: number }

async function* linesOf(columns: readonly Column[], { first, pageAt, most }: Pages) {
  yield headLine(columns)
  let rows = 0
  for (let page = first; ; page = await pageAt(page.next_cursor)) {
    rows += page.items.length
    if (rows > most) throw new Error(`a table of more than ${most} rows: see csv_rows_max`)
    const lines = page.items.map((row) => rowLine(columns, row)).join('')
    if (lines !== '') yield lines
    if (page.next_cursor === null) return
  }
}

/** Says what is sent, and what a browser should call it. */
export function sendTable(
  request: FastifyRequest,
  reply: FastifyReply,
  { table, now }: { table: Readable; now: Date },
): void {
  reply.header('content-type', CSV_TYPE)
  reply.header('content-disposition', `attachment; filename="${fileName(request, now)}"`)
  reply.header('vary', 'accept')
  if (request.method === 'HEAD') {
    table.destroy()
    reply.send()
    return
  }
  reply.send(table)
}

/** `orders-notes-2026-11-21.csv`, from the route and the day. */
function fileName({ routeOptions }: FastifyRequest, now: Date): string {
  const words = (routeOptions.url ?? 'list')
    .split('/')
    .filter((part) => part !== '' && !part.startsWith(':') && !/^(api|v\d+)$/.test(part))
  return `${words.join('-')}-${now.toISOString().slice(0, 10)}.csv`
}
