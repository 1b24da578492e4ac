import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach } from '#platform/database/each-row'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { storefrontErrors } from '../errors.ts'
import { db, type ExternalIdRow } from '../tables.ts'
import { drawPublicId } from './prefixes.ts'

/** Whose name it is and for what kind of thing: words of the face’s own choosing. */
type Kind = { face: string; kind: string }
type Pair = Pick<ExternalIdRow, 'entity_id' | 'public_id'>

const namesOf = prepared(db, (open, p: Kind & { entity_ids: readonly string[] }, engine) =>
  rawQuery<Pair>(
    open,
    sql`select entity_id, public_id from external_ids
      where ${isOneOf(engine, 'entity_id', { values: p.entity_ids, kind: 'uuid' })}
        and face = ${p.face} and kind = ${p.kind}`,
  ),
)

const entities = prepared(db, (open, p: Kind & { public_ids: readonly string[] }, engine) =>
  rawQuery<Pair>(
    open,
    sql`select entity_id, public_id from external_ids where face = ${p.face} and kind = ${p.kind}
      and ${isOneOf(engine, 'public_id', { values: p.public_ids, kind: 'text' })}`,
  ),
)

// What another has written meanwhile stands: one name an entity, one entity a name.
const insertNames = insertEach<ExternalIdRow, never>(
  db as never,
  db.kinds('external_ids') as never,
  {
    table: 'external_ids',
    values: (row) => row,
    onConflict: sql`on conflict do nothing`,
  },
)

/** The public ids of entities as far as they have one, by entity id. One statement. */
export async function knownPublicIds(
  ctx: Context,
  of: Kind & { entity_ids: readonly string[] },
): Promise<Map<string, string>> {
  if (of.entity_ids.length === 0) return new Map()
  const pairs = await namesOf(ctx, of)
  return new Map(pairs.map(({ entity_id, public_id }) => [entity_id, public_id]))
}

/**
 * The public ids of entities on a face, by entity id; those that have none get one, drawn by
 * chance and stored. One statement where all have one, three at most else.
 */
export async function publicIdsOf(
  ctx: Context,
  of: Kind & { entity_ids: readonly string[] },
): Promise<Map<string, string>> {
  const { face, kind } = of
  const entity_ids = [...new Set(of.entity_ids)]
  const known = await knownPublicIds(ctx, { face, kind, entity_ids })
  const nameless = entity_ids.filter((id) => !known.has(id))
  if (nameless.length === 0) return known
  // In one order, so that two who name the same crowd do not wait for each other crosswise.
  const rows = nameless.toSorted().map((entity_id) => ({
    face,
    kind,
    public_id: drawPublicId(face, kind),
    entity_id: entity_id as ExternalIdRow['entity_id'],
    created_at: ctx.now,
  }))
  await insertNames(ctx, { rows })
  const named = await knownPublicIds(ctx, { face, kind, entity_ids })
  if (named.size < entity_ids.length) throw new TryAgain(`a public id of ${face} was taken`)
  return named
}

/** The public id of one entity on a face; it gets one where it has none. */
export async function publicIdOf(
  ctx: Context,
  { entity_id, ...of }: Kind & { entity_id: string },
): Promise<string> {
  const named = await publicIdsOf(ctx, { ...of, entity_ids: [entity_id] })
  return named.get(entity_id) as string
}

/** The entities behind public ids, by public id. What nobody was ever told is not in it. */
export async function entitiesOf(
  ctx: Context,
  of: Kind & { public_ids: readonly string[] },
): Promise<Map<string, string>> {
  if (of.public_ids.length === 0) return new Map()
  const pairs = await entities(ctx, of)
  return new Map(pairs.map(({ entity_id, public_id }) => [public_id, entity_id]))
}

/** The entity behind a public id. */
export async function entityOf(
  ctx: Context,
  { public_id, ...of }: Kind & { public_id: string },
): Promise<string | undefined> {
  return (await entitiesOf(ctx, { ...of, public_ids: [public_id] })).get(public_id)
}

/**
 * Takes down a name that the other side gave (a shop system's own number). Twice the same is
 * harmless. Throws `linked_otherwise` where the name or the entity is linked with another.
 */
export async function linkExternal(
  ctx: Context,
  link: Kind & { public_id: string; entity_id: string },
): Promise<void> {
  const row = { ...link, created_at: ctx.now } as ExternalIdRow
  await insertNames(ctx, { rows: [row] })
  if ((await entityOf(ctx, link)) === link.entity_id) return
  const { face, kind, public_id } = link
  throw storefrontErrors.linked_otherwise({ face, kind, public_id })
}

/** Forgets the name of an entity on a face; true if there was one. */
export async function unlinkExternal(
  ctx: Context,
  { face, kind, entity_id }: Kind & { entity_id: string },
): Promise<boolean> {
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('external_ids')
    .where('face', '=', face)
    .where('kind', '=', kind)
    .where('entity_id', '=', entity_id as ExternalIdRow['entity_id'])
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
