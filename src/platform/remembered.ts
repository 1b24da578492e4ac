import { type Context, perProcess } from '#platform/context'
import type { AnyEventType } from '#platform/events'

/** What was read, and the instant from which it is otherwise by itself; null if there is none. */
export type Reading<V> = { value: V; until: string | null }

type Spec<Q, V> = {
  /** A name of its own among all that is remembered. */
  topic: string
  /** The events after which it may be otherwise. Every command that changes it states one. */
  forgotten_on: readonly AnyEventType[]
  /** Tells questions apart. */
  key: (question: Q) => string
  /** Reads it from the database. */
  read: (ctx: Context, question: Q) => Promise<Reading<V>>
}

/** Answers a question from memory where that is as good as asking. */
export type Remembered<Q, V> = ((ctx: Context, question: Q) => Promise<V>) & {
  topic: string
  forgotten_on: readonly string[]
}

/** Any of them, for a module's list. */
export type AnyRemembered = { topic: string; forgotten_on: readonly string[] }

type Kept = { value: unknown; mark: string; from: string; until: string | null }

/** Answers kept for one topic; the oldest goes first. */
const KEPT_MAX = 1000

/**
 * Makes a reading of what seldom changes and is asked for all the time (rates, zones, trees) one
 * that a process remembers. It is forgotten by events: a transaction that states one of
 * `forgotten_on` announces the topic to every process with its commit, and does not use what is
 * remembered itself. What another process changed is noticed about a millisecond after its commit;
 * as an answer of a moment ago, so to say. Which is why nothing that must be guarded by the write
 * (stock, limits, money) may be remembered. The module lists it under `remembers`.
 */
export function remember<Q, V>({ topic, forgotten_on, key, read }: Spec<Q, V>): Remembered<Q, V> {
  const memory = perProcess(() => new Map<string, Kept>())
  const names = forgotten_on.map(({ type }) => type)
  const changes = new Set(names)
  const isChanging = (ctx: Context) => ctx.emitted.some(({ name }) => changes.has(name))

  const answer = async (ctx: Context, question: Q): Promise<V> => {
    const mark = isChanging(ctx) ? undefined : ctx.mark(topic)
    const kept = memory(ctx)
    const name = key(question)
    const known = kept.get(name)
    if (known && known.mark === mark && isTrueAt(known, ctx.now)) return known.value as V
    const { value, until } = await read(ctx, question)
    // Asked once more: while it was read, a change of it may have been heard of.
    if (mark === undefined || ctx.mark(topic) !== mark) return value
    const oldest = kept.size >= KEPT_MAX ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    kept.set(name, { value, mark, from: ctx.now, until })
    return value
  }
  return Object.assign(answer, { topic, forgotten_on: names })
}

const isTrueAt = ({ from, until }: Kept, now: string): boolean =>
  from <= now && (until === null || now < until)

/** The topics that each event makes forgotten. */
export function topicsByEvent(remembered: readonly AnyRemembered[]): Map<string, string[]> {
  const topics = new Map<string, string[]>()
  for (const { topic, forgotten_on } of remembered) {
    for (const event of forgotten_on) topics.set(event, [...(topics.get(event) ?? []), topic])
  }
  return topics
}
