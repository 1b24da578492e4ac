import { DomainError, defineErrors } from '#kit/errors'

/** What goes wrong before an operation is reached, in the one documented shape like all else. */
export const httpErrors = defineErrors({
  malformed: {
    code: 'REQUEST_MALFORMED',
    status: 400,
    message: 'This is not a request that HTTP/1.1 knows: {problem}.',
  },
  bad_url: {
    code: 'URL_MALFORMED',
    status: 400,
    message: 'The address has a broken percent-encoding, or text that is not UTF-8.',
  },
  bad_json: {
    code: 'JSON_INVALID',
    status: 400,
    message: 'The body is not valid JSON at position {position}: {problem}.',
  },
  bad_text: {
    code: 'BODY_NOT_UTF8',
    status: 400,
    message: 'The body is not UTF-8 text.',
  },
  too_deep: {
    code: 'JSON_TOO_DEEP',
    status: 400,
    message: 'The body nests deeper than {limit} levels.',
  },
  not_found: {
    code: 'ROUTE_NOT_FOUND',
    status: 404,
    message: 'There is nothing at {path}.',
  },
  wrong_method: {
    code: 'METHOD_NOT_ALLOWED',
    status: 405,
    message: '{path} does not answer {method}; it answers {allow}.',
  },
  too_slow: {
    code: 'REQUEST_TIMEOUT',
    status: 408,
    message: 'The request did not arrive in time.',
  },
  too_large: {
    code: 'PAYLOAD_TOO_LARGE',
    status: 413,
    message: 'The body is larger than {limit} bytes.',
  },
  url_too_long: {
    code: 'URL_TOO_LONG',
    status: 414,
    message: 'A part of the address is longer than {limit} characters.',
  },
  wrong_type: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    message: 'Send the body as {expected}, in UTF-8.',
  },
  rate_limited: {
    code: 'RATE_LIMIT_EXCEEDED',
    status: 429,
    message: 'Only {limit} requests in {window_seconds} s; ask again in {retry_after} s.',
  },
  headers_too_large: {
    code: 'HEADERS_TOO_LARGE',
    status: 431,
    message: 'The headers are larger than this server reads.',
  },
  broken: {
    code: 'INTERNAL_ERROR',
    status: 500,
    message: 'Something broke on our side. It is in the log under this request id.',
  },
  shutting_down: {
    code: 'SHUTTING_DOWN',
    status: 503,
    message: 'This server is about to stop. Nothing was changed; ask again.',
  },
  took_too_long: {
    code: 'OPERATION_TIMEOUT',
    status: 503,
    message:
      'No answer after {seconds} s. The change may or may not be done: ask again with the same Idempotency-Key.',
  },
})

/** The largest path member that the router reads; what is longer names nothing we keep. */
export const PATH_MEMBER_MAX = 500

type Thrown = { code?: string; statusCode?: number; message?: string }

/**
 * What a caller is told of anything thrown: refusals as they are, Fastify's own in our words, and
 * of a bug nothing but its status.
 */
export function refusalOf(error: unknown, body_limit: number): DomainError {
  if (error instanceof DomainError) return error
  const { code, statusCode = 500, message = '' } = (error ?? {}) as Thrown
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.too_large({ limit: body_limit })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return httpErrors.wrong_type({ expected: 'application/json' })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return httpErrors.malformed({ problem: 'the body is not as long as Content-Length says' })
    case 'FST_ERR_BAD_URL':
      return httpErrors.bad_url()
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return httpErrors.url_too_long({ limit: PATH_MEMBER_MAX })
    default:
      if (statusCode >= 500 || statusCode < 400) return httpErrors.broken()
      return new DomainError({ code: 'REQUEST_MALFORMED', status: statusCode }, message)
  }
}
