import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { checker, type Problem } from '#kit/checker'
import type { DomainError, ErrorSpec } from '#kit/errors'
import { defineErrors } from '#kit/errors'
import type { Context } from '#platform/context'
import type { Isolation } from '#platform/database/database'
import type { ProcessContext } from '#platform/processes'

export const requestErrors = defineErrors({
  invalid: { code: 'VALIDATION_FAILED', status: 400, message: '{field}: {problem}.' },
  unauthenticated: {
    code: 'AUTH_MISSING',
    status: 401,
    message: 'Send a bearer token or an X-API-Key header.',
  },
  forbidden: {
    code: 'AUTH_INSUFFICIENT_PERMISSIONS',
    status: 403,
    message: 'This needs the permission {permission}.',
  },
  version_changed: {
    code: 'PRECONDITION_FAILED',
    status: 412,
    message: 'Someone changed this meanwhile: it is at version {version} now. Read it again.',
  },
})

/**
 * Who may call: `public` anyone, `signed_in` any credential, else a permission such as
 * `orders:read`.
 */
export type Permission = 'public' | 'signed_in' | `${string}:${string}`
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RestRoute = `${Method} /${string}`

type Told = {
  /** How it is asked for over HTTP. Path names are input members; the rest is query or body. */
  rest: RestRoute
  /** Further paths that answer the same: published aliases. */
  aliases?: readonly RestRoute[]
  permission: Permission
  /** One line, imperative. */
  summary: string
  description?: string
  /** The success status; 200 unless said. 204 answers nothing. */
  status?: 200 | 201 | 202 | 204
  /** The refusals a caller should expect beyond the general ones. */
  errors?: readonly { spec: ErrorSpec }[]
  /** An input as a caller would send it, for the documents and the tests. */
  example?: Record<string, unknown>
  /** The answer holds a token or a key: under an Idempotency-Key it is kept encrypted. */
  secret?: boolean
  /** Input members that come from the query although the method has a body. */
  query?: readonly string[]
}
type Spec<I extends TObject, O extends TSchema, C> = Told & {
  input: I
  output: O
  run: (ctx: C, input: Static<I>) => Promise<Static<O>>
}
type CommandSpec<I extends TObject, O extends TSchema> = Spec<I, O, Context> & {
  /** SERIALIZABLE unless said. `read committed` only where every decision is in a guarded write. */
  isolation?: Isolation
}
type QuerySpec<I extends TObject, O extends TSchema> = Spec<I, O, Context> & {
  /** `statement` spares the snapshot's round trips where one statement reads all. */
  consistency?: 'snapshot' | 'statement'
}

export type Operation = Told & {
  name: string
  kind: 'query' | 'command' | 'process'
  status: 200 | 201 | 202 | 204
  input: TObject
  output: TSchema
  isolation?: Isolation
  consistency?: 'snapshot' | 'statement'
  /** Checks the input against its schema; throws `VALIDATION_FAILED` with the first bad member. */
  parse: (input: unknown) => never
  run: (ctx: never, input: never) => Promise<unknown>
}

/** Answers nothing: 204. */
export const Nothing = Type.Unsafe<undefined>(Type.Undefined())

function define(kind: Operation['kind'], name: string, spec: Told & { input: TObject }): Operation {
  const check = checker(spec.input)
  const parse = (input: unknown) => {
    if (check.Check(input)) return input as never
    throw invalidInput(check.Errors(input))
  }
  return { kind, name, status: 200, ...spec, parse } as unknown as Operation
}

/** One sentence for the first bad member, and all of them in `details.problems`. */
function invalidInput(errors: Iterable<Problem>): DomainError {
  const seen = new Map<string, string>()
  for (const { instancePath, message, params } of errors) {
    const missing = (params as { requiredProperties?: string[] })?.requiredProperties
    for (const member of missing ?? ['']) {
      const field =
        [...instancePath.split('/').slice(1), member].filter(Boolean).join('.') || 'body'
      const problem = missing ? 'is required' : message
      if (!seen.has(field)) seen.set(field, problem)
    }
    if (seen.size === 20) break
  }
  const problems = [...seen].map(([field, problem]) => ({ field, problem }))
  const { field, problem } = problems[0] ?? { field: 'body', problem: 'is not as documented' }
  return requestErrors.invalid({ field, problem, problems })
}

/** A refusal for one input member, when the rule is more than a schema can say. */
export const invalidField = (field: string, problem: string): DomainError =>
  requestErrors.invalid({ field, problem, problems: [{ field, problem }] })

/** A read. It runs on a snapshot and must not write. */
export const query = <I extends TObject, O extends TSchema>(name: string, spec: QuerySpec<I, O>) =>
  define('query', name, spec)

/** A change. It runs in one transaction and must not call the outside world. */
export const command = <I extends TObject, O extends TSchema>(
  name: string,
  spec: CommandSpec<I, O>,
) => define('command', name, spec)

/** Named steps, each a transaction or an outside call whose key was stored before. */
export const process = <I extends TObject, O extends TSchema>(
  name: string,
  spec: Spec<I, O, ProcessContext>,
) => define('process', name, spec)
