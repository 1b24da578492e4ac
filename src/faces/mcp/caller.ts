import { hash } from 'node:crypto'
import { DomainError } from '#kit/errors'
import { printJson } from '#kit/printed-json'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { execute, type Keyed } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import { operationOf } from '../names.ts'

/** Who calls a tool, with which key, and how it asks the house. */
export type Caller = {
  actor: Actor
  request_id: string
  /** Where they ask from, if that is known. */
  address: string | undefined
  /** The credentials as they were shown, for what is asked of another face of this server. */
  headers: Readonly<Record<string, string>>
  /** Calls an operation, under the call's idempotency key if it changes something. */
  ask: (operation: string, input: object) => Promise<unknown>
  /** The same without a key: for a further step that may be taken again. */
  askAgain: (operation: string, input: object) => Promise<unknown>
}

export type Calling = {
  app: App
  actor: Actor
  headers: Readonly<Record<string, string>>
  request_id: string
  address?: string | undefined
  /** Name and arguments of the tool: what a key is bound to. */
  tool: { name: string; input: unknown }
  key: string | undefined
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** The one who calls a tool once. A key holds for the operation that the tool changes things by. */
export function callerOf(calling: Calling): Caller {
  const { actor, headers, request_id, address } = calling
  return {
    actor,
    request_id,
    address,
    headers,
    ask: (name, input) => ask(calling, name, { input, keyed: keyedBy(calling, name) }),
    askAgain: (name, input) => ask(calling, name, { input, keyed: undefined }),
  }
}

type Asked = { input: object; keyed: Keyed | undefined }

async function ask({ app, actor, request_id }: Calling, name: string, asked: Asked) {
  const operation = operationOf(app, name)
  const keyed = operation.kind === 'query' ? undefined : asked.keyed
  const call = { actor, input: asked.input, request_id, log: app.log, keyed }
  const { status, output, body } = await execute(app, operation, call)
  if (body === undefined) return output === undefined ? {} : JSON.parse(printJson(output))
  const kept = body === '' ? {} : JSON.parse(body)
  if (status < 400) return kept
  const { code, message, details } = kept
  throw new DomainError({ code, status }, message, details)
}

function keyedBy({ actor, tool, key }: Calling, operation: string): Keyed | undefined {
  if (key === undefined) return undefined
  if (!KEY.test(key)) throw idempotencyErrors.bad_key()
  return {
    scope: `${actor.id} tool ${tool.name} ${operation} ${key}`,
    fingerprint: hash('sha256', JSON.stringify(tool.input), 'base64'),
    print: (output) => (output === undefined ? '' : printJson(output)),
    printError: ({ code, message, details }) => JSON.stringify({ code, message, details }),
  }
}
