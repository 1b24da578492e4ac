import { createHmac } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { execute, type Keyed, type Outcome } from '#platform/execute'
import type { Operation } from '#platform/operations'

/** The operation of this name. */
export function operationNamed(app: App, name: string): Operation {
  const found = app.operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`there is no operation ${name}`)
  return found
}

/** How an answer under a key is bound and printed. */
export type Keeping = {
  key: string
  /** What else makes a request another one: the version of the protocol. */
  version: string
  print: (output: never) => string
  printError: (error: DomainError) => string
}

/**
 * Binds an answer to caller, path and key, and to the meaning of the body: the order of members and
 * the spelling of numbers do not matter. The fingerprint is keyed, because a body may hold a card
 * number, of which a plain hash could be turned back by trying all of them.
 */
export function keptUnder(app: App, request: FastifyRequest, kept: Keeping): Keyed {
  const { actor, method, url, body } = request
  const [path] = url.split('?', 1)
  const text = `${kept.version}\n${canonical(body)}`
  return {
    scope: `${actor?.id} ${method} ${path} ${kept.key}`,
    fingerprint: createHmac('sha256', app.settings.jwt_secret).update(text).digest('base64'),
    print: kept.print as (output: unknown) => string,
    printError: kept.printError,
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
}

/** Runs an operation for the caller of a request whose `actor` is known. */
export function ask(
  app: App,
  request: FastifyRequest,
  { name, input, keyed }: { name: string; input: unknown; keyed?: Keyed | undefined },
): Promise<Outcome> {
  const { actor, id: request_id } = request
  if (!actor) throw new Error('nobody looked who asks')
  const call = { actor, input, request_id, log: app.log, keyed }
  return execute(app, operationNamed(app, name), call)
}
