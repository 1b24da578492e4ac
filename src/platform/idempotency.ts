import { Type } from 'typebox'
import { defineErrors } from '#kit/errors'
import { Instant, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { seal, unseal } from '#platform/sealed'
import { defineTables } from '#platform/tables'

export const idempotencyErrors = defineErrors({
  other_body: {
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    message: 'This Idempotency-Key was used for another request; take a new one.',
  },
  in_progress: {
    code: 'IDEMPOTENCY_IN_PROGRESS',
    status: 409,
    message: 'A request with this Idempotency-Key is still running; ask again shortly.',
  },
  bad_key: {
    code: 'IDEMPOTENCY_KEY_INVALID',
    status: 400,
    message: 'An Idempotency-Key is 1 to 255 visible ASCII characters.',
  },
})

/** How long a process may run before a retry with its key takes it over. */
const LEASE_MS = 60_000

export const db = defineTables({
  idempotency_keys: Type.Object({
    /** Caller, method, path and key: one caller cannot read another's answer. */
    scope: Type.String(),
    fingerprint: Type.String(),
    /** What a process uses as its key outside, the same for every retry. */
    process_key: Nullable(Type.String()),
    status: Nullable(Type.Integer()),
    body: Nullable(Type.String()),
    created_at: Instant,
    locked_until: Nullable(Instant),
  }),
})

export type StoredAnswer = { status: number; body: string }
/** `secret`: the answer holds a token or a key, so it is kept encrypted. */
export type KeyedRequest = { scope: string; fingerprint: string; secret?: boolean }

const findKey = prepared(db, (open, p: { scope: string }) =>
  open.selectFrom('idempotency_keys').selectAll().where('scope', '=', p.scope),
)

const insertAnswer = prepared(
  db,
  (
    open,
    p: { scope: string; fingerprint: string; status: number; body: string; created_at: string },
  ) =>
    open
      .insertInto('idempotency_keys')
      .values({ ...pick(p), process_key: null, locked_until: null }),
)
const pick = <
  P extends {
    scope: string
    fingerprint: string
    status: number
    body: string
    created_at: string
  },
>(
  p: P,
) => ({
  scope: p.scope,
  fingerprint: p.fingerprint,
  status: p.status,
  body: p.body,
  created_at: p.created_at,
})

/** The answer already given to this key, if any; refuses another body under the same key. */
export async function findAnswer(
  ctx: Context,
  { scope, fingerprint }: KeyedRequest,
): Promise<StoredAnswer | undefined> {
  const found = await findKey.first(ctx, { scope })
  if (!found) return undefined
  if (found.fingerprint !== fingerprint) throw idempotencyErrors.other_body()
  if (found.status === null || found.body === null) return undefined
  return { status: found.status, body: unseal(found.body, ctx.settings.jwt_secret) }
}

/**
 * Keeps the answer in the transaction of the change. The primary key refuses a second one, so of
 * two twins only one commits; the other rolls back and reads this answer.
 */
export function keepAnswer(
  ctx: Context,
  keyed: KeyedRequest,
  { status, body: text }: StoredAnswer,
): void {
  const { scope, fingerprint } = keyed
  const body = kept(ctx, keyed, text)
  ctx.session.send(
    insertAnswer.bind(ctx, { scope, fingerprint, status, body, created_at: ctx.now }),
  )
}

const kept = (ctx: Context, { secret }: KeyedRequest, body: string): string =>
  secret ? seal(body, ctx.settings.jwt_secret) : body

const insertClaim = prepared(
  db,
  (
    open,
    p: {
      scope: string
      fingerprint: string
      process_key: string
      created_at: string
      locked_until: string
    },
  ) =>
    open
      .insertInto('idempotency_keys')
      .values({
        scope: p.scope,
        fingerprint: p.fingerprint,
        process_key: p.process_key,
        status: null,
        body: null,
        created_at: p.created_at,
        locked_until: p.locked_until,
      })
      .onConflict((conflict) => conflict.column('scope').doNothing()),
)

const takeOver = prepared(db, (open, p: { scope: string; now: string; locked_until: string }) =>
  open
    .updateTable('idempotency_keys')
    .set({ locked_until: p.locked_until })
    .where('scope', '=', p.scope)
    .where('status', 'is', null)
    .where('locked_until', '<=', p.now)
    .returning('process_key'),
)

const finish = prepared(db, (open, p: { scope: string; status: number; body: string }) =>
  open
    .updateTable('idempotency_keys')
    .set({ status: p.status, body: p.body, locked_until: null })
    .where('scope', '=', p.scope),
)

const free = prepared(db, (open, p: { scope: string; now: string }) =>
  open.updateTable('idempotency_keys').set({ locked_until: p.now }).where('scope', '=', p.scope),
)

/**
 * Claims a key for a process, in the transaction of its first step, or finds the answer given to
 * it.
 * Answers the process's key outside; refuses with 409 while another request holds the claim, and
 * takes over one whose lease ran out. A key is new nearly always, so the claim is written first.
 */
export async function claimProcess(
  ctx: Context,
  keyed: KeyedRequest,
  process_key: string,
): Promise<{ process_key: string } | StoredAnswer> {
  const { scope, fingerprint } = keyed
  const locked_until = new Date(Date.parse(ctx.now) + LEASE_MS).toISOString()
  const row = { scope, fingerprint, process_key, created_at: ctx.now, locked_until }
  const { affected } = await insertClaim.run(ctx, row)
  if (affected === 1) return { process_key }
  const answer = await findAnswer(ctx, keyed)
  if (answer) return answer
  const taken = await takeOver.first(ctx, { scope, now: ctx.now, locked_until })
  if (!taken?.process_key) throw idempotencyErrors.in_progress()
  return { process_key: taken.process_key }
}

/** Keeps a process's answer under the key it claimed. */
export const keepProcessAnswer = (
  ctx: Context,
  keyed: KeyedRequest,
  { status, body }: StoredAnswer,
): void => {
  const answer = { scope: keyed.scope, status, body: kept(ctx, keyed, body) }
  ctx.session.send(finish.bind(ctx, answer))
}

/** Gives a claim back at once, so that a retry may go on where the process failed. */
export const freeProcess = (ctx: Context, { scope }: KeyedRequest) =>
  free.run(ctx, { scope, now: ctx.now })
