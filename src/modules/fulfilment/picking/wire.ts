import type { Context } from '#platform/context'
import { itemsLeft, type PickItemRow, type PickListRow, printListNumber } from './items.ts'
import { itemsOf } from './lists.ts'
import type { PickItem, PickList, PickListSummary } from './schemas.ts'

/** An item of a list as it is answered. */
export const itemTold = ({
  pick_list_id: _,
  position: __,
  sku_key: ___,
  gtin_key: ____,
  bin_scan_code: _____,
  ...item
}: PickItemRow): PickItem => ({ ...item, left_quantity: itemsLeft(item as PickItemRow) })

/** A list with its sums. */
export function summaryOf(list: PickListRow, items: readonly PickItemRow[]): PickListSummary {
  const sum = (of: (item: PickItemRow) => number) => items.reduce((n, item) => n + of(item), 0)
  return {
    ...list,
    number: printListNumber(list.number),
    quantity: sum((item) => item.quantity),
    picked_quantity: sum((item) => item.picked_quantity),
    left_quantity: sum(itemsLeft),
  }
}

/** A list with its items, as stored now. */
export async function listTold(ctx: Context, list: PickListRow): Promise<PickList> {
  const items = await itemsOf(ctx, { lists: [list.id] })
  return { ...summaryOf(list, items), items: items.map(itemTold) }
}
