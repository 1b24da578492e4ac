import type { AgentSession } from '#modules/agentic'
import { whole } from './words.ts'

/** Who receives it and where, without what is not known. */
export function plainDetails({
  address,
  ...details
}: NonNullable<AgentSession['fulfillment_details']>) {
  return whole({ ...details, address: address ? whole(address) : null })
}

/** A buyer with all that their agent said of them; one whose e-mail is not known is not shown. */
export function plainBuyer(buyer: AgentSession['buyer']) {
  if (!buyer?.email) return null
  const { profile, ...names } = buyer
  return whole({ ...names, ...profile })
}
