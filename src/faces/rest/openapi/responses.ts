import type { ErrorSpec } from '#kit/errors'
import { databaseErrors } from '#platform/database/database'
import { idempotencyErrors } from '#platform/idempotency'
import { type Operation, requestErrors } from '#platform/operations'
import { headLine } from '../csv/columns.ts'
import { csvListOf } from '../csv/csv-lists.ts'
import { httpErrors } from '../errors.ts'
import type { Json } from './components.ts'

const JSON_BODY = 'application/json'
export const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const headerRef = (name: string): Json => ({ $ref: `#/components/headers/${name}` })

/** The members of every answer that are not the operation's own. */
export const envelopeSchemas: Record<string, Json> = {
  Meta: {
    type: 'object',
    required: ['request_id', 'timestamp'],
    properties: {
      request_id: { type: 'string', description: 'What this request is called in the log.' },
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
  Error: {
    type: 'object',
    required: ['success', 'error', 'meta'],
    properties: {
      success: { type: 'boolean', const: false },
      error: {
        type: 'object',
        required: ['code', 'message', 'status', 'details'],
        properties: {
          code: { type: 'string', description: 'Stable: programs decide by it.' },
          message: { type: 'string', description: 'A sentence for people; it may change.' },
          status: { type: 'integer' },
          details: { type: 'object', description: 'The facts that the sentence names.' },
        },
      },
      meta: schemaRef('Meta'),
    },
  },
}

const text = (description: string, example: string): Json => ({
  description,
  schema: { type: 'string' },
  example,
})
const number = (description: string): Json => ({ description, schema: { type: 'integer' } })

export const headers: Record<string, Json> = {
  'X-Request-Id': text(
    'What this request is called in the log.',
    'c0ffee00-0000-4000-8000-000000000000',
  ),
  ETag: text('The version of the resource and a sum over what is shown.', '"v3-1a2b3c4d"'),
  'Idempotent-Replayed': text('`true` when a kept answer is sent again.', 'true'),
  'RateLimit-Limit': number('Requests in one window; also as X-RateLimit-Limit.'),
  'RateLimit-Remaining': number('Requests left in it; also as X-RateLimit-Remaining.'),
  'RateLimit-Reset': number('Seconds until it is over; also as X-RateLimit-Reset.'),
  'Retry-After': number('Seconds to wait.'),
  Allow: text('The methods that the path answers.', 'GET, HEAD, OPTIONS'),
}

const always = ['X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']
const headersOf = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, headerRef(name)]))

/** What the operation answers when it went well. */
export function successResponse(operation: Operation, data: Json | undefined): Json {
  const more = isVersioned(operation) ? ['ETag'] : []
  if (operation.kind !== 'query') more.push('Idempotent-Replayed')
  const response = {
    description: WENT_WELL[operation.status],
    headers: headersOf([...always, ...more]),
  }
  if (data === undefined) return response
  const schema = {
    type: 'object',
    required: ['success', 'data', 'meta'],
    properties: { success: { type: 'boolean', const: true }, data, meta: schemaRef('Meta') },
  }
  const list = csvListOf(operation)
  if (!list) return { ...response, content: { [JSON_BODY]: { schema } } }
  const table = { schema: { type: 'string' }, example: headLine(list.columns) }
  return { ...response, content: { [JSON_BODY]: { schema }, 'text/csv': table } }
}

const WENT_WELL = { 200: 'Done.', 201: 'Created.', 202: 'Taken up.', 204: 'Done; no content.' }

/** Whether an answer is one resource with a version, so that ETag and If-Match mean something. */
export const isVersioned = ({ output }: Operation): boolean =>
  Object.hasOwn((output as { properties?: object }).properties ?? {}, 'version')

/** Every refusal of an operation, the general ones included, by status. */
export function refusalsOf(operation: Operation): Map<number, ErrorSpec[]> {
  const specs = [...(operation.errors ?? []).map(({ spec }) => spec), ...generalRefusals(operation)]
  const distinct = new Map(specs.map((spec) => [spec.code, spec]))
  const byStatus = Map.groupBy(distinct.values(), ({ status }) => status)
  return new Map([...byStatus].toSorted(([a], [b]) => a - b))
}

function generalRefusals({ kind, permission, rest }: Operation): ErrorSpec[] {
  const found = [requestErrors.invalid, requestErrors.unauthenticated, httpErrors.rate_limited]
  const makers: { spec: ErrorSpec }[] = [...found, httpErrors.broken, databaseErrors.unavailable]
  if (permission !== 'public' && permission !== 'signed_in') makers.push(requestErrors.forbidden)
  if (kind !== 'query') {
    makers.push(
      idempotencyErrors.bad_key,
      idempotencyErrors.in_progress,
      idempotencyErrors.other_body,
    )
    makers.push(requestErrors.version_changed)
  }
  if (/^(POST|PUT|PATCH) /.test(rest)) {
    makers.push(httpErrors.bad_json, httpErrors.wrong_type, httpErrors.too_large)
  }
  return makers.map(({ spec }) => spec)
}

/** The answer of one status: its codes as an enum, their sentences as the description. */
export function errorResponse(status: number, specs: readonly ErrorSpec[]): Json {
  const [first] = specs
  const names = status === 429 ? [...always, 'Retry-After'] : ['X-Request-Id']
  const codes = specs.map(({ code }) => code)
  const schema = {
    allOf: [
      schemaRef('Error'),
      { properties: { error: { properties: { code: { type: 'string', enum: codes } } } } },
    ],
  }
  const example = {
    success: false,
    error: { code: first?.code, message: first?.message, status, details: {} },
    meta: {
      request_id: 'c0ffee00-0000-4000-8000-000000000000',
      timestamp: '2026-03-29T00:59:59.999Z',
    },
  }
  return {
    description: specs.map(({ code, message }) => `\`${code}\`: ${message}`).join('\n\n'),
    headers: headersOf(names),
    content: { [JSON_BODY]: { schema, example } },
  }
}
