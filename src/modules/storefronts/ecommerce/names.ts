import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { entityOf, knownPublicIds, publicIdOf, publicIdsOf } from '../external-ids/external-ids.ts'

export const FACE = 'ecommerce'
export type Kind = 'product' | 'order' | 'payment_intent'

/** The public id of one thing, in a transaction that may write. */
export const nameOf = (ctx: Context, kind: Kind, entity_id: string): Promise<string> =>
  publicIdOf(ctx, { face: FACE, kind, entity_id })

/** The public ids of things, in a transaction that may write. */
export const namesOf = (ctx: Context, kind: Kind, entity_ids: readonly string[]) =>
  publicIdsOf(ctx, { face: FACE, kind, entity_ids })

/** The same for a read, which writes only what has no name yet. */
export async function namesForRead(
  ctx: ProcessContext,
  kind: Kind,
  entity_ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const of = { face: FACE, kind, entity_ids }
  const known = await ctx.read((tx) => knownPublicIds(tx, of))
  if (entity_ids.every((id) => known.has(id))) return known
  return ctx.transaction((tx) => publicIdsOf(tx, of), 'read committed')
}

/** What a public id stands for. */
export const meant = (ctx: Context, kind: Kind, public_id: string): Promise<string | undefined> =>
  entityOf(ctx, { face: FACE, kind, public_id })
