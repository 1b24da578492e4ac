import type { Actor } from '#platform/context'
import { hashSession } from './sessions.ts'
import type { CartRow } from './tables.ts'

export type Owned = Pick<CartRow, 'customer_id' | 'session_hash'>

/** Staff may look into any cart, and who places orders for others may change them. */
export const staffMay = ({ own_only, may }: Actor, what: 'read' | 'create'): boolean =>
  !own_only && may(`orders:${what}`)

/** The customer whose cart it is, the guest who knows its secret, or staff. */
export function mayUse(
  actor: Actor,
  cart: Owned,
  { session_id, to }: { session_id?: string | null | undefined; to: 'read' | 'change' },
): boolean {
  if (cart.customer_id !== null && cart.customer_id === actor.customer_id) return true
  if (cart.session_hash !== null && session_id) {
    if (cart.session_hash === hashSession(session_id)) return true
  }
  return staffMay(actor, to === 'read' ? 'read' : 'create')
}
