import { orderErrors } from './errors.ts'
import type { OrderRow } from './find.ts'

const OPEN = new Set<OrderRow['status']>(['pending', 'confirmed', 'processing', 'on_hold'])

/** Refuses a change of what was ordered once all goods have left or the order is over. */
export function requireEditable({
  status,
  fulfillment_status,
}: Pick<OrderRow, 'status' | 'fulfillment_status'>): void {
  if (!OPEN.has(status)) throw orderErrors.not_editable({ problem: `it is ${status}`, status })
  if (fulfillment_status !== 'fulfilled') return
  throw orderErrors.not_editable({ problem: 'it has left the warehouse', status })
}
