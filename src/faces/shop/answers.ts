import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '#faces/rest/errors'
import { JSON_TYPE } from '#faces/rest/headers'
import { countRefusal, logFault } from '#faces/rest/observe'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { shopWordOf } from './words.ts'

/** Some examples of the document have members of `details` beside the code: they stand in both. */
function besides({ code, details }: DomainError): Record<string, unknown> {
  if (code === 'INSUFFICIENT_STOCK') {
    return {
      available_quantity: Number(details.available ?? 0),
      requested_quantity: Number(details.requested ?? 0),
    }
  }
  const { retry_after } = details
  return typeof retry_after === 'number' ? { retry_after } : {}
}

type Asked = { id: string; now: Date }

/** The flat body of a refusal, and its status. */
export function printRefusal(refusal: DomainError, { id, now }: Asked) {
  const word = shopWordOf(refusal)
  const body = JSON.stringify({
    error: word.error,
    message: word.message?.(refusal) ?? refusal.message,
    ...besides(refusal),
    details: refusal.details,
    request_id: id,
    timestamp: now.toISOString(),
  })
  return { status: word.status, body }
}

/** Answers anything thrown below this face's paths. */
export function answerRefusal(
  app: App,
  error: unknown,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const refusal = refusalOf(error, app.settings.max_body_size)
  logFault(app, request, { error, refusal })
  countRefusal(app, refusal)
  const { status, body } = printRefusal(refusal, { id: request.id, now: app.clock() })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = refusal.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  return reply.code(status).header('content-type', JSON_TYPE).send(body)
}

/** The same refusal with the status of this face, under which it is kept for an Idempotency-Key. */
export const shopRefusal = (error: DomainError): DomainError => {
  const { status } = shopWordOf(error)
  return status === error.status
    ? error
    : new DomainError({ code: error.code, status }, error.message, error.details)
}
