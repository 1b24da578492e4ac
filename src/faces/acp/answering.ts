import type { FastifyReply, FastifyRequest } from 'fastify'
import { keptUnder } from '#faces/agentic-dialect/asking'
import { JSON_TYPE } from '#faces/rest/headers'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { execute, type Keyed } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import type { Operation } from '#platform/operations'
import { inWords, printAcpError } from './errors.ts'
import { refuseHtml } from './parsing.ts'
import { refusal } from './refusals.ts'
import { type AcpVersion, since, versionOf } from './versions.ts'

type Exchange = { request: FastifyRequest; reply: FastifyReply }

type Asked<T> = {
  /** The operation that is asked. */
  operation: Operation
  status: number
  /** Whether a key binds the answer: for all that changes something. */
  keyed?: boolean
  /** The operation's input. What it throws is an answer like any other, and kept for the key. */
  read: (body: unknown, version: AcpVersion) => unknown
  render: (output: T, version: AcpVersion) => unknown
  /** A refusal that has another meaning for this request. */
  translate?: (error: DomainError) => DomainError
}

/** Asks an operation in a version of the protocol and answers in it. */
export async function answering<T>(
  app: App,
  { request, reply }: Exchange,
  asked: Asked<T>,
): Promise<FastifyReply> {
  const version = versionOf(request.headers['api-version'])
  const print = (output: unknown) => JSON.stringify(asked.render(output as T, version))
  const keyed = asked.keyed ? keyedBy(app, request, { version, print }) : undefined
  const { actor, body, id: request_id } = request
  if (!actor) throw new Error('nobody looked who asks')
  const outcome = await execute(app, spoken(version, asked), {
    actor,
    input: body,
    request_id,
    log: app.log,
    keyed,
  })
  if (outcome.replayed) reply.header('idempotent-replayed', 'true')
  return reply
    .code(outcome.status)
    .header('content-type', JSON_TYPE)
    .send(outcome.body ?? print(outcome.output))
}

/**
 * The operation as the protocol speaks of it: it reads the body and refuses in the protocol's words
 * inside its own run, so that a refusal is kept under the key with the status that it is told by.
 */
function spoken<T>(version: AcpVersion, asked: Asked<T>): Operation {
  const { operation, translate = (error: DomainError) => error } = asked
  const run = operation.run as (ctx: unknown, input: unknown) => Promise<unknown>
  return {
    ...operation,
    status: asked.status as Operation['status'],
    parse: (input: unknown) => input as never,
    run: async (ctx: never, body: unknown) => {
      try {
        refuseHtml(body)
        return await run(ctx, operation.parse(asked.read(body, version)))
      } catch (error) {
        // Translated once, at this edge; everything else goes on as it is.
        throw error instanceof DomainError ? inWords(translate(error), version) : error
      }
    },
  }
}

type Printing = { version: AcpVersion; print: (output: unknown) => string }

const KEY = /^[\x21-\x7e]{1,255}$/

/** The key of a request: required since 2026-04-17. */
function keyedBy(
  app: App,
  request: FastifyRequest,
  { version, print }: Printing,
): Keyed | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || key === '') {
    if (!since(version, '2026-04-17')) return undefined
    const message = 'Send the header Idempotency-Key.'
    throw refusal({ status: 400, code: 'idempotency_key_required', message })
  }
  if (typeof key !== 'string' || !KEY.test(key)) throw idempotencyErrors.bad_key()
  return keptUnder(app, request, {
    key,
    version,
    print,
    printError: (error) => printAcpError(error, version),
  })
}
