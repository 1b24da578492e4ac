import { sql } from 'kysely'
import type { Static } from 'typebox'
import { isUuid } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { requireVersion } from '#platform/versions'
import { fulfilmentErrors } from '../errors.ts'
import { db } from '../tables.ts'
import type { CartonPreset, CreatePreset, GetPreset, ListPresets, UpdatePreset } from './schemas.ts'

export type PresetRow = Static<(typeof db.tables)['carton_presets']>

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('carton_presets')
    .selectAll()
    .where('id', '=', p.id as PresetRow['id'])
    .where('archived_at', 'is', null),
)
const byCode = prepared(db, (open, p: { code_key: string }) =>
  open
    .selectFrom('carton_presets')
    .selectAll()
    .where('code_key', '=', p.code_key)
    .where('archived_at', 'is', null),
)

/** The preset that an id or a code names; throws `preset_not_found`. */
export async function findPreset(ctx: Context, preset: string): Promise<PresetRow> {
  const found = isUuid(preset)
    ? await byId.first(ctx, { id: preset })
    : await byCode.first(ctx, { code_key: preset.toLowerCase() })
  if (!found) throw fulfilmentErrors.preset_not_found({ preset })
  return found
}

const told = ({ code_key: _, archived_at: __, ...preset }: PresetRow): CartonPreset => preset

/** One preset. */
export const getPreset = async (ctx: Context, { id }: GetPreset): Promise<CartonPreset> =>
  told(await findPreset(ctx, id))

/** Presets, the newest first. */
export async function listPresets(ctx: Context, query: ListPresets): Promise<Page<CartonPreset>> {
  return pageById(ctx, query, {
    name: 'carton_presets',
    rows: db(ctx).selectFrom('carton_presets').selectAll().where('archived_at', 'is', null),
    tell: (rows) => rows.map(told),
  })
}

/** Makes a kind of box. A code names one. */
export async function createPreset(ctx: Context, input: CreatePreset): Promise<CartonPreset> {
  const row: PresetRow = {
    id: ctx.newId('carton_preset'),
    code: input.code,
    code_key: input.code.toLowerCase(),
    name: input.name,
    length_mm: input.length_mm,
    width_mm: input.width_mm,
    height_mm: input.height_mm,
    tare_weight_grams: input.tare_weight_grams ?? 0,
    max_weight_grams: input.max_weight_grams ?? null,
    archived_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  requireRoom(row)
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('carton_presets')
    .values(row)
    .onConflict((oc) => oc.column('code_key').where(sql<boolean>`archived_at is null`).doNothing())
    .executeTakeFirstOrThrow()
  if (Number(numInsertedOrUpdatedRows) === 0) {
    throw fulfilmentErrors.preset_taken({ preset: input.code })
  }
  return told(row)
}

/** A box that may weigh no more than it does empty is a mistake. */
function requireRoom({ tare_weight_grams, max_weight_grams }: PresetRow): void {
  if (max_weight_grams === null || max_weight_grams > tare_weight_grams) return
  throw fulfilmentErrors.carton_too_heavy({ weight_grams: tare_weight_grams, max_weight_grams })
}

/** Changes a kind of box; cartons that were packed in it stay as they are. */
export async function updatePreset(
  ctx: Context,
  { id, ...input }: UpdatePreset,
): Promise<CartonPreset> {
  const preset = await lockPreset(ctx, id)
  const after: PresetRow = {
    ...preset,
    ...input,
    version: preset.version + 1,
    updated_at: ctx.now,
  }
  requireRoom(after)
  await db(ctx).updateTable('carton_presets').set(after).where('id', '=', preset.id).execute()
  return told(after)
}

/** Puts a kind of box away; its code is free. */
export async function archivePreset(ctx: Context, { id }: GetPreset): Promise<undefined> {
  const preset = await lockPreset(ctx, id)
  await db(ctx)
    .updateTable('carton_presets')
    .set({ archived_at: ctx.now, updated_at: ctx.now, version: preset.version + 1 })
    .where('id', '=', preset.id)
    .execute()
}

async function lockPreset(ctx: Context, ref: string): Promise<PresetRow> {
  const { id } = await findPreset(ctx, ref)
  await lockEntity(ctx, 'carton_preset', id)
  const preset = await findPreset(ctx, id)
  requireVersion(ctx, preset.version)
  return preset
}
