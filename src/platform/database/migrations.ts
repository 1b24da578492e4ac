import type { Kysely } from 'kysely'
import type { Columns } from '#platform/database/columns'

/** One step forward. Never edited once released; there is no way back but a backup. */
export type Migration = { up: (db: Kysely<any>, c: Columns) => Promise<void> }
