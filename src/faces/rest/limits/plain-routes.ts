import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RateLimits } from './rate-limits.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The face counts the callers of this route itself, once it knows who they are. */
    own_limits?: boolean
  }
}

/** Never limited: what watches the server, and its documents. */
const UNLIMITED =
  /^\/(health|metrics|docs|api-docs|swagger-ui|scalar|redoc|api\/health|api\/v1\/(health|status|openapi\.\w+))?(\/|$)/

/** Providers sign what they send and come in crowds: only policies for the path hold for them. */
const SIGNED = /\/webhooks?(\/|$)/

type Limit = (
  request: FastifyRequest,
  reply: FastifyReply,
  signed?: boolean,
) => Promise<void> | undefined

/**
 * Counts requests to routes that are no operations (webhooks, streams) by address, and answers the
 * function that does it, for what no route answers. Call before routes are added.
 */
export function limitPlainRoutes(http: FastifyInstance, limits: RateLimits | undefined): Limit {
  const limit: Limit = (request, reply, signed = false) =>
    limits?.take(
      { actor: undefined, api_key: undefined, address: request.ip, paths: [request.url], signed },
      reply,
    )
  if (!limits) return limit
  http.addHook('onRoute', (route) => {
    if (route.config?.operation || route.config?.own_limits || UNLIMITED.test(route.url)) return
    const signed = SIGNED.test(route.url)
    const hook = async (request: FastifyRequest, reply: FastifyReply) =>
      limit(request, reply, signed)
    route.onRequest = [hook, ...[route.onRequest ?? []].flat()]
  })
  return limit
}
