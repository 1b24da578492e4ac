import type { Context } from '#platform/context'
import { warrantyErrors } from './errors.ts'

/** Customers may claim, add evidence, withdraw and activate; all else is for staff. */
export function staffOnly({ actor }: Pick<Context, 'actor'>, action: string): void {
  if (actor.own_only) throw warrantyErrors.staff_only({ action })
}

/** Another customer's is as good as not there. */
export const isForeign = ({ actor }: Context, owner: { customer_id: string }): boolean =>
  actor.own_only && (actor.customer_id === null || actor.customer_id !== owner.customer_id)
