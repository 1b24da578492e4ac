import { randomUUID } from 'node:crypto'
import { DomainError } from '#kit/errors'
import { newId } from '#kit/ids'
import type { App } from '#platform/app'
import { changesOf } from '#platform/changes'
import type { Settings } from '#platform/config/settings'
import { type Actor, type Context, newContext, systemActor } from '#platform/context'
import type { Isolation, Session } from '#platform/database/database'
import { tellCommittedEvents } from '#platform/event-log/news'
import { writeEvents } from '#platform/events'
import * as idempotency from '#platform/idempotency'
import { runKeyedProcess } from '#platform/keyed-process'
import type { Log } from '#platform/log'
import { invalidField, type Operation, requestErrors } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { traced } from '#platform/tracing'

/** A key, what it was sent with, and how this face prints an answer that is to be kept. */
export type Keyed = idempotency.KeyedRequest & {
  print: (output: unknown) => string
  printError: (error: DomainError) => string
}

export type Call = {
  actor: Actor
  input: unknown
  request_id: string
  log: Log
  expected_version?: number | undefined
  keyed?: Keyed | undefined
}

/** With a key, `body` is what was printed and kept; `output` is missing when it was replayed. */
export type Outcome = { status: number; output?: unknown; body?: string; replayed: boolean }

/** The one door: every face (REST, gRPC, ACP, CLI) and every job comes through here. */
export function execute(app: App, operation: Operation, call: Call): Promise<Outcome> {
  if (!app.tracer) return answer(app, operation, call)
  const attributes = { 'tradepost.operation': operation.name, 'enduser.id': call.actor.id }
  return app.tracer.span(operation.name, attributes, () => answer(app, operation, call))
}

async function answer(app: App, operation: Operation, asked: Call): Promise<Outcome> {
  const call = operation.secret ? secretly(asked) : asked
  authorize(operation, call.actor)
  const input = sized(operation.parse(call.input), operation, app.settings)
  const run = operation.run as (ctx: unknown, input: unknown) => Promise<unknown>
  if (operation.kind === 'query') {
    const output = await app.database.read(
      (session) => run(contextOf(app, call, session), input),
      operation.consistency,
    )
    return { status: operation.status, output, replayed: false }
  }
  if (operation.kind === 'process') return runProcess(app, operation, call, input)
  if (!call.keyed) {
    const output = await transact(app, call, (ctx) => run(ctx, input), operation.isolation)
    return { status: operation.status, output, replayed: false }
  }
  return runKeyed(app, operation, { ...call, keyed: call.keyed }, (ctx) => run(ctx, input))
}

type Sized = { limit?: number; per_page?: number }

/**
 * A list that is asked for without a size gets the settings' one; none may exceed their maximum.
 */
function sized(input: Sized, { input: schema }: Operation, settings: Settings): unknown {
  if (!('cursor' in schema.properties)) return input
  const limit = input.limit ?? input.per_page ?? settings.api_default_page_size
  const { api_max_page_size: most } = settings
  if (limit > most) throw invalidField('limit', `must be <= ${most}`)
  return { ...input, limit }
}

const secretly = (call: Call): Call =>
  call.keyed ? { ...call, keyed: { ...call.keyed, secret: true } } : call

/** Refuses a caller who may not: 401 without credentials, 403 with the wrong ones. */
export function authorize({ permission }: Operation, actor: Actor): void {
  if (permission === 'public') return
  if (actor.kind === 'anonymous') throw requestErrors.unauthenticated()
  if (permission === 'signed_in' || actor.may(permission)) return
  throw requestErrors.forbidden({ permission })
}

/** One transaction as someone: reactions that belong to it run in it, its events are written. */
export async function transact<T>(
  app: App,
  call: Pick<Call, 'actor' | 'request_id' | 'log' | 'expected_version'>,
  body: (ctx: Context) => Promise<T>,
  isolation?: Isolation,
): Promise<T> {
  const started = performance.now()
  let done: Context | undefined
  const write = () =>
    app.database.write(async (session) => {
      const ctx = contextOf(app, call, session)
      const result = await body(ctx)
      await finishTransaction(app, ctx)
      done = ctx
      return result
    }, isolation)
  const attributes = { 'db.system.name': app.database.engine }
  const value = await traced(app.tracer, 'transaction', attributes, write)
  app.metrics.transactions.observe(performance.now() - started)
  if (done) tell(app, done)
  return value
}

/** What is done only once the commit is certain. */
function tell(app: App, { emitted, leaves, announced }: Context): void {
  for (const topic of announced) changesOf(app.database).happened(topic)
  if (emitted.length > 0) {
    app.metrics.countEvents(emitted)
    tellCommittedEvents(app, emitted)
  }
  if (leaves.work) app.wake()
}

/** The platform's own transaction, for jobs, sweepers and seeds. */
export const transactAsSystem = <T>(
  app: App,
  body: (ctx: Context) => Promise<T>,
  isolation?: Isolation,
) => transact(app, systemCall(app), body, isolation)

/** The platform's own read on one snapshot. */
export const readAsSystem = <T>(
  app: App,
  body: (ctx: Context) => Promise<T>,
  consistency?: 'snapshot' | 'statement',
) => app.database.read((session) => body(contextOf(app, systemCall(app), session)), consistency)

const systemCall = (app: App) => ({ actor: systemActor, request_id: randomUUID(), log: app.log })

/** A context on a session that is open already. */
export function contextOf(
  app: App,
  call: Pick<Call, 'actor' | 'request_id' | 'log' | 'expected_version'>,
  session: Session,
): Context {
  const changes = changesOf(app.database)
  const moment = changes.moment()
  return newContext({
    session,
    actor: call.actor,
    now: app.clock(),
    request_id: call.request_id,
    log: call.log,
    settings: app.settings,
    expected_version: call.expected_version,
    awaited: app.reactions.later,
    announce: app.database.announce,
    mark: (topic) => changes.mark(topic, moment),
    process: app.process,
  })
}

/** Reactions may emit again, so the list is walked while it grows. */
async function finishTransaction(app: App, ctx: Context): Promise<void> {
  const forgotten = new Set<string>()
  for (let nth = 0; nth < ctx.emitted.length; nth++) {
    const event = ctx.emitted[nth]
    if (!event) continue
    for (const reaction of app.reactions.together.get(event.name) ?? []) {
      await reaction.run(ctx, event)
    }
    for (const topic of app.forgotten.get(event.name) ?? []) forgotten.add(topic)
  }
  for (const topic of forgotten) await ctx.announce(topic)
  writeEvents(ctx)
}

/** Thrown inside a transaction to undo it when its key turns out to be answered already. */
export class Answered extends Error {
  readonly answer: idempotency.StoredAnswer
  constructor(answer: idempotency.StoredAnswer) {
    super('answered already')
    this.answer = answer
  }
}

export type KeyedCall = Call & { keyed: Keyed }

export async function runKeyed(
  app: App,
  operation: Operation,
  call: KeyedCall,
  run: (ctx: Context) => Promise<unknown>,
): Promise<Outcome> {
  const { keyed } = call
  try {
    const body = await transact(
      app,
      call,
      async (ctx) => {
        const looked = findFirst(ctx, keyed)
        if (!ctx.session.pipelines) await looked
        const printed = keyed.print(await run(ctx))
        await looked
        idempotency.keepAnswer(ctx, keyed, { status: operation.status, body: printed })
        return printed
      },
      operation.isolation,
    )
    return { status: operation.status, body, replayed: false }
  } catch (error) {
    if (error instanceof Answered) return { ...error.answer, replayed: true }
    return afterFailure(app, call, error)
  }
}

/**
 * Looks whether the key is answered already. Where statements travel without waiting, the command
 * begins meanwhile: if it turns out to be a repetition, what it did is rolled back.
 */
function findFirst(ctx: Context, keyed: Keyed): Promise<void> {
  const looked = idempotency.findAnswer(ctx, keyed).then((answer) => {
    if (answer) throw new Answered(answer)
  })
  looked.catch(() => {})
  return looked
}

/**
 * A refusal is an answer like any other and is kept for its key. But the twin of this request may
 * have been answered while it ran (which may be the very reason of the refusal): then that answer
 * counts. Faults (5xx) are never kept.
 */
export async function afterFailure(app: App, call: KeyedCall, error: unknown): Promise<Outcome> {
  const { keyed } = call
  const lostToTwin = isDuplicateKey(error)
  const refusal = error instanceof DomainError && error.status < 500 ? error : undefined
  const reusesKey = refusal?.code === idempotency.idempotencyErrors.other_body.spec.code
  if (reusesKey || (!refusal && !lostToTwin)) throw error
  const kept = await transact(
    app,
    call,
    async (ctx) => {
      const answer = await idempotency.findAnswer(ctx, keyed)
      if (answer || !refusal) return answer
      const body = keyed.printError(refusal)
      idempotency.keepAnswer(ctx, keyed, { status: refusal.status, body })
      return { status: refusal.status, body, fresh: true }
    },
    'read committed',
  ).catch((again) => {
    if (isDuplicateKey(again)) return afterFailure(app, call, again)
    throw again
  })
  if (!kept) throw error
  if ('replayed' in kept) return kept
  return { status: kept.status, body: kept.body, replayed: !('fresh' in kept) }
}

const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error &&
  (('constraint' in error && error.constraint === 'idempotency_keys_pkey') ||
    error.message === 'UNIQUE constraint failed: idempotency_keys.scope')

async function runProcess(
  app: App,
  operation: Operation,
  call: Call,
  input: unknown,
): Promise<Outcome> {
  const { keyed } = call
  if (keyed) return runKeyedProcess(app, operation, { ...call, keyed }, input)
  const run = operation.run as unknown as (ctx: ProcessContext, input: unknown) => Promise<unknown>
  // A version 7 like the key of a claim, because what a process makes may carry it as its id.
  const key = newId('process', app.clock().getTime())
  const output = await run(processContext(app, call, key), input)
  return { status: operation.status, output, replayed: false }
}

/** What a process, a job or a schedule is given. */
export function processContext(
  app: App,
  call: Pick<Call, 'actor' | 'request_id' | 'log' | 'expected_version'>,
  key: string,
): ProcessContext {
  return {
    actor: call.actor,
    request_id: call.request_id,
    log: call.log,
    settings: app.settings,
    key,
    expected_version: call.expected_version,
    process: app.process,
    transaction: (body, isolation) => transact(app, call, body, isolation),
    conclude: async (body, answer) => answer(await transact(app, call, body, 'read committed')),
    read: (body) => app.database.read((session) => body(contextOf(app, call, session))),
  }
}

/** A process context of the platform itself; `key` is stable for one job. */
export const systemProcess = (app: App, key: string = randomUUID()): ProcessContext =>
  processContext(app, systemCall(app), key)
