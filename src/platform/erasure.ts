import { sql } from 'kysely'
import { defineErrors } from '#kit/errors'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { db } from '#platform/events'
import { db as keys } from '#platform/idempotency'

/** Rows of one step: small, because commands wait for it on SQLite. */
const BATCH = 500

/**
 * Takes members out of the payloads of all events of these entities: of those from the time when
 * payloads told more of a person than who they are.
 */
export async function eraseFromEvents(
  ctx: Context,
  { entity_ids, members }: { entity_ids: readonly string[]; members: readonly string[] },
): Promise<void> {
  for (const entity_id of entity_ids) {
    for (let after = 0, more = true; more; ) {
      const events = await db(ctx)
        .selectFrom('events')
        .select(['id', 'sequence', 'payload'])
        .where('entity_id', '=', entity_id)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(BATCH)
        .execute()
      after = events.at(-1)?.sequence ?? after
      more = events.length === BATCH
      for (const { id, payload } of events) {
        const kept = Object.entries(payload).filter(([member]) => !members.includes(member))
        if (kept.length === Object.keys(payload).length) continue
        await db(ctx)
          .updateTable('events')
          .set({ payload: Object.fromEntries(kept) })
          .where('id', '=', id)
          .execute()
      }
    }
  }
}

export const erasureErrors = defineErrors({
  answer_erased: {
    code: 'ANSWER_ERASED',
    status: 410,
    message: 'This was done; its answer told of a person and has been erased.',
  },
})

const { code, status, message } = erasureErrors.answer_erased.spec
/** What a repetition of an erased request is told; its key stays taken. */
const ERASED = {
  status,
  body: JSON.stringify({ success: false, error: { code, message, status, details: {} } }),
}

/** Where to go on: after the answer of this instant and scope. */
export type AnswerCursor = { created_at: string; scope: string }
type Seen = AnswerCursor & { mentions: boolean | number }

const someAnswers = prepared(keys, (open, p: AnswerCursor & { text: string }) =>
  rawQuery<Seen>(
    open,
    sql`select scope, created_at,
        scope like ${p.text} or coalesce(body like ${p.text}, false) as mentions
      from idempotency_keys where created_at >= ${p.created_at}
        and (created_at > ${p.created_at} or scope > ${p.scope})
      order by created_at, scope limit ${sql.lit(BATCH)}`,
  ),
)

/** Before all answers. */
export const FIRST_ANSWER: AnswerCursor = { created_at: '1970-01-01T00:00:00.000Z', scope: '' }

/**
 * Erases kept answers (of Idempotency-Keys) that mention an id or were given to it, a batch at a
 * time: answers where to go on, undefined at the end. Sealed answers stay: nobody can read them,
 * and a day ends them.
 */
export async function eraseAnswers(
  ctx: Context,
  { id, after }: { id: string; after: AnswerCursor },
): Promise<AnswerCursor | undefined> {
  const seen = await someAnswers(ctx, { ...after, text: `%${id}%` })
  const scopes = seen.filter(({ mentions }) => Boolean(mentions)).map(({ scope }) => scope)
  if (scopes.length > 0) {
    await keys(ctx)
      .updateTable('idempotency_keys')
      .set(ERASED)
      .where('scope', 'in', scopes)
      .where('status', 'is not', null)
      .execute()
  }
  const last = seen.at(-1)
  if (!last || seen.length < BATCH) return undefined
  return { created_at: last.created_at, scope: last.scope }
}
