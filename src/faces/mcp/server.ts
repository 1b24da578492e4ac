import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { build } from '#platform/build'
import type { Actor } from '#platform/context'
import { callerOf } from './caller.ts'
import { mayUse, type Tool } from './tool.ts'

/** A list of tools under one address, and what it is for. */
export type Toolbox = { name: string; title: string; instructions: string; tools: readonly Tool[] }

/** Who asks, as far as the transport knows. */
export type Asked = {
  actor: Actor
  headers: Readonly<Record<string, string>>
  request_id: string
  address?: string
}

type Members = Record<string, unknown>
/** Anonymous lists are the same for all; others depend on who asks. */
const LISTED_MS = 60_000
const LOW_LEVEL_PAGE = 100

/**
 * A server of these tools for one exchange. `ask` tells who asks at the moment of a call, so that a
 * credential that was revoked meanwhile is one.
 */
export function serverOf(app: App, box: Toolbox, ask: () => Promise<Asked>): Server {
  const { name, title, instructions, tools } = box
  const { version } = build()
  const server = new Server(
    { name, title, version },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: { 'tools/list': { ttlMs: LISTED_MS, cacheScope: 'private' } },
    },
  )
  server.setRequestHandler('tools/list', async ({ params }) => {
    const { actor } = await ask()
    const usable = tools.filter((tool) => mayUse(app, tool, actor))
    const from = startOf(params?.cursor)
    const next = from + LOW_LEVEL_PAGE
    return {
      tools: usable.slice(from, next).map(described),
      ...(usable.length > next && { nextCursor: String(next) }),
    }
  })
  server.setRequestHandler('tools/call', async ({ params }) => {
    const asked = await ask()
    const tool = tools.find((known) => known.name === params.name)
    if (!tool || !mayUse(app, tool, asked.actor)) throw unknownTool(params.name)
    const input = params.arguments ?? {}
    const problem = tool.problem(input)
    if (problem !== undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, problem)
    const key = keyOf(input, params._meta)
    const caller = callerOf({ app, ...asked, tool: { name: tool.name, input }, key })
    return answered(app, asked, () => tool.run(caller, input as never))
  })
  return server
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const from = Number(cursor)
  if (Number.isSafeInteger(from) && from > 0) return from
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This cursor is not of this list.')
}

/** A tool that one may not use is one that is not there. */
const unknownTool = (name: string) =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name}.`)

const described = ({ name, title, description, input, output, annotations }: Tool) => ({
  name,
  title,
  description,
  inputSchema: schemaOf(input) as { type: 'object' },
  outputSchema: schemaOf(output) as { type: 'object' },
  annotations: { title, ...annotations, openWorldHint: false },
})

/** Plain JSON: without what the schema's library keeps beside it. */
const schemaOf = (schema: object): Members => JSON.parse(JSON.stringify(schema))

/** The key of a call: in its arguments or their `meta`, else beside them. */
function keyOf(input: Members, beside: Members | undefined): string | undefined {
  const meta = (input.meta ?? {}) as Members
  const said = [
    input.idempotency_key,
    meta.idempotency_key,
    meta['idempotency-key'],
    beside?.['idempotency-key'],
  ]
  return said.find((key): key is string => typeof key === 'string')
}

/** What a tool tells, as a structure and as text; a refusal is told as such. */
async function answered(app: App, { request_id }: Asked, run: () => Promise<Members>) {
  try {
    return told(await run())
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    if (error instanceof DomainError) {
      const { code, message, details } = error
      return { ...told({ code, message, details, request_id }), isError: true }
    }
    app.log.error({ err: error, request_id }, 'a tool broke')
    throw new ProtocolError(ProtocolErrorCode.InternalError, `It broke; see ${request_id}.`)
  }
}

const told = (structuredContent: Members) => ({
  content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }],
  structuredContent,
})
