import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { OUTCOMES, SYNC_KINDS, syncLifecycle } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

/** Facts of one thing, by WooCommerce's name of each, in one spelling for both sides. */
export const Facts = Type.Record(Type.String(), Type.String())
export type Facts = Static<typeof Facts>

/** What both sides had when they were last in step. */
export const Snapshot = Type.Object({ here: Facts, there: Facts })
export type Snapshot = Static<typeof Snapshot>

export const REF_KINDS = ['product', 'variant', 'category', 'order'] as const
export type RefKind = (typeof REF_KINDS)[number]

/** What a sync was asked with. */
export const SyncOptions = Type.Object({
  direction: Type.Optional(Type.String()),
  without: Type.Optional(Type.Array(Type.String())),
  topic: Type.Optional(Type.String()),
})

export const db = defineTables({
  /** What WooCommerce calls what is ours, and what both had when last in step: unique both ways. */
  woo_refs: Type.Object({
    kind: word(REF_KINDS),
    external_id: Type.String(),
    /** The product, variant, category or order here. */
    entity_id: IdSchema('entity'),
    /** The product that a variation belongs to there. */
    parent_external_id: Nullable(Type.String()),
    snapshot: Nullable(Json(Snapshot)),
    /** When it was last changed there, as far as known here. */
    remote_modified_at: Nullable(Instant),
    synced_at: Instant,
    created_at: Instant,
  }),
  /** All that was or is to be brought into step: the log, and the intent before each call. */
  woo_syncs: Type.Object({
    id: IdSchema('woo_sync'),
    kind: word(SYNC_KINDS),
    /** The id here, or WooCommerce's for what is pulled. */
    subject: Type.String(),
    options: Json(SyncOptions),
    status: syncLifecycle.schema,
    attempts: Type.Integer(),
    /** When it is due; while it is running, when the lease of that process ends. */
    due_at: Instant,
    /** When something was asked of WooCommerce that must not happen twice; stored before. */
    asked_at: Nullable(Instant),
    outcome: Nullable(word(OUTCOMES)),
    external_id: Nullable(Type.String()),
    fields: Json(Type.Array(Type.String())),
    note: Nullable(Type.String()),
    error: Nullable(Type.String()),
    created_at: Instant,
    finished_at: Nullable(Instant),
  }),
  /** Webhooks that were received, each once. Their bodies, which hold buyers, are not kept. */
  woo_webhooks: Type.Object({
    delivery_id: Type.String(),
    topic: Type.String(),
    external_id: Nullable(Type.String()),
    modified_at: Nullable(Instant),
    /** What was made of it: `queued`, `superseded`, `ignored`. */
    effect: Type.String(),
    received_at: Instant,
  }),
  /** How far WooCommerce was asked for changes. */
  woo_cursors: Type.Object({
    resource: Type.String(),
    modified_after: Instant,
    updated_at: Instant,
  }),
})

export type RefRow = Static<typeof db.tables.woo_refs>
export type SyncRow = Static<typeof db.tables.woo_syncs>
export type SyncOptions = Static<typeof SyncOptions>
