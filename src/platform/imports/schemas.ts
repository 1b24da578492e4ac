import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable } from '#kit/schemas'
import { importLifecycle } from '#platform/imports/lifecycle'

const Rows = Type.Integer({ minimum: 0 })

export const Import = Type.Object({
  id: IdSchema('import'),
  kind: Type.String({ description: 'What its rows are: products or stock.' }),
  status: importLifecycle.schema,
  dry_run: Type.Boolean(),
  skip_invalid: Type.Boolean({ description: 'Whether what has errors is passed over.' }),
  file_name: Nullable(Type.String()),
  bytes_read: Type.Integer({ minimum: 0 }),
  rows_read: Rows,
  rows_checked: Rows,
  rows_valid: Rows,
  rows_invalid: Type.Integer({
    minimum: 0,
    description: 'With the rows of the same group, such as a product.',
  }),
  rows_applied: Rows,
  products_created: Rows,
  products_updated: Type.Integer({
    minimum: 0,
    description: 'Without those that were so already.',
  }),
  levels_changed: Type.Integer({
    minimum: 0,
    description: 'Of stock: shelves that hold another number of units than before.',
  }),
  errors: Type.Integer({ minimum: 0, description: 'They stand in `/imports/{id}/errors`.' }),
  rows_per_second: Nullable(Type.Number({ description: 'In the present phase.' })),
  seconds_left: Nullable(Type.Integer({ description: 'Of the present phase, at this pace.' })),
  problem: Nullable(Type.String({ description: 'Why it failed or could not be read.' })),
  created_at: Instant,
  finished_at: Nullable(Instant),
})
export type Import = Static<typeof Import>
export const Imports = PageOf(Import)

export const GetImport = Type.Object({ id: IdSchema('import') })
export type GetImport = Static<typeof GetImport>
export const ListImports = Type.Object({ ...pageQuery })
export type ListImports = Static<typeof ListImports>

export const ImportError = Type.Object({
  line: Type.Integer({ description: 'Of the file, the first one being 1.' }),
  column: Nullable(Type.String({ description: 'Null where the whole row is meant.' })),
  code: Type.String(),
  message: Type.String(),
  value: Nullable(Type.String({ description: 'What stands there, up to 200 characters.' })),
})
export const ImportErrors = PageOf(ImportError)
export const ListImportErrors = Type.Object({ id: IdSchema('import'), ...pageQuery })
export type ListImportErrors = Static<typeof ListImportErrors>
