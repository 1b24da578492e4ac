import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

/** What a module above keeps about customers, and how it lets go of it. */
export type PersonalData = {
  /** The member of the export that it fills, such as `orders`. */
  name: string
  /** All that it keeps about this customer, as JSON for them to read. */
  exportOf(ctx: Context, customer_id: Id<'customer'>): Promise<unknown>
  /**
   * Why nothing can be erased yet, a sentence each without its full stop, such as `order ORD-1 has
   * not arrived`. Asked before anything is written.
   */
  obstacles?(ctx: Context, customer_id: Id<'customer'>): Promise<readonly string[]>
  /**
   * Takes out all that is personal, in the transaction of the erasure, and keeps the books:
   * amounts, dates, goods. Must be right when repeated. Payloads of events hold nothing personal.
   * `email` is what they had until now, for what others have said of them under it; undefined
   * where it is forgotten already.
   */
  erase(ctx: Context, customer_id: Id<'customer'>, email?: string): Promise<void>
}

/** Everyone above who keeps something about customers; src/app.ts lists them. */
export const personalData = definePort<readonly PersonalData[]>('personalData')
