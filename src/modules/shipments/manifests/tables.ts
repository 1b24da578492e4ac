import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineLifecycle } from '#kit/lifecycle'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** A day's parcels that are handed over to a carrier with one paper. */
export const manifestLifecycle = defineLifecycle('manifest', {
  states: {
    sent: 'The carrier is being asked for the paper.',
    closed: 'The paper is here. Final.',
    failed: 'The carrier refused; its parcels wait for another one. Final.',
  },
  moves: {
    close: { from: ['sent'], to: 'closed', when: 'The carrier made the paper.' },
    fail: { from: ['sent'], to: 'failed', when: 'The carrier refused.' },
  },
})

export const db = defineTables({
  manifests: Type.Object({
    /** Also the key that the carrier is given. */
    id: IdSchema('manifest'),
    carrier: Type.String(),
    location_id: IdSchema('location'),
    state: manifestLifecycle.schema,
    parcels: Type.Integer(),
    carrier_ref: Nullable(Type.String()),
    document_id: Nullable(IdSchema('carrier_document')),
    paper_url: Nullable(Type.String()),
    attempts: Type.Integer(),
    check_at: Instant,
    failure_message: Nullable(Type.String()),
    created_by: Type.String(),
    created_at: Instant,
    closed_at: Nullable(Instant),
  }),
})
export type ManifestRow = Static<typeof db.tables.manifests>
