import { ProtocolError } from '@modelcontextprotocol/server'
import { Type } from 'typebox'
import type { App } from '#platform/app'
import type { Toolbox } from '../mcp/server.ts'
import { ADDS, DESTROYS, READS, SETS, type Tool, tool } from '../mcp/tool.ts'
import { answer, calls } from './answer.ts'
import type { Call } from './calls.ts'
import { faultOf } from './fault.ts'

/** Faults of the protocol; those of reading a platform's profile have a number of their own. */
const FAULT = -32_000
const DISCOVERY = -32_001
const OF_DISCOVERY = new Set([
  'invalid_profile_url',
  'profile_unreachable',
  'profile_malformed',
  'version_unsupported',
])

const KINDS = { reads: READS, adds: ADDS, sets: SETS, destroys: DESTROYS }

const Agent = Type.Object(
  { profile: Type.String({ maxLength: 2000, description: 'The address of your profile.' }) },
  { additionalProperties: true },
)
const Key = Type.String({ minLength: 1, maxLength: 255, description: 'For safe repetitions.' })
const meta = (demandsKey: boolean) =>
  Type.Object(
    { 'ucp-agent': Agent, 'idempotency-key': demandsKey ? Key : Type.Optional(Key) },
    { additionalProperties: true },
  )
const Body = Type.Object({}, { additionalProperties: true, description: 'The body as by REST.' })
const Result = Type.Object(
  { ucp: Type.Object({ version: Type.String() }, { additionalProperties: true }) },
  { additionalProperties: true, description: 'As by REST; what went wrong is in messages.' },
)

type Input = {
  meta: { 'ucp-agent': { profile: string }; 'idempotency-key'?: string }
  id?: string
  [argument: string]: unknown
}

/** The protocol's tools: the same requests as by HTTP, answered alike. */
export const ucpTools = (app: App): Toolbox => ({
  name: 'tradepost-ucp',
  title: 'Tradepost (UCP)',
  instructions:
    'The Universal Commerce Protocol of this shop. Name your profile in meta; amounts are minor units.',
  tools: calls.map((call) => toolOf(app, call)),
})

function toolOf(app: App, call: Call): Tool {
  const { name, title, description, operations, kind, argument, demandsKey = false } = call
  const namesOne = call.route.includes('/:id')
  const input = Type.Object({
    meta: meta(demandsKey),
    ...(namesOne && { id: Type.String({ minLength: 1, maxLength: 300 }) }),
    ...(argument && { [argument]: Body }),
  })
  return tool({
    name,
    title,
    description,
    operations,
    input,
    output: Result,
    annotations: KINDS[kind],
    keepsAll: true,
    run: (caller, input) => run(app, call, { caller, input: input as unknown as Input }),
  })
}

type Running = { caller: Parameters<Tool['run']>[0]; input: Input }

async function run(app: App, call: Call, { caller, input }: Running): Promise<object> {
  const { actor, request_id } = caller
  try {
    const { body } = await answer(app, call, {
      actor,
      headers: {},
      request_id,
      key: input.meta['idempotency-key'],
      profile_url: input.meta['ucp-agent'].profile,
      id: input.id ?? '',
      body: call.argument ? input[call.argument] : {},
    })
    return body
  } catch (error) {
    const { code, status, message: content } = faultOf(error)
    if (status >= 500) app.log.error({ err: error, request_id }, 'UCP broke')
    const number = OF_DISCOVERY.has(code) ? DISCOVERY : FAULT
    throw new ProtocolError(number, content, { code, content })
  }
}
