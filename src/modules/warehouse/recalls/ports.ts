import type { Id } from '#kit/ids'
import type { Reference } from '#modules/inventory'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

/** Who stands behind a reference of the ledger. */
export type Recipient = Reference & {
  number: string
  customer_id: Id<'customer'> | null
  name: string | null
  email: string | null
}

/** Who got units: the references are of modules above, such as orders. */
export const recipients = definePort<{
  /** Those that are known, in a fixed number of statements. */
  recipientsOf: (ctx: Context, references: readonly Reference[]) => Promise<Recipient[]>
}>('recipients of recalled units')
