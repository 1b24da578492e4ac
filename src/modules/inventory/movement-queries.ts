import type { Static } from 'typebox'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageByNumber } from '#platform/database/list-pages'
import { findItem } from './find.ts'
import type { LotUnits } from './ledger.ts'
import type { ListItems, StockMovement } from './schemas.ts'
import { SELLABLE, type StockState } from './states.ts'
import { db } from './tables.ts'

/** An item's ledger, newest first. */
export async function listMovements(
  ctx: Context,
  query: { id: string } & ListItems,
): Promise<Page<Static<typeof StockMovement>>> {
  const item = await findItem(ctx, query.id)
  return pageByNumber(ctx, query, {
    name: '-sequence',
    number: 'sequence',
    rows: db(ctx).selectFrom('stock_movements').where('item_id', '=', item.id).selectAll(),
    tell: (rows) => rows.map(movementOf),
  })
}

type Row = Static<(typeof db.tables)['stock_movements']>

function movementOf({ posted_at: _, unit_cost_amount, ...row }: Row): Static<typeof StockMovement> {
  const { state_from, state_to, quantity, currency } = row
  const came = (state_to === SELLABLE ? quantity : 0) - (state_from === SELLABLE ? quantity : 0)
  return {
    ...row,
    state_from: state_from as StockState | null,
    state_to: state_to as StockState | null,
    quantity_delta: came,
    lots: row.lots as LotUnits[] | null,
    unit_cost:
      unit_cost_amount === null || currency === null
        ? null
        : formatMoney(unit_cost_amount, currency),
  }
}
