import type { Socket } from 'node:net'
import type { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { http } from '#platform/node-http'
import { printError } from './envelope.ts'
import { httpErrors } from './errors.ts'
import { JSON_TYPE, requestIdOf, SECURITY_HEADERS } from './headers.ts'

/** Answers what is no whole HTTP request: there is no request object, only a socket. */
export function answerBrokenRequest(app: App, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // Of a pipelined pair the first may be half answered: bytes in between would belong to it.
  const { _httpMessage } = socket as Socket & { _httpMessage?: { headersSent: boolean } }
  if (!socket.writable || _httpMessage?.headersSent) return void socket.destroy()
  const refusal = refusalOf(error)
  const request_id = requestIdOf(undefined)
  const body = printError(refusal, request_id, app.clock())
  const headers = {
    ...SECURITY_HEADERS,
    'x-request-id': request_id,
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const status = `HTTP/1.1 ${refusal.status} ${http.STATUS_CODES[refusal.status]}`
  socket.write(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

function refusalOf({ code, message }: NodeJS.ErrnoException): DomainError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpErrors.too_slow()
  if (code === 'HPE_HEADER_OVERFLOW') return httpErrors.headers_too_large()
  return httpErrors.malformed({ problem: message.replace(/^Parse Error: /, '') })
}
