import type { TObject } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { Permission } from '#platform/operations'
import { definePort } from '#platform/ports'

/** Something that can be done to many orders, one after another. */
export type OrderBulkAction<P = Record<string, unknown>> = {
  /** Such as `ship`. */
  name: string
  /** What the caller must be allowed besides `orders:update`. */
  permission: Permission
  /** What it does to each order: one line, imperative. */
  summary: string
  /** What it is told once for all orders; checked before anything is done. */
  parameters: TObject
  /**
   * Does it to one order, in a transaction (READ COMMITTED) of its own that also writes down the
   * result. Locks the order itself (`lockOrder`), refuses by throwing, never calls the outside. In
   * a dry run everything that it wrote is rolled back.
   */
  run: (ctx: Context, order_id: Id<'order'>, parameters: P) => Promise<unknown>
}

/** Bulk actions of the modules above; `src/app.ts` says who brings which. */
export const orderBulkActions = definePort<readonly OrderBulkAction<never>[]>('orderBulkActions')
