import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { printJson } from '#kit/printed-json'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { execute, type Keyed, type Outcome } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import type { Operation, RestRoute } from '#platform/operations'
import { COMPRESS_MIN, compress, encodingFor } from './compression.ts'
import { type CsvList, csvListOf, openTable, sendTable, wantsCsv } from './csv/csv-lists.ts'
import { envelope, printError } from './envelope.ts'
import { CART_SESSION, JSON_TYPE } from './headers.ts'
import { inputReader } from './input.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { Running } from './running.ts'
import { etagOf, expectedVersion, isKnown } from './versions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set for operations, once their credentials have been checked. */
    actor: Actor | null
    /** The body as it came, for fingerprints. */
    bodyText: string
  }
  interface FastifyContextConfig {
    /** The name of the operation that a route serves. */
    operation?: string
  }
}

export type Serving = {
  http: FastifyInstance
  app: App
  limits: RateLimits | undefined
  running: Running
}
type Members = Record<string, unknown>

/** Serves one operation under its path and its aliases. */
export function serveOperation(serving: Serving, operation: Operation): void {
  const routes = [operation.rest, ...(operation.aliases ?? [])]
  const onRequest = admission(serving, routes)
  for (const route of routes) {
    const [method, url] = partsOf(route)
    serving.http.route({
      method,
      url,
      onRequest,
      handler: answering(serving, operation, method),
      config: { operation: operation.name },
      // HEAD must change nothing, and a published alias may change something by GET.
      exposeHeadRoute: method === 'GET' && operation.kind === 'query',
    })
  }
}

export const partsOf = (route: RestRoute) =>
  route.split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string]

/**
 * Before the body is read: who asks, and have they not asked too often. Counting comes after
 * authentication, so that nobody escapes a limit by inventing keys; who fails it is counted by
 * address, and a good key from the same address is not locked out by a bad one.
 */
function admission({ app, limits }: Serving, routes: readonly RestRoute[]) {
  const patterns = routes.map((route) => partsOf(route)[1])
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
    const caller = { actor: undefined as Actor | undefined, api_key, address: request.ip }
    const take = () => limits?.take({ ...caller, paths: [pathOf(request), ...patterns] }, reply)
    try {
      caller.actor = await app.authenticate({ authorization, api_key })
    } catch (error) {
      await take()
      throw error
    }
    request.actor = caller.actor
    if (limits) await take()
  }
}

const pathOf = ({ url }: FastifyRequest) => (url.includes('%') ? decodeURIComponent(url) : url)

/** Runs the operation and answers. It returns nothing: Fastify then waits for `reply.send`. */
function answering({ app, running }: Serving, operation: Operation, method: string) {
  const read = withCartSession(operation, inputReader(operation, method))
  const changes = operation.kind !== 'query'
  const list = csvListOf(operation)

  async function run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { headers } = request
    const actor = request.actor as Actor
    if (list && wantsCsv(request, operation)) return runAsTable(list, request, reply)
    const printer = new Printer(app, request)
    const outcome = await execute(app, operation, {
      actor,
      input: read(request),
      request_id: request.id,
      log: app.log,
      expected_version: expectedVersion(headers['if-match']),
      keyed: changes ? keyedBy(request, actor, printer) : undefined,
    })
    if (!running.remove(reply)) return
    if (running.closing) reply.header('connection', 'close')
    await send(request, reply, { outcome, printer })
  }

  async function runAsTable(list: CsvList, request: FastifyRequest, reply: FastifyReply) {
    const call = { actor: request.actor as Actor, request_id: request.id, log: app.log }
    const ask = async (input: Members) => (await execute(app, operation, { ...call, input })).output
    const table = await openTable(app, list, { ask, input: read(request) })
    // From here on it takes as long as the caller takes to read it.
    if (running.remove(reply)) sendTable(request, reply, { table, now: app.clock() })
    else table.destroy()
  }

  return (request: FastifyRequest, reply: FastifyReply): void => {
    running.add(reply)
    run(request, reply).catch((error) => {
      running.remove(reply)
      if (!reply.sent) reply.send(error)
    })
  }
}

/**
 * What a request says, with the guest's secret from its header where the operation knows one and
 * the request names none: so that it need not stand in addresses, which are written down.
 */
function withCartSession({ input }: Operation, read: ReturnType<typeof inputReader>) {
  const takesSession = 'session_id' in input.properties
  return ({ params, query, body, headers }: FastifyRequest): Members => {
    const said = read(params as Members, query as Members, body)
    const session_id = headers[CART_SESSION]
    if (takesSession && said.session_id === undefined && session_id !== undefined) {
      return { ...said, session_id }
    }
    return said
  }
}

/** Prints answers of one request and remembers the tag of the resource it printed. */
class Printer implements Pick<Keyed, 'print' | 'printError'> {
  etag: string | undefined
  readonly #app: App
  readonly #request: FastifyRequest

  constructor(app: App, request: FastifyRequest) {
    this.#app = app
    this.#request = request
  }

  print = (output: unknown): string => {
    if (output === undefined) return ''
    const data = printJson(output)
    this.etag = etagOf(output, data)
    return envelope(data, this.#request.id, this.#app.clock())
  }

  printError: Keyed['printError'] = (error) =>
    printError(error, this.#request.id, this.#app.clock())
}

type Answered = { outcome: Outcome; printer: Printer }

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { outcome, printer }: Answered,
): Promise<void> {
  const { status, replayed } = outcome
  const text = outcome.body ?? printer.print(outcome.output)
  reply.code(status)
  if (replayed) reply.header('idempotent-replayed', 'true')
  if (status === 204) return void reply.send()
  reply.header('content-type', JSON_TYPE)
  const etag = printer.etag ?? (replayed ? etagOfReplay(status, text) : undefined)
  if (etag !== undefined) reply.header('etag', etag)
  if (
    etag !== undefined &&
    (request.method === 'GET' || request.method === 'HEAD') &&
    isKnown(request.headers['if-none-match'], etag)
  ) {
    reply.removeHeader('content-type')
    return void reply.code(304).send()
  }
  if (text.length < COMPRESS_MIN) return void reply.send(text)
  await sendLong(request, reply, text)
}

/** Compresses what is worth it. A compressed answer is another representation: its tag is weak. */
async function sendLong(request: FastifyRequest, reply: FastifyReply, text: string) {
  const { vary } = reply.getHeaders()
  reply.header('vary', vary === undefined ? 'accept-encoding' : `${vary}, accept-encoding`)
  const encoding = encodingFor(request.headers['accept-encoding'] as string | undefined)
  if (encoding === undefined) return void reply.send(text)
  const etag = reply.getHeader('etag')
  if (etag !== undefined) reply.header('etag', `W/${etag}`)
  const bytes = await compress(text, encoding)
  reply.header('content-encoding', encoding).send(bytes)
}

function etagOfReplay(status: number, text: string): string | undefined {
  if (status >= 300) return undefined
  const { data } = JSON.parse(text) as { data: unknown }
  return etagOf(data, JSON.stringify(data))
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** What an Idempotency-Key is bound to: caller, method, path and key, and the body by its hash. */
function keyedBy(request: FastifyRequest, actor: Actor, printer: Printer): Keyed | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY.test(key)) throw idempotencyErrors.bad_key()
  const { url, method } = request
  const end = url.indexOf('?')
  const path = end < 0 ? url : url.slice(0, end)
  return {
    scope: `${callerOf(request, actor)} ${method} ${path} ${key}`,
    fingerprint: hash('sha256', `${url}\n${request.bodyText}`, 'base64'),
    print: printer.print,
    printError: printer.printError,
  }
}

/**
 * Guests have no name: what tells one from another is their secret, or else their address. Without
 * that, who guesses another guest's key would be told the answer, and with it the secret.
 */
function callerOf({ headers, ip }: FastifyRequest, { id, kind }: Actor): string {
  if (kind !== 'anonymous') return id
  return `${id}:${hash('sha256', String(headers[CART_SESSION] ?? ip), 'base64url')}`
}
