import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { challengeOf } from './protected-resource.ts'
import type { Asked, Toolbox } from './server.ts'

/** JSON-RPC's own numbers, and the one that all faces of agents use for refusals. */
const PARSE_ERROR = -32_700
const INTERNAL_ERROR = -32_603
const REFUSED = -32_000

/** A toolbox that is loaded when somebody first asks for it. */
export type Box = () => Promise<Toolbox>
/** `check` may refuse a request before anybody looks who asks, which `actorOf` tells. */
type Mounting = {
  path: string
  box: Box
  check?: (request: FastifyRequest) => Promise<void>
  actorOf?: App['authenticate']
}

/**
 * Serves a toolbox by streamable HTTP under a path, without sessions: each request stands alone, in
 * either era of the protocol. Who asks is found out as for every other path.
 */
export async function mountTools(
  http: FastifyInstance,
  app: App,
  { path, box, check, actorOf = app.authenticate }: Mounting,
): Promise<void> {
  let opened: ReturnType<typeof openTools> | undefined
  http.addHook('onClose', async () => (await opened)?.handler.close())

  await http.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => refuse(app, error, { request, reply }))
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: path,
      handler: async (request, reply) => {
        opened ??= openTools(app, box)
        const { guard, handler } = await opened
        guard(request)
        await check?.(request)
        const asked = await whoAsks(request, actorOf)
        const answer = await handler.fetch(webRequest(request), {
          parsedBody: request.body,
          authInfo: {
            token: '',
            clientId: asked.actor.id,
            scopes: [],
            extra: asked as unknown as Record<string, unknown>,
          },
        })
        return send(reply, answer)
      },
    })
  })
}

/** A shop that no agent asks need not carry the protocol: it is loaded at the first request. */
async function openTools(app: App, box: Box) {
  const [{ createMcpHandler }, { guardOf }, { serverOf }, tools] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('./guard.ts'),
    import('./server.ts'),
    box(),
  ])
  const handler = createMcpHandler(
    ({ authInfo }) => serverOf(app, tools, async () => authInfo?.extra as Asked),
    {
      maxRequestBodySize: app.settings.max_body_size,
      onerror: (error) => app.log.debug({ err: error }, 'an MCP request was refused'),
    },
  )
  return { guard: guardOf(app), handler }
}

async function whoAsks(request: FastifyRequest, actorOf: App['authenticate']): Promise<Asked> {
  const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
  const actor = await actorOf({ authorization, api_key })
  const headers: Record<string, string> = {}
  if (authorization !== undefined) headers.authorization = authorization
  if (api_key !== undefined) headers['x-api-key'] = api_key
  return { actor, headers, request_id: request.id, address: request.ip }
}

function webRequest({ method, headers, url }: FastifyRequest): Request {
  const told = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') told.set(name, value)
  }
  return new Request(new URL(url, `http://${headers.host ?? 'localhost'}`), {
    method,
    headers: told,
  })
}

function send(reply: FastifyReply, { status, headers, body }: Response): FastifyReply {
  reply.code(status)
  for (const [name, value] of headers) reply.header(name, value)
  return reply.send(body ?? '')
}

type Exchange = { request: FastifyRequest; reply: FastifyReply }

/** What goes wrong before a message is read, in JSON-RPC's shape. */
function refuse(app: App, error: unknown, { request, reply }: Exchange): FastifyReply {
  const known = error instanceof DomainError ? error : undefined
  const { status: own, statusCode } = error as { status?: number; statusCode?: number }
  const status = known?.status ?? own ?? statusCode ?? 500
  if (status >= 500) app.log.error({ err: error, request_id: request.id }, 'MCP broke')
  if (status === 401) reply.header('www-authenticate', challengeOf(app, request))
  const isUnread = known?.code === 'JSON_INVALID' || known?.code === 'BODY_NOT_UTF8'
  const code = isUnread ? PARSE_ERROR : status >= 500 ? INTERNAL_ERROR : REFUSED
  const message = status >= 500 ? 'It broke on our side.' : (error as Error).message
  const data = status < 500 ? dataOf(error) : undefined
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message, data } }))
}

/** What a program can tell a refusal by. */
function dataOf(error: unknown): { code: string; content?: string } | undefined {
  if (error instanceof DomainError) return { code: error.code }
  const { code, message: content } = error as Error & { code?: unknown }
  return typeof code === 'string' ? { code, content } : undefined
}
