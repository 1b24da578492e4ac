import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Settings } from '#platform/config/settings'

const EXPOSED =
  'ETag, Idempotent-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, ' +
  'Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id'
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
const HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-API-Key, ' +
  'X-Cart-Session, X-Request-Id'
const PREFLIGHT_SECONDS = '600'

export type Cors = {
  /** Adds what a page of another origin needs to read this answer, if its origin is allowed. */
  allow(request: FastifyRequest, reply: FastifyReply): void
  /** Answers a browser's question whether a call is allowed; false if this is no such question. */
  answerPreflight(request: FastifyRequest, reply: FastifyReply): boolean
}

/** Which pages may call: any in development, else the origins in the settings. */
export function corsOf(settings: Settings): Cors {
  const { cors_allowed_origins, cors_allow_any_origin, cors_allow_credentials } = settings
  const origins = new Set(cors_allowed_origins.map((origin) => origin.replace(/\/$/, '')))
  const any =
    cors_allow_any_origin || (settings.environment === 'development' && origins.size === 0)

  return {
    allow(request, reply) {
      const { origin } = request.headers
      if (origin === undefined) return
      if (any) {
        reply.header('access-control-allow-origin', '*')
      } else {
        reply.header('vary', 'origin')
        if (!origins.has(origin)) return
        reply.header('access-control-allow-origin', origin)
        // Never beside `*`: browsers refuse it, and any page could then act for anyone.
        if (cors_allow_credentials) reply.header('access-control-allow-credentials', 'true')
      }
      reply.header('access-control-expose-headers', EXPOSED)
    },
    answerPreflight(request, reply) {
      const { headers, method } = request
      if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined)
        return false
      if (reply.hasHeader('access-control-allow-origin')) {
        reply
          .header('access-control-allow-methods', METHODS)
          .header('access-control-allow-headers', HEADERS)
          .header('access-control-max-age', PREFLIGHT_SECONDS)
      }
      reply.code(204).send()
      return true
    },
  }
}
