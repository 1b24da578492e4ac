import type { Id } from '#kit/ids'
import type { Movement } from '#modules/inventory'
import type { Inspection } from './inspecting.ts'
import type { ReceiptLineRow } from './tables.ts'

/** Units of one receipt that were looked at; `from`: how many of its units were before them. */
export type Looked = Inspection & {
  receipt: ReceiptLineRow & { location_id: Id<'location'> }
  from: number
}

/**
 * What the stock ledger is told of units that were looked at. They lie in quarantine where they
 * were received: there they stay, or change their state, or go.
 */
export const movementsFor = (return_id: Id<'return'>, looked: readonly Looked[]): Movement[] =>
  looked.flatMap((one): Movement[] => {
    const { line, quantity, receipt } = one
    if (line.item_id === null || one.disposition === 'quarantine') return []
    const lots = lotsOf(receipt.lots, one.from, quantity)
    const base = {
      item_id: line.item_id,
      sku: line.sku,
      reason: one.note,
      reference_type: 'return',
      reference_id: return_id,
      ...(lots && { lots }),
    }
    const here = { ...base, location_id: receipt.location_id, state_from: 'quarantine' as const }
    if (one.disposition === 'scrap') {
      return [{ ...here, kind: 'scrapped', quantity_delta: -quantity }]
    }
    if (one.disposition === 'send_back') {
      return [{ ...here, kind: 'shipped', quantity_delta: -quantity }]
    }
    const there = one.location_id ?? receipt.location_id
    if (there === receipt.location_id) {
      return [{ ...here, kind: 'moved', quantity_delta: quantity, state_to: one.state }]
    }
    return [
      { ...here, kind: 'transferred_out', quantity_delta: -quantity },
      {
        ...base,
        location_id: there,
        kind: 'transferred_in',
        quantity_delta: quantity,
        state_to: one.state,
      },
    ]
  })

/** The lots of the units that follow on the first `from`, so many of them. */
export function lotsOf(
  lots: ReceiptLineRow['lots'],
  from: number,
  quantity: number,
): NonNullable<ReceiptLineRow['lots']> | undefined {
  if (lots === null) return undefined
  let [skip, wanted] = [from, quantity]
  const found: NonNullable<ReceiptLineRow['lots']> = []
  for (const lot of lots) {
    const skipped = Math.min(skip, lot.quantity)
    skip -= skipped
    const taken = Math.min(wanted, lot.quantity - skipped)
    if (taken <= 0) continue
    wanted -= taken
    const { serial_numbers, bin_id: _, ...rest } = lot
    const serials = serial_numbers?.slice(skipped, skipped + taken)
    found.push({ ...rest, quantity: taken, ...(serials && { serial_numbers: serials }) })
  }
  return found
}
