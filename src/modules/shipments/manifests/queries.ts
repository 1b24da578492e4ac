import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { shipmentErrors } from '../errors.ts'
import { findDocument } from '../labels/queries.ts'
import type { Paper } from '../labels/schemas.ts'
import { type GetManifest, type ListManifests, type Manifest, manifestOf } from './schemas.ts'
import { db, type ManifestRow } from './tables.ts'

const byId = prepared(db, (open, p: { id: ManifestRow['id'] }) =>
  open.selectFrom('manifests').selectAll().where('id', '=', p.id),
)

/** The manifest of this id; throws `manifest_not_found`. */
export async function findManifest(ctx: Context, id: ManifestRow['id']): Promise<ManifestRow> {
  const found = await byId.first(ctx, { id })
  if (!found) throw shipmentErrors.manifest_not_found({ manifest_id: id })
  return found
}

/** One manifest. */
export async function getManifest(ctx: Context, { id }: GetManifest): Promise<Manifest> {
  return manifestOf(await findManifest(ctx, id))
}

/** A manifest to print. Throws `manifest_not_found` while there is no paper of it. */
export async function getManifestPaper(ctx: Context, { id }: GetManifest): Promise<Paper> {
  const { document_id } = await findManifest(ctx, id)
  const paper = document_id ? await findDocument(ctx, document_id) : undefined
  if (!paper) throw shipmentErrors.manifest_not_found({ manifest_id: id })
  const { media_type, content } = paper
  return { file_name: `manifest-${id}.pdf`, media_type, content }
}

/** Manifests, newest first. */
export async function listManifests(ctx: Context, query: ListManifests): Promise<Page<Manifest>> {
  let rows = db(ctx).selectFrom('manifests').selectAll()
  if (query.location_id) rows = rows.where('location_id', '=', query.location_id)
  return pageById(ctx, query, { name: 'manifests', rows, tell: (found) => found.map(manifestOf) })
}
