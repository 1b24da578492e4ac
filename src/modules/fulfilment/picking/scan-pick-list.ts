import { type SerialInStock, serialsInStock } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { fulfilmentErrors } from '../errors.ts'
import { itemsLeft, type PickItemRow, type PickListRow } from './items.ts'
import { findList, itemsOf, refuseOver } from './lists.ts'
import { lockItem, pickFromList } from './pick-units.ts'
import type { PickByHand, PickList, Scanned, ScanPickList } from './schemas.ts'
import { itemTold, listTold, summaryOf } from './wire.ts'

type Matched = Scanned['matched']

/**
 * What a scan means for a list: a bin tells what is to pick there; a SKU, a GTIN, a lot or a serial
 * number picks. Throws `not_on_list` for anything else, so that a wrong product is heard at once.
 */
export async function scanPickList(ctx: Context, input: ScanPickList): Promise<Scanned> {
  const list = await findList(ctx, input.id)
  refuseOver(list)
  const items = await itemsOf(ctx, { lists: [list.id] })
  const left = items.filter((item) => itemsLeft(item) > 0)
  const code = input.code.trim()
  const key = code.toLowerCase()
  const here = left.filter((item) => isBin(item, key))
  if (here.length > 0) return answered(ctx, list, { matched: 'bin', item: null, here })
  const at = input.bin?.trim().toLowerCase()
  const near = at === undefined ? left : left.filter((item) => isBin(item, at))
  const found = await match(ctx, { list, items: near }, code)
  if (!found) throw fulfilmentErrors.not_on_list({ code })
  const { matched, item } = found
  const locked = await lockItem(ctx, list, item.id)
  // Somebody else took the last one between the look and the lock: look again.
  if (itemsLeft(locked.item) === 0) throw new TryAgain('it was picked meanwhile')
  const { serial_number } = found
  const serial_numbers = serial_number === undefined ? [] : [serial_number]
  const quantity = serial_number === undefined ? (input.quantity ?? 1) : 1
  await pickFromList(ctx, locked, { quantity, code, serial_numbers })
  return answered(ctx, list, { matched, item, here: [] })
}

const isBin = ({ bin_code, bin_scan_code }: PickItemRow, key: string): boolean =>
  bin_code?.toLowerCase() === key || bin_scan_code?.toLowerCase() === key

const GTIN = /^\d{8,14}$/

type Match = { matched: Matched; item: PickItemRow; serial_number?: string }

async function match(
  ctx: Context,
  { list, items }: { list: PickListRow; items: readonly PickItemRow[] },
  code: string,
): Promise<Match | undefined> {
  const key = code.toLowerCase()
  const first = (matched: Matched, is: (item: PickItemRow) => boolean) => {
    const item = items.find(is)
    return item && { matched, item }
  }
  const plain =
    first('sku', ({ sku_key }) => sku_key === key) ??
    (GTIN.test(code)
      ? first('gtin', ({ gtin_key }) => gtin_key === code.padStart(14, '0'))
      : undefined) ??
    first('lot', ({ lot_number }) => lot_number?.toLowerCase() === key)
  if (plain) return plain
  const numbered = items.filter(({ has_serials }) => has_serials)
  if (numbered.length === 0) return undefined
  const { location_id } = list
  const units = await serialsInStock(ctx, { location_id, serial_numbers: [code] })
  for (const unit of units) {
    const own = numbered.filter(({ item_id }) => item_id === unit.item_id)
    // The one that asks for this unit's place, if any does.
    const item = own.find((one) => isFrom(one, unit)) ?? own[0]
    if (item) return { matched: 'serial', item, serial_number: unit.serial_number }
  }
  return undefined
}

const isFrom = (item: PickItemRow, unit: SerialInStock): boolean =>
  item.bin_id === unit.bin_id && item.lot_id === unit.lot_id

type Found = { matched: Matched; item: PickItemRow | null; here: readonly PickItemRow[] }

async function answered(
  ctx: Context,
  list: PickListRow,
  { matched, item, here }: Found,
): Promise<Scanned> {
  const [now, items] = [await findList(ctx, list.id), await itemsOf(ctx, { lists: [list.id] })]
  const picked = item && items.find(({ id }) => id === item.id)
  return {
    matched,
    item: picked ? itemTold(picked) : null,
    here: here.map(itemTold),
    list: summaryOf(now, items),
  }
}

/** Picks units of an item of a list without a scanner: all that is left unless said. */
export async function pickByHand(
  ctx: Context,
  { id, item_id, quantity, serial_numbers = [] }: PickByHand,
): Promise<PickList> {
  const locked = await lockItem(ctx, await findList(ctx, id), item_id)
  const units = quantity ?? itemsLeft(locked.item)
  if (units === 0) throw fulfilmentErrors.item_done({ left: 0, sku: locked.item.sku })
  await pickFromList(ctx, locked, { quantity: units, code: null, serial_numbers })
  return listTold(ctx, await findList(ctx, locked.list.id))
}
