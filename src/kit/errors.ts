import assert from 'node:assert/strict'

type DetailValue = string | number | boolean | null | readonly unknown[] | object
export type Details = Record<string, DetailValue>

/** A refusal the caller can act on. Anything else that is thrown is a bug, and answers 500. */
export class DomainError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Details

  constructor(spec: { code: string; status: number }, message: string, details: Details = {}) {
    super(message)
    this.name = 'DomainError'
    this.code = spec.code
    this.status = spec.status
    this.details = details
  }
}

/** `code` is the promise to clients; `message` a sentence whose `{slots}` are the typed details. */
export type ErrorSpec = { code: string; status: number; message: string }
type Slots<M extends string> = M extends `${string}{${infer S}}${infer Rest}`
  ? S | Slots<Rest>
  : never
type Maker<M extends string> = ([Slots<M>] extends [never]
  ? (details?: Details) => DomainError
  : (details: Record<Slots<M>, string | number> & Details) => DomainError) & { spec: ErrorSpec }

export type ErrorCatalogue = Record<string, { spec: ErrorSpec }>

/**
 * Declares a module's refusals. The message's `{slots}` become typed details; further details may
 * ride along. Each maker carries its `spec`, from which the documents and OpenAPI are made.
 */
export function defineErrors<const T extends Record<string, ErrorSpec>>(specs: T) {
  const makers: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const make = (details: Details = {}) =>
      new DomainError(spec, fill(name, spec.message, details), details)
    makers[name] = Object.assign(make, { spec })
  }
  return makers as { [K in keyof T]: Maker<T[K]['message']> }
}

function fill(name: string, message: string, details: Details): string {
  return message.replace(/\{(\w+)\}/g, (_, slot: string) => {
    assert(slot in details, `error ${name} needs ${slot}`)
    return String(details[slot])
  })
}
