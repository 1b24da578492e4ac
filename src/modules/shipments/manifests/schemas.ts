import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { type ManifestRow, manifestLifecycle } from './tables.ts'

export const Manifest = Type.Object({
  id: IdSchema('manifest'),
  carrier: Type.String(),
  location_id: IdSchema('location'),
  state: manifestLifecycle.schema,
  parcels: Type.Integer(),
  carrier_ref: Nullable(Type.String()),
  manifest_url: Nullable(Type.String({ description: 'Where it can be printed from.' })),
  failure_message: Nullable(Type.String()),
  created_at: Instant,
  closed_at: Nullable(Instant),
})
export type Manifest = Static<typeof Manifest>
export const Manifests = PageOf(Manifest)
export const GetManifest = Type.Object({ id: IdSchema('manifest') })
export type GetManifest = Static<typeof GetManifest>
export const ListManifests = Type.Object({
  ...pageQuery,
  location_id: Type.Optional(IdSchema('location')),
})
export type ListManifests = Static<typeof ListManifests>
export const CloseManifest = Type.Object({
  carrier: Text(60, { description: 'Who sold the labels: `table` or `easypost`.' }),
  location_id: Text(64, { description: "The location's id, number or code." }),
})
export type CloseManifest = Static<typeof CloseManifest>

/** A manifest as it is answered. */
export const manifestOf = (row: ManifestRow): Manifest => ({
  id: row.id,
  carrier: row.carrier,
  location_id: row.location_id,
  state: row.state,
  parcels: row.parcels,
  carrier_ref: row.carrier_ref,
  manifest_url: row.document_id ? `/api/v1/manifests/${row.id}.pdf` : row.paper_url,
  failure_message: row.failure_message,
  created_at: row.created_at,
  closed_at: row.closed_at,
})
