import type { Static, TObject } from 'typebox'
import { checker } from '#kit/checker'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import type { Caller } from './caller.ts'

type Members = Record<string, unknown>

/** What a client may believe about a tool before it calls it. */
export type Annotations = {
  /** It changes nothing. */
  readOnlyHint: boolean
  /** It may take something away that is not easily brought back. */
  destructiveHint: boolean
  /** Calling it again with the same arguments changes nothing more. */
  idempotentHint: boolean
}

export type Tool = {
  name: string
  title: string
  /** One or two sentences: when to use it. */
  description: string
  /** The operations that it calls: who may not call them does not see the tool. */
  operations: readonly string[]
  /** Not for shoppers, who see only what is theirs. */
  forStaff?: boolean
  input: TObject
  output: TObject
  annotations: Annotations
  /** Reads arguments; throws nothing that is not a JSON-RPC fault. */
  problem: (input: unknown) => string | undefined
  run: (caller: Caller, input: never) => Promise<Members>
}

type Spec<I extends TObject> = Omit<Tool, 'run' | 'input' | 'problem'> & {
  input: I
  /** What it tells is described only in part, and told whole. */
  keepsAll?: boolean
  run: (caller: Caller, input: Static<I>) => Promise<unknown>
}

export const READS: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
}
/** Adds something each time. */
export const ADDS: Annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
}
/** Makes something so: the same call again changes nothing more. */
export const SETS: Annotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
}
/** Spends money, or takes back what cannot be had again. */
export const DESTROYS: Annotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: true,
}

/** A tool: its answer is cut down to what `output` describes, which operations may tell more of. */
export function tool<I extends TObject>(spec: Spec<I>): Tool {
  const check = checker(spec.input)
  return {
    ...spec,
    problem(input) {
      if (check.Check(input)) return undefined
      const [first] = check.Errors(input)
      const at = first?.instancePath.split('/').slice(1).join('.')
      return `${at || 'arguments'}: ${first?.message ?? 'are not as described'}`
    },
    run: async (caller, input) => {
      const told = await spec.run(caller, input)
      return (spec.keepsAll ? told : cut(spec.output, told)) as Members
    },
  } as Tool
}

type Schema = {
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

/** Keeps of a value what a schema describes; members that it lacks are left out. */
export function cut(schema: Schema, value: unknown): unknown {
  if (value === null || value === undefined) return value
  const { properties, items, anyOf } = schema
  if (anyOf) return cut(anyOf.find(({ type }) => type !== 'null') ?? {}, value)
  if (Array.isArray(value)) return items ? value.map((item) => cut(items, item)) : value
  if (!properties) return value
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, member]) => {
      const told = (value as Members)[name]
      return told === undefined ? [] : [[name, cut(member, told)]]
    }),
  )
}

/** Whether a caller may use a tool: they may call all that it calls. */
export function mayUse(app: App, { operations, forStaff }: Tool, actor: Actor): boolean {
  if (forStaff && (actor.kind === 'anonymous' || actor.own_only)) return false
  return operations.every((name) => {
    const { permission } = app.operations.find((known) => known.name === name) ?? {}
    if (permission === undefined || permission === 'public') return permission === 'public'
    if (actor.kind === 'anonymous') return false
    return permission === 'signed_in' || actor.may(permission)
  })
}
