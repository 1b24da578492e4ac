import type { Id } from '#kit/ids'
import { warehouseErrors } from '../errors.ts'
import type { BinRow, LotRow } from '../tables.ts'
import type { Known } from './known.ts'
import type { LotUnits, Posted } from './posted.ts'

/** The lot, which must be of this item. Throws `lot_not_found`, `lot_of_another_item`. */
export function requireLot(known: Known, item: Id<'item'>, lot_id: Id<'lot'>): LotRow {
  const lot = known.lots.get(lot_id)
  if (!lot) throw warehouseErrors.lot_not_found({ lot: lot_id })
  if (lot.item_id !== item) throw warehouseErrors.lot_of_another_item({ lot: lot.lot_number, item })
  return lot
}

/** The bin, which must be of this location. Throws `bin_not_found`, `bin_elsewhere`. */
export function requireBin(known: Known, movement: Posted, bin_id: Id<'bin'>): BinRow {
  const bin = known.bins.get(bin_id)
  if (!bin) throw warehouseErrors.bin_not_found({ bin: bin_id })
  const { location_id, item_id: item } = movement
  if (bin.location_id !== location_id) throw warehouseErrors.bin_elsewhere({ bin: bin.code })
  if (!known.binned.has(location_id)) throw warehouseErrors.not_in_bins({ item })
  return bin
}

/** Throws `lots_wrong` if the lots name more or fewer units than move. */
export function requireSum({ item_id: item, quantity }: Posted, lots: readonly LotUnits[]): void {
  const named = lots.reduce((sum, one) => sum + one.quantity, 0)
  if (named !== quantity) throw warehouseErrors.lots_wrong({ named, item, quantity })
}
