import { ProtocolError } from '@modelcontextprotocol/server'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ADDS, type Annotations, DESTROYS, READS, SETS, type Tool, tool } from '../tool.ts'

// The Agentic Commerce Protocol's own tools (its MCP binding, 2026-04-17): the same requests as by
// HTTP, answered by that face, so that sessions, versions, keys and refusals are the same.

/** The error code that the binding gives to whatever its HTTP face refuses. */
const REFUSED = -32_000

const line = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ maxLength, ...(description && { description }) }))
const meta = Type.Object(
  {
    api_version: Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      description: 'The version of the protocol, such as 2026-04-17.',
    }),
    idempotency_key: line(255),
    request_id: line(255),
    user_agent: line(500),
    accept_language: line(255),
    signature: line(1000),
    timestamp: line(60),
  },
  { additionalProperties: true },
)
const id = Type.String({ minLength: 1, maxLength: 200 })
const Payload = Type.Object(
  {},
  { additionalProperties: true, description: 'The body of the same request by HTTP.' },
)

const Session = Type.Object(
  {
    id: Type.String(),
    status: Type.String(),
    currency: Type.String(),
  },
  { additionalProperties: true, description: 'A checkout session of the version asked for.' },
)

type Members = Record<string, unknown>
type Meta = { [K in (typeof HEADERS)[number][0]]?: string }
type Asked = { meta: Meta; id?: string; payload?: Members }
type Spec = {
  does: 'create' | 'get' | 'update' | 'complete' | 'cancel'
  title: string
  description: string
  operation: string
  annotations: Annotations
}

const SPECS: readonly Spec[] = [
  {
    does: 'create',
    title: 'Create a checkout session',
    description: 'Opens a checkout of items; answers prices, options and what is missing.',
    operation: 'agentic.create_session',
    annotations: ADDS,
  },
  {
    does: 'get',
    title: 'Read a checkout session',
    description: 'A session as it stands now.',
    operation: 'agentic.get_session',
    annotations: READS,
  },
  {
    does: 'update',
    title: 'Update a checkout session',
    description: 'Changes items, buyer, address or fulfillment option.',
    operation: 'agentic.update_session',
    annotations: SETS,
  },
  {
    does: 'complete',
    title: 'Complete a checkout session',
    description: 'Pays and places the order. Ask the buyer before.',
    operation: 'agentic.complete_session',
    annotations: DESTROYS,
  },
  {
    does: 'cancel',
    title: 'Cancel a checkout session',
    description: 'Gives a session up; what it holds is free again.',
    operation: 'agentic.cancel_session',
    annotations: DESTROYS,
  },
]

type Http = Pick<FastifyInstance, 'inject'>

/** The five tools; `base` is where the protocol's HTTP face is mounted. */
export const checkoutSessionTools = (http: Http, base: string): Tool[] =>
  SPECS.map(({ does, title, description, operation, annotations }) =>
    tool({
      name: `${does}_checkout_session`,
      title,
      description,
      operations: [operation],
      input: inputOf(does),
      output: Session,
      keepsAll: true,
      annotations,
      run: ({ headers, address }, input) =>
        pass(http, { does, base, headers, address, input: input as Asked }),
    }),
  )

function inputOf(does: Spec['does']) {
  const payload = does === 'cancel' ? Type.Optional(Payload) : Payload
  return Type.Object({
    meta,
    ...(does !== 'create' && { id }),
    ...(does !== 'get' && { payload }),
  })
}

const HEADERS = [
  ['api_version', 'api-version'],
  ['idempotency_key', 'idempotency-key'],
  ['request_id', 'request-id'],
  ['user_agent', 'user-agent'],
  ['accept_language', 'accept-language'],
  ['signature', 'signature'],
  ['timestamp', 'timestamp'],
] as const

type Passing = {
  does: Spec['does']
  base: string
  headers: Readonly<Record<string, string>>
  address: string | undefined
  input: Asked
}

async function pass(http: Http, passing: Passing): Promise<Members> {
  const { does, base, headers, address, input } = passing
  const sent: Record<string, string> = { ...headers }
  for (const [name, header] of HEADERS) {
    const value = input.meta[name]
    if (value !== undefined) sent[header] = value
  }
  const of = input.id === undefined ? '' : `/${encodeURIComponent(input.id)}`
  const verb = does === 'complete' || does === 'cancel' ? `/${does}` : ''
  const answer = await http.inject({
    method: does === 'get' ? 'GET' : 'POST',
    url: `${base}/checkout_sessions${of}${verb}`,
    headers: sent,
    ...(address && { remoteAddress: address }),
    ...(does !== 'get' && { payload: input.payload ?? {} }),
  })
  const body = JSON.parse(answer.body || '{}') as Members
  if (answer.statusCode < 400) return body
  throw new ProtocolError(REFUSED, String(body.message ?? 'It was refused.'), body)
}
