import type { ProcessContext } from '#platform/processes'
import { paymentErrors } from '../errors.ts'

/** Shoppers may pay and cancel what they have begun, but not decide over money that was taken. */
export function refuseCustomers({ actor }: Pick<ProcessContext, 'actor'>, action: string): void {
  if (actor.own_only) throw paymentErrors.staff_only({ action })
}
