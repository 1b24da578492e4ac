import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

export const importEvents = defineEvents('import', {
  finished: {
    description:
      'A file is applied. Of products each has told of itself; new variants, their prices, stock ' +
      'items and first units have not. The ledger names the import.',
    entity: 'import_id',
    payload: Type.Object({
      import_id: IdSchema('import'),
      kind: Type.String(),
      rows_applied: Type.Integer(),
      products_created: Type.Integer(),
      products_updated: Type.Integer(),
      levels_changed: Type.Integer(),
    }),
  },
})
