import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { importLifecycle } from '#platform/imports/lifecycle'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  imports: Type.Object({
    id: IdSchema('import'),
    /** What its rows are: products, stock; see `ImportKind`. */
    kind: Type.String(),
    status: importLifecycle.schema,
    /** Only checked, never applied. */
    dry_run: Type.Boolean(),
    /** Groups of rows with errors are passed over; otherwise one error refuses them all. */
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
    /** Shelves that hold another number of units than before. */
    levels_changed: Type.Integer(),
    errors_count: Type.Integer(),
    /**
     * The last group of rows (by its place in the file) that this phase is done with. Each batch
     * moves it in its own transaction, from what it read: so two who work on one import never both
     * write.
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
    /** Rows of one group, such as a product, stand together; counts them from 1. */
    group_no: Type.Integer(),
    line: Type.Integer(),
    /** What tells groups apart, and rows; what these are the kind says. */
    group_key: Type.String(),
    row_key: Type.String(),
    /** One more thing that no two rows may share, where the kind has one. */
    other_key: Nullable(Type.String()),
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
})
