import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '#faces/rest/errors'
import { JSON_TYPE } from '#faces/rest/headers'
import { countRefusal, logFault } from '#faces/rest/observe'
import type { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { type Fault, Unreadable } from './validation.ts'

/** What an answer to anything thrown is: FastAPI's `detail`, a text or a list of faults. */
type Refused = { status: number; detail: string | readonly Fault[]; retry_after?: number }

/** Answers anything thrown below this face's paths. */
export function answerRefusal(
  app: App,
  error: unknown,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const { status, detail, retry_after } = refusedBy(app, error, request)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (retry_after !== undefined) reply.header('retry-after', String(retry_after))
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify({ detail }))
}

/** The body of a refusal, as it is also kept under an Idempotency-Key. */
export const printRefusal = ({ status, message }: DomainError, detail?: Refused['detail']) => ({
  status,
  body: JSON.stringify({ detail: detail ?? message }),
})

function refusedBy(app: App, error: unknown, request: FastifyRequest): Refused {
  if (error instanceof Unreadable) return { status: 422, detail: error.faults }
  const refusal = refusalOf(error, app.settings.max_body_size)
  const unread = unreadBody(refusal, request)
  if (unread) return { status: 422, detail: [unread] }
  const invalid = faultsOf(refusal)
  if (invalid) return { status: 422, detail: invalid }
  const { status, message, details } = refusal
  logFault(app, request, { error, refusal })
  countRefusal(app, refusal)
  const { retry_after } = details
  return {
    status,
    detail: status === 500 ? 'Internal Server Error' : message,
    ...(typeof retry_after === 'number' && { retry_after }),
  }
}

/** A body that is no JSON, or not told to be. */
function unreadBody({ code, details }: DomainError, request: FastifyRequest): Fault | undefined {
  if (code === 'UNSUPPORTED_MEDIA_TYPE') {
    const msg = 'Input should be a valid dictionary or object to extract fields from'
    return { type: 'model_attributes_type', loc: ['body'], msg, input: null }
  }
  if (!['JSON_INVALID', 'BODY_NOT_UTF8', 'JSON_TOO_DEEP'].includes(code)) return undefined
  if (request.headers['content-length'] === '0') {
    return { type: 'missing', loc: ['body'], msg: 'Field required', input: null }
  }
  const error = String(details.problem ?? 'it cannot be read')
  const loc = ['body', Number(details.position ?? 0)]
  return { type: 'json_invalid', loc, msg: 'JSON decode error', input: {}, ctx: { error } }
}

/** Values that this face could read and the house refuses: the same list, in the house's words. */
export function faultsOf({ code, message, details }: DomainError): Fault[] | undefined {
  const faultOf = (field: string, msg: string): Fault => ({
    type: 'value_error',
    loc: ['body', ...field.split('.')],
    msg: `Value error, ${msg}`,
    input: null,
  })
  if (code === 'CURRENCY_UNKNOWN') return [faultOf('currency', message)]
  if (code === 'AMOUNT_INVALID' || code === 'AMOUNT_TOO_LARGE') return [faultOf('price', message)]
  if (code !== 'VALIDATION_FAILED') return undefined
  const problems = details.problems as { field: string; problem: string }[] | undefined
  return (problems ?? []).map(({ field, problem }) => faultOf(field, problem))
}
