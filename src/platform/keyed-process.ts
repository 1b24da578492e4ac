import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { Answered, type KeyedCall, type Outcome, processContext, transact } from '#platform/execute'
import * as idempotency from '#platform/idempotency'
import type { Operation } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'

type Run = (ctx: ProcessContext, input: unknown) => Promise<unknown>

/** What is certain about a key so far. */
type Progress = { key?: string; kept?: idempotency.StoredAnswer }

/**
 * A process under an Idempotency-Key. The key is claimed in the process's first transaction and the
 * answer is kept in its last (`conclude`), so the key costs no transaction of its own, and there is
 * no moment in which money has moved and the answer to it is lost. A process that does not conclude
 * has its answer kept right after it.
 */
export async function runKeyedProcess(
  app: App,
  operation: Operation,
  call: KeyedCall,
  input: unknown,
): Promise<Outcome> {
  const { keyed } = call
  const progress: Progress = {}
  const ctx = claimingContext(app, operation, { call, progress })
  try {
    const output = await (operation.run as unknown as Run)(ctx, input)
    if (progress.kept) return { ...progress.kept, replayed: false }
    return await keep(app, call, {
      progress,
      answer: { status: operation.status, body: keyed.print(output) },
    })
  } catch (error) {
    if (error instanceof Answered) return { ...error.answer, replayed: true }
    if (progress.kept) return { ...progress.kept, replayed: false }
    if (!(error instanceof DomainError) || error.status >= 500) {
      await free(app, call, progress)
      throw error
    }
    if (ABOUT_THE_KEY.has(error.code)) throw error
    const answer = { status: error.status, body: keyed.printError(error) }
    return keep(app, call, { progress, answer })
  }
}

const { in_progress, other_body } = idempotency.idempotencyErrors
const ABOUT_THE_KEY = new Set([in_progress.spec.code, other_body.spec.code])

/** Keeps an answer that no transaction of the process has kept; a twin's that came first counts. */
async function keep(
  app: App,
  call: KeyedCall,
  { progress, answer }: { progress: Progress; answer: idempotency.StoredAnswer },
): Promise<Outcome> {
  const { keyed } = call
  const step = async (ctx: Context): Promise<Outcome> => {
    if (progress.key === undefined) {
      const claim = await idempotency.claimProcess(ctx, keyed, ctx.newId('process'))
      if ('body' in claim) return { ...claim, replayed: true }
    }
    await idempotency.keepProcessAnswer(ctx, keyed, answer)
    return { ...answer, replayed: false }
  }
  return transact(app, call, step, 'read committed')
}

/** After a fault a retry may go on at once. */
async function free(app: App, call: KeyedCall, { key }: Progress): Promise<void> {
  if (key === undefined) return
  const step = async (ctx: Context) => void (await idempotency.freeProcess(ctx, call.keyed))
  await transact(app, call, step, 'read committed').catch(() => {})
}

/** The process's context: its first transaction claims the key. */
function claimingContext(
  app: App,
  operation: Operation,
  { call, progress }: { call: KeyedCall; progress: Progress },
): ProcessContext {
  const { keyed } = call
  let claimed: string | undefined

  const transaction: ProcessContext['transaction'] = async (body, isolation) => {
    if (progress.key !== undefined) return transact(app, call, body, isolation)
    const claimThenRun = async (ctx: Context) => {
      const claim = await idempotency.claimProcess(ctx, keyed, ctx.newId('process'))
      if ('body' in claim) throw new Answered(claim)
      claimed = claim.process_key
      return body(ctx)
    }
    const value = await transact(app, call, claimThenRun, isolation)
    if (claimed !== undefined) progress.key = claimed
    return value
  }

  const conclude: ProcessContext['conclude'] = async (body, answer) => {
    const done = await transaction(async (ctx) => {
      const value = await body(ctx)
      const kept = printed(operation, keyed, () => answer(value))
      await idempotency.keepProcessAnswer(ctx, keyed, kept)
      return { value, kept }
    }, 'read committed')
    progress.kept = done.kept
    return answer(done.value)
  }

  return {
    ...processContext(app, call, ''),
    get key() {
      if (claimed === undefined) throw new Error('the key is known from the first transaction on')
      return claimed
    },
    transaction,
    conclude,
  }
}

/** What will be kept: the answer, or the refusal. A fault undoes the step, so a retry may go on. */
function printed(
  operation: Operation,
  keyed: KeyedCall['keyed'],
  answer: () => unknown,
): idempotency.StoredAnswer {
  try {
    return { status: operation.status, body: keyed.print(answer()) }
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error
    return { status: error.status, body: keyed.printError(error) }
  }
}
