import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { OUTCOMES, SYNC_KINDS } from './lifecycle.ts'
import { REF_KINDS } from './tables.ts'

const of = {
  sync_id: IdSchema('woo_sync'),
  kind: Type.Enum([...SYNC_KINDS]),
  subject: Type.String(),
}

export const wooEvents = defineEvents('woocommerce', {
  linked: {
    description:
      'A product, variant, category or order of ours and one of WooCommerce are one from now on.',
    entity: 'entity_id',
    payload: Type.Object({
      entity_id: IdSchema('entity'),
      kind: Type.Enum([...REF_KINDS]),
      external_id: Type.String(),
    }),
  },
  synced: {
    description: 'Something was brought into step with WooCommerce, and was not before.',
    entity: 'sync_id',
    payload: Type.Object({
      ...of,
      outcome: Type.Enum([...OUTCOMES]),
      external_id: Nullable(Type.String()),
      fields: Type.Array(Type.String()),
    }),
  },
  sync_failed: {
    description: 'Something could not be brought into step with WooCommerce and was given up.',
    entity: 'sync_id',
    payload: Type.Object({ ...of, error: Type.String() }),
  },
})
