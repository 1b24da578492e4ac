import type { Json } from './components.ts'

type Plain = {
  method?: 'get' | 'post'
  tag?: string
  summary: string
  description?: string
  /** The media type of the answer. */
  type?: string
  statuses?: Record<number, string>
  /** Whether a signed body of any type is taken. */
  signed?: boolean
  /** The media type of the file that it takes. */
  takes?: string
  /** The permission that it needs; none if anybody may ask. */
  permission?: string
}

const WELL_OR_NOT = { 200: 'It is well.', 503: 'A part that is required is down.' }
const TEXT = 'text/plain'
const CSV = 'text/csv'

/** What is served beside the operations: said by hand, and a test compares it with the routes. */
const PLAIN: Record<string, Plain> = {
  '/': { summary: 'Say that the server is up', type: TEXT },
  '/health': { summary: 'Say whether the server is well', statuses: WELL_OR_NOT },
  '/health/live': { summary: 'Say that the process lives' },
  '/health/ready': { summary: 'Say whether requests may be sent here', statuses: WELL_OR_NOT },
  '/health/readiness': { summary: 'The same as `/health/ready`', statuses: WELL_OR_NOT },
  '/health/version': { summary: 'Say what is running' },
  '/health/detailed': { summary: 'Say how each part is', statuses: WELL_OR_NOT },
  '/api/v1/health': { summary: 'Say whether the server is well, enveloped', statuses: WELL_OR_NOT },
  '/api/v1/status': { summary: 'Say what is running, enveloped' },
  '/metrics': { summary: 'Read the metrics as Prometheus wants them', type: TEXT },
  '/metrics/json': { summary: 'Read the metrics as JSON' },
  '/api/v1/events/stream': {
    tag: 'Webhooks',
    summary: 'Follow events as they are committed',
    description:
      'Server-sent events: `id` is that of the event, to go on from with `Last-Event-ID` (or `after`). Query: `events` (names and patterns, with commas between), `entity_type`, `entity_id`.',
    type: 'text/event-stream',
    statuses: { 200: 'It goes on until one side ends it.', 404: 'There is no such event.' },
    permission: 'events:read',
  },
  '/api/v1/payments/webhook': {
    method: 'post',
    tag: 'Payments',
    summary: 'Take in a payment provider’s news',
    description:
      'Signed with the shared secret: `X-Timestamp` (Unix seconds) and `X-Signature` (hex HMAC-SHA256 of `{timestamp}.{body}`), or `Stripe-Signature: t=…,v1=…`. Sent again, the same news changes nothing.',
    type: TEXT,
    statuses: { 200: '`ok`: it is kept.', 401: 'The signature is missing, wrong or too old.' },
    signed: true,
  },
  '/api/v1/products/import': {
    method: 'post',
    tag: 'Catalogue',
    summary: 'Send a CSV file of products with prices and stock',
    description:
      'The file itself as `text/csv`, up to 1 GiB; it is read as it arrives. Query: `dry_run`, `skip_invalid` (true or false), `file_name`, `currency`. It is checked and applied in the background: `GET /api/v1/imports/{id}`.',
    statuses: { 202: 'Its rows are in.', 400: 'It is no CSV, or has unknown columns.' },
    takes: CSV,
    permission: 'inventory:adjust',
  },
  '/api/v1/products/import/template.csv': {
    tag: 'Catalogue',
    summary: 'Read a file with the columns of an import and an example',
    type: CSV,
    permission: 'inventory:adjust',
  },
  '/api/v1/imports/{id}/errors.csv': {
    tag: 'Catalogue',
    summary: 'Read the errors of an import as a file',
    type: CSV,
    permission: 'inventory:adjust',
  },
}

/** The paths of the routes that are no operations. */
export const plainPaths = (): Record<string, Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(PLAIN).map(([path, plain]) => [
      path,
      { [plain.method ?? 'get']: describe(path, plain) },
    ]),
  )

function describe(path: string, plain: Plain): Json {
  const { summary, description, type = 'application/json', tag = 'Server' } = plain
  const { statuses = { 200: 'It is so.' }, signed, takes, permission } = plain
  const shown = { [type]: { schema: { type: type.startsWith('text/') ? 'string' : 'object' } } }
  const refused = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  const responses = Object.entries(statuses).map(([status, said]) => [
    status,
    {
      description: said,
      content: Number(status) >= 400 && (signed || permission) ? refused : shown,
    },
  ])
  const words = path.split(/[^a-z0-9]+/).filter(Boolean)
  return {
    operationId: [tag.toLowerCase(), ...words].join('_'),
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(permission ? { 'x-permission': permission } : { security: [] }),
    ...((signed || takes) && {
      requestBody: {
        required: true,
        content: takes
          ? { [takes]: { schema: { type: 'string' } } }
          : { 'application/json': { schema: { type: 'object' } } },
      },
    }),
    responses: Object.fromEntries(responses),
  }
}
