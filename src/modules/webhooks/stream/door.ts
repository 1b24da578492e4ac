import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { checker } from '#kit/checker'
import { isUuid } from '#kit/ids'
import type { App } from '#platform/app'
import { eventTailOf } from '#platform/event-log/tail'
import { authorize, readAsSystem } from '#platform/execute'
import { invalidField } from '#platform/operations'
import { webhookErrors } from '../errors.ts'
import { ListLog } from '../schemas.ts'
import { Follower } from './follower.ts'
import { followMatcher, startOf } from './log.ts'

export const STREAM_PATH = '/api/v1/events/stream'
const PERMISSION = 'events:read'
/** Streams that one process keeps open. */
const STREAMS_MAX = 500

const query = checker(ListLog)

/**
 * Events as they are committed, as server-sent events. No operation, because it does not end.
 * Whoever comes back with `Last-Event-ID` misses nothing; who reads too slowly is not waited for,
 * and reads on from the log.
 */
export async function streamDoor(http: FastifyInstance, app: App): Promise<void> {
  const open = new Set<Follower>()
  let closing = false
  http.addHook('preClose', async () => {
    closing = true
    for (const follower of open) follower.end()
  })
  http.addHook('onClose', () => eventTailOf(app).close())

  const admit = async (request: FastifyRequest) => {
    const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
    const actor = await app.authenticate({ authorization, api_key })
    authorize({ permission: PERMISSION } as never, actor)
    request.actor = actor
  }

  http.get(STREAM_PATH, { onRequest: admit }, async (request, reply) => {
    if (open.size >= STREAMS_MAX) throw webhookErrors.too_many_streams({ limit: STREAMS_MAX })
    const asked = readQuery(request)
    const after = await readAsSystem(app, (ctx) => startOf(ctx, asked.after))
    if (closing) return reply.code(503).send()
    const follower = new Follower({
      app,
      tail: eventTailOf(app),
      to: beginStream(reply),
      wants: followMatcher(asked),
      after,
      stillMay: () => admit(request),
    })
    open.add(follower)
    reply.raw.on('close', () => {
      open.delete(follower)
      follower.end()
    })
    follower.begin()
    return reply
  })
}

function readQuery(request: FastifyRequest): Static<typeof ListLog> {
  const { 'last-event-id': header } = request.headers
  const asked = { ...(request.query as object) } as Static<typeof ListLog>
  // A browser says it when it connects again: newer than what the address says.
  if (typeof header === 'string' && header !== '') asked.after = header
  if (asked.after !== undefined && !isUuid(asked.after)) {
    throw invalidField('Last-Event-ID', 'must be the id of an event')
  }
  if (!query.Check(asked)) throw invalidField('query', 'is not as documented')
  return asked
}

/** Takes the connection over from the server that answers with one body. */
function beginStream(reply: FastifyReply) {
  const prepared = reply.getHeaders() as Record<string, string>
  reply.hijack()
  reply.raw.writeHead(200, {
    ...prepared,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    // Proxies that gather answers before they pass them on are asked not to.
    'x-accel-buffering': 'no',
  })
  return reply.raw
}
