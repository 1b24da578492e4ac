import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField, process, query } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { db } from '../tables.ts'
import { entitiesOf, knownPublicIds, publicIdsOf } from './external-ids.ts'

const word = (description: string) =>
  Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-z][a-z0-9_-]*$', description })
const PublicId = Type.String({ minLength: 1, maxLength: 200 })
/** As many as one call may name. */
const IDS_MAX = 1000

const Face = word('Whose name it is: `ecommerce`, `shop`, `woocommerce` …')
const Kind = word('What is named: `product`, `order` …')

const ExternalId = Type.Object({
  face: Type.String(),
  kind: Type.String(),
  public_id: Type.String(),
  entity_id: IdSchema('entity'),
  created_at: Instant,
})

const ListExternalIds = Type.Object({
  public_id: Type.Optional(PublicId),
  entity_id: Type.Optional(IdSchema('entity')),
  face: Type.Optional(Face),
})

/** The names of one entity, or what a name stands for, newest first. Refuses to list them all. */
async function listExternalIds(ctx: Context, wanted: Static<typeof ListExternalIds>) {
  const { public_id, entity_id, face } = wanted
  if (public_id === undefined && entity_id === undefined) {
    throw invalidField('public_id', 'or entity_id is required')
  }
  let rows = db(ctx).selectFrom('external_ids').selectAll()
  if (public_id !== undefined) rows = rows.where('public_id', '=', public_id)
  if (entity_id !== undefined) rows = rows.where('entity_id', '=', entity_id)
  if (face !== undefined) rows = rows.where('face', '=', face)
  const items = await rows.orderBy('created_at', 'desc').orderBy('public_id').limit(100).execute()
  return { items }
}

const Pairs = Type.Object({
  items: Type.Array(Type.Object({ entity_id: IdSchema('entity'), public_id: Type.String() })),
})
const NameEntities = Type.Object({
  face: Face,
  kind: Kind,
  entity_ids: Type.Array(IdSchema('entity'), { minItems: 1, maxItems: IDS_MAX }),
})

const pairs = (names: ReadonlyMap<string, string>): Static<typeof Pairs> => ({
  items: [...names].map(([entity_id, public_id]) => ({ entity_id: entity_id as never, public_id })),
})

/** Reads first: nearly always everything has its name, and nothing is written. */
async function nameEntities(ctx: ProcessContext, of: Static<typeof NameEntities>) {
  const known = await ctx.read((tx) => knownPublicIds(tx, of))
  if (of.entity_ids.every((id) => known.has(id))) return pairs(known)
  return pairs(await ctx.transaction((tx) => publicIdsOf(tx, of), 'read committed'))
}

const ResolveNames = Type.Object({
  face: Face,
  kind: Kind,
  public_ids: Type.Array(PublicId, { minItems: 1, maxItems: IDS_MAX }),
})

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const externalIdOperations = [
  query('storefronts.list_external_ids', {
    rest: 'GET /api/v1/external-ids',
    permission: 'storefronts:read',
    summary: 'Find what a name on a face stands for, or the names of something',
    description: 'By `public_id` or by `entity_id`; the newest hundred.',
    input: ListExternalIds,
    output: Type.Object({ items: Type.Array(ExternalId) }),
    example: { public_id: 'ord_4f5a6b7c8d' },
    run: listExternalIds,
  }),
  process('storefronts.name_entities', {
    rest: 'POST /api/v1/external-ids',
    permission: 'storefronts:write',
    summary: 'Tell the names of things on a face',
    description: 'What has no name there yet is given one, by chance, and keeps it.',
    input: NameEntities,
    output: Pairs,
    example: { face: 'ecommerce', kind: 'product', entity_ids: [EXAMPLE_ID] },
    run: nameEntities,
  }),
  query('storefronts.resolve_names', {
    rest: 'POST /api/v1/external-ids/resolve',
    permission: 'storefronts:read',
    summary: 'Tell what names on a face stand for',
    description: 'What was never told on that face is left out.',
    input: ResolveNames,
    output: Pairs,
    example: { face: 'ecommerce', kind: 'product', public_ids: ['prd_4f5a6b7c8d'] },
    run: async (ctx, of) => {
      const found = await entitiesOf(ctx, of)
      return pairs(new Map([...found].map(([public_id, entity_id]) => [entity_id, public_id])))
    },
  }),
]
