import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { importLifecycle } from './lifecycle.ts'

export const importTables = {
  imports: Type.Object({
    id: IdSchema('import'),
    status: importLifecycle.schema,
    /** Only checked, never applied. */
    dry_run: Type.Boolean(),
    /** Products with errors are passed over; otherwise one error refuses them all. */
    skip_invalid: Type.Boolean(),
    file_name: Nullable(Type.String()),
    /** What tells the file from others, where the caller knows; for `--resume`. */
    fingerprint: Nullable(Type.String()),
    /** The currency of rows that name none. */
    currency: Type.String(),
    /** The columns of the file, in its order. */
    columns: Json(Type.Array(Type.String())),
    bytes_read: Type.Integer(),
    rows_read: Type.Integer(),
    rows_checked: Type.Integer(),
    rows_invalid: Type.Integer(),
    rows_applied: Type.Integer(),
    products_created: Type.Integer(),
    products_updated: Type.Integer(),
    errors_count: Type.Integer(),
    /**
     * The last product (by its place in the file) that this phase is done with. Each batch moves it
     * in its own transaction, from what it read: so two who work on one import never both write.
     */
    position: Type.Integer(),
    /** Why it failed. */
    problem: Nullable(Type.String()),
    actor: Type.String(),
    /** When its present phase began. */
    phase_at: Instant,
    finished_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** The rows of a file that still wait; each is deleted in the transaction that applies it. */
  import_rows: Type.Object({
    import_id: IdSchema('import'),
    /** Rows of one product stand together; counts them from 1. */
    product_no: Type.Integer(),
    line: Type.Integer(),
    /** The SKUs without regard to case. */
    product_key: Type.String(),
    variant_key: Type.String(),
    /** The GTIN with 14 digits, where the row has one. */
    gtin_key: Nullable(Type.String()),
    /** As they stand in the file, in the order of `imports.columns`. */
    cells: Json(Type.Array(Type.String())),
    is_valid: Type.Boolean(),
  }),
  import_errors: Type.Object({
    import_id: IdSchema('import'),
    number: Type.Integer(),
    line: Type.Integer(),
    /** The column as it is called in the file; null where the whole row is meant. */
    column_name: Nullable(Type.String()),
    code: Type.String(),
    message: Type.String(),
    /** What stands there. */
    value: Nullable(Type.String()),
  }),
}
