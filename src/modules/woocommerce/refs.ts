import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { wooEvents } from './events.ts'
import { db, type RefKind, type RefRow } from './tables.ts'

type ByEntity = { kind: RefKind; entity_id: string }
type ByExternal = { kind: RefKind; external_id: string }

const byEntity = prepared(db, (open, p: ByEntity) =>
  open
    .selectFrom('woo_refs')
    .selectAll()
    .where('kind', '=', p.kind)
    .where('entity_id', '=', p.entity_id as never),
)
const byExternal = prepared(db, (open, p: ByExternal) =>
  open
    .selectFrom('woo_refs')
    .selectAll()
    .where('kind', '=', p.kind)
    .where('external_id', '=', p.external_id),
)

/** What WooCommerce calls something of ours; undefined if nothing there is known to be it. */
export const refOf = (ctx: Context, kind: RefKind, entity_id: string) =>
  byEntity.first(ctx, { kind, entity_id })

/** What we call something of WooCommerce's. */
export const refNamed = (ctx: Context, kind: RefKind, external_id: string) =>
  byExternal.first(ctx, { kind, external_id })

export type NewRef = Pick<RefRow, 'kind' | 'external_id' | 'snapshot' | 'remote_modified_at'> & {
  entity_id: string
  parent_external_id?: string | null
}

/**
 * Stores that two things are one, with what both had just now. A thing has one counterpart: one
 * that is known already under another id is left as it is, and the answer says what stands. What
 * was deleted there and made anew gets its new id by `replaces`.
 */
export async function keepRef(ctx: Context, ref: NewRef, replaces?: string): Promise<RefRow> {
  const { kind, external_id, snapshot, remote_modified_at, parent_external_id = null } = ref
  const entity_id = ref.entity_id as RefRow['entity_id']
  if (replaces !== undefined && replaces !== external_id) await dropRef(ctx, kind, replaces)
  const known = { kind, external_id, entity_id }
  const facts = { parent_external_id, snapshot, remote_modified_at, synced_at: ctx.now }
  const { numInsertedOrUpdatedRows: inserted } = await db(ctx)
    .insertInto('woo_refs')
    .values({ ...known, ...facts, created_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted === 1n) {
    emit(ctx, wooEvents.linked({ entity_id, kind, external_id }))
    return { ...known, ...facts, created_at: ctx.now }
  }
  await db(ctx)
    .updateTable('woo_refs')
    .set(facts)
    .where('kind', '=', kind)
    .where('external_id', '=', external_id)
    .where('entity_id', '=', entity_id)
    .execute()
  const stands = (await refOf(ctx, kind, entity_id)) ?? (await refNamed(ctx, kind, external_id))
  if (!stands) throw new Error(`the ref of ${kind} ${entity_id} is neither new nor known`)
  return stands
}

/** Forgets a counterpart that is no longer there. */
export async function dropRef(ctx: Context, kind: RefKind, external_id: string): Promise<void> {
  await db(ctx)
    .deleteFrom('woo_refs')
    .where('kind', '=', kind)
    .where('external_id', '=', external_id)
    .execute()
}
