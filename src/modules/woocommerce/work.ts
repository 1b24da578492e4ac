import type { Context } from '#platform/context'
import type { Isolation } from '#platform/database/database'
import type { ProcessContext } from '#platform/processes'
import type { Outcome } from './lifecycle.ts'
import type { Asked } from './syncs.ts'
import type { SyncRow } from './tables.ts'

/** What came of a sync, and what is stored of it in the transaction that ends it. */
export type Done = {
  outcome: Outcome
  external_id?: string | null
  fields?: readonly string[]
  note?: string | null
  commit?: (ctx: Context) => Promise<void>
  isolation?: Isolation
}

/** Lets work have another sync done first; what cannot be done now is thrown. */
export type Also = (asked: Asked) => Promise<SyncRow>

/** How one kind of sync is done. It reads, asks WooCommerce, and leaves all writing to `commit`. */
export type Work = (ctx: ProcessContext, sync: SyncRow, also: Also) => Promise<Done>
