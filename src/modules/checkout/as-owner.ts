import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'

// A guest has proven by their secret that the checkout is theirs. Payments knows no secrets: it
// looks whose the order is. So what a guest does with the order of their checkout is done as the
// customer of that order, and remembered as the guest's own doing. The same holds for an agent that
// buys for a customer.

type Owner = Id<'customer'> | null

/** The same caller, who is this customer as far as ownership goes. */
export const asOwner = (ctx: Context, customer_id: Owner): Context => ({
  ...ctx,
  actor: { ...ctx.actor, customer_id },
})

/** The same for every step of a process. */
export const processAsOwner = (ctx: ProcessContext, customer_id: Owner): ProcessContext => ({
  actor: { ...ctx.actor, customer_id },
  request_id: ctx.request_id,
  log: ctx.log,
  settings: ctx.settings,
  // Known from the first transaction on.
  get key() {
    return ctx.key
  },
  expected_version: undefined,
  process: ctx.process,
  transaction: (body, isolation) =>
    ctx.transaction((tx) => body(asOwner(tx, customer_id)), isolation),
  conclude: (body, answer) => ctx.conclude((tx) => body(asOwner(tx, customer_id)), answer),
  read: (body) => ctx.read((tx) => body(asOwner(tx, customer_id))),
})
