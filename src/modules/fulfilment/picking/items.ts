import type { Static } from 'typebox'
import type { db } from '../tables.ts'

export type PickItemRow = Static<(typeof db.tables)['pick_items']>
export type PickListRow = Static<(typeof db.tables)['pick_lists']>

/** Units of an item that are neither picked nor missing nor withdrawn. */
export const itemsLeft = (
  item: Pick<PickItemRow, 'quantity' | 'picked_quantity' | 'short_quantity' | 'withdrawn_quantity'>,
): number => item.quantity - item.picked_quantity - item.short_quantity - item.withdrawn_quantity

/** `PICK-1001`. */
export const printListNumber = (number: number): string => `PICK-${number}`

const NUMBER = /^PICK-(\d{1,15})$/i
/** The number within `PICK-1001`, if the text is one. */
export const listNumberIn = (text: string): number | undefined => {
  const digits = NUMBER.exec(text.trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}
