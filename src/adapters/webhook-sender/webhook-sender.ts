import { lookup } from 'node:dns'
import type { IncomingMessage, Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { Outgoing, Received, WebhookSender } from '#modules/webhooks'
import { http } from '#platform/node-http'
import { guardedBy, isPrivateLiteral, PrivateAddress, type Resolve } from './guarded-lookup.ts'

/** What is read of an answer; the rest is not waited for. */
const BODY_MAX = 4096
const HEADERS_MAX = 30
const HEADER_LENGTH_MAX = 500

/** Connections are kept, and only to addresses that were checked when they were opened. */
const POOL = { keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' } as const

/**
 * Sends webhooks over HTTP. Redirects are answers like any other: they are never followed. Names
 * are looked up by `resolve`, the machine's own way unless said.
 */
export function createWebhookSender(resolve: Resolve = lookup): WebhookSender {
  const guard = { ...POOL, lookup: guardedBy(resolve) as never }
  const agents = {
    guarded: { plain: new http.Agent(guard), tls: new TlsAgent(guard) },
    open: { plain: new http.Agent(POOL), tls: new TlsAgent(POOL) },
  }
  return {
    send(outgoing) {
      const url = new URL(outgoing.url)
      if (!outgoing.allow_private && isPrivateLiteral(url.hostname)) {
        return Promise.resolve(refused(new PrivateAddress(), outgoing))
      }
      const pool = outgoing.allow_private ? agents.open : agents.guarded
      return exchange(url, outgoing, { pool })
    },
  }
}

type Pool = { plain: PlainAgent; tls: TlsAgent }

type Cut = 'late' | 'stopping'

function exchange(
  url: URL,
  outgoing: Outgoing,
  { pool, isAgain = false }: { pool: Pool; isAgain?: boolean },
): Promise<Received> {
  const { headers, body, timeout_ms, signal } = outgoing
  const isTls = url.protocol === 'https:'
  const bytes = Buffer.from(body)
  return new Promise((resolve) => {
    let cut: Cut | undefined
    const request = (isTls ? tlsRequest : http.request)(url, {
      method: 'POST',
      agent: isTls ? pool.tls : pool.plain,
      headers: { ...headers, 'content-length': bytes.length },
      // Its headers alone may not fill the memory.
      maxHeaderSize: 16_384,
    })
    const end = (why: Cut) => {
      cut ??= why
      request.destroy()
    }
    // Signals that are made of signals cost more than the rest of a request, so these are not.
    const late = setTimeout(end, timeout_ms, 'late')
    const stop = () => end('stopping')
    signal.addEventListener('abort', stop)
    const settle = (received: Received | Promise<Received>) => {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      resolve(received)
    }
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The receiver closed a kept connection just when it was used again: nothing was read of it.
      const isStale = request.reusedSocket && error.code === 'ECONNRESET' && !isAgain && !cut
      if (isStale) settle(exchange(url, outgoing, { pool, isAgain: true }))
      else settle(refused(error, outgoing, cut))
    })
    request.on('response', (response) => readAnswer(response, settle))
    request.end(bytes)
    if (signal.aborted) stop()
  })
}

/** Reads the beginning of an answer. A body without end is cut off with its connection. */
function readAnswer(response: IncomingMessage, told: (received: Received) => void): void {
  const parts: Buffer[] = []
  let length = 0
  // It has said its status, and that is the answer: 2xx is a success, however its body ends.
  const done = () => {
    const text = Buffer.concat(parts).subarray(0, BODY_MAX).toString('utf8')
    told({
      ok: true,
      status: response.statusCode ?? 0,
      headers: shortHeaders(response),
      // NUL can be stored nowhere.
      body: text.replaceAll('\0', '\uFFFD'),
    })
  }
  response.on('data', (part: Buffer) => {
    parts.push(part)
    length += part.length
    if (length > BODY_MAX) response.destroy()
  })
  response.on('error', () => {})
  response.on('close', done)
}

function shortHeaders({ headers }: IncomingMessage): Record<string, string> {
  const all = Object.entries(headers).filter(([name]) => name !== 'set-cookie')
  return Object.fromEntries(all.slice(0, HEADERS_MAX).map(([name, value]) => [name, textOf(value)]))
}

const textOf = (value: string | string[] | undefined): string =>
  String(value ?? '')
    .replaceAll('\0', '')
    .slice(0, HEADER_LENGTH_MAX)

function refused(error: Error, { timeout_ms }: Outgoing, cut?: Cut): Received {
  if (cut === 'stopping') return { ok: false, error: 'This server was stopping.', aborted: true }
  if (cut === 'late') {
    return { ok: false, error: `It did not answer within ${timeout_ms} ms.`, aborted: false }
  }
  if (error instanceof PrivateAddress) return { ok: false, error: error.message, aborted: false }
  const { code, message } = error as NodeJS.ErrnoException
  return { ok: false, error: `It could not be reached (${code ?? message}).`, aborted: false }
}
