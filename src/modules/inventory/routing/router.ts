import type { Context } from '#platform/context'
import { type Allocation, planParts, type Want } from '../allocation.ts'
import { chooseLocations } from './choose-locations.ts'
import { knownRouting } from './known-rules.ts'

/** Where units are to go, as far as anybody knows: an ISO country code and a state or province. */
export type Destination = { country?: string | null; region?: string | null }

type Address = { country?: unknown; state?: unknown }

/** Where an address is, for the rules; null without one. */
export function destinationOf(address: object | null | undefined): Destination | null {
  if (!address) return null
  const { country, state } = address as Address
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return { country: text(country), region: text(state) }
}

/** How demands are divided over shelves now: by the rules of the shop, if it has any. */
export async function routerOf(
  ctx: Context,
  destination: Destination | null,
): Promise<(wants: readonly Want[]) => Allocation> {
  const routing = await knownRouting(ctx)
  if (routing.rules.length === 0) return planParts
  return (wants) => chooseLocations(wants, { ...routing, destination })
}
