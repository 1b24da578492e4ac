import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { updateEach } from '#platform/database/each-row'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { receiveStock } from '../backorders/allocate.ts'
import type { LotUnits, Movement } from '../ledger.ts'
import { skusOf } from '../shelf-units.ts'
import { SELLABLE, type StockState } from '../states.ts'
import { transferEvents } from './events.ts'
import { inTransit, type LineRow, type TransferRow } from './find.ts'
import { transferLifecycle } from './lifecycle.ts'
import { db } from './tables.ts'

/** What became of units that were on their way. */
export type Outcome = {
  line: LineRow
  fate: 'received' | 'lost' | 'returned'
  quantity: number
  state?: StockState | undefined
  reason?: string | undefined
  lots?: readonly LotUnits[] | undefined
}

type Settled = { id: string; received: number; lost: number; returned: number }

// The CHECK and the guard say the same: nothing arrives that did not leave.
const settleLines = updateEach<Settled, unknown>(
  db as never,
  { id: 'uuid', received: 'bigint', lost: 'bigint', returned: 'bigint' },
  {
    table: 'transfer_lines',
    key: ['id'],
    set: ({ received, lost, returned }) => ({
      received_quantity: sql`transfer_lines.received_quantity + ${received}`,
      lost_quantity: sql`transfer_lines.lost_quantity + ${lost}`,
      returned_quantity: sql`transfer_lines.returned_quantity + ${returned}`,
    }),
    where: ({ received, lost, returned }) => sql`transfer_lines.received_quantity
      + transfer_lines.lost_quantity + transfer_lines.returned_quantity
      + ${received} + ${lost} + ${returned} <= transfer_lines.shipped_quantity`,
  },
)
const insertReceipt = insertRows(db, 'transfer_receipts')
const insertReceiptLines = insertRows(db, 'transfer_receipt_lines')

/**
 * Records what became of units on their way: they arrive, come back, or are written off. The
 * caller holds the transfer's lock and has seen to it that so many are on their way. A fixed
 * number of statements for any number of lines.
 */
export async function settle(
  ctx: Context,
  transfer: TransferRow,
  { outcomes, notes }: { outcomes: readonly Outcome[]; notes: string | null },
): Promise<void> {
  const { id: transfer_id, from_location_id, to_location_id } = transfer
  await postArrivals(ctx, transfer, outcomes)
  const receipt = {
    id: ctx.newId('transfer_receipt'),
    transfer_id,
    notes,
    actor: ctx.actor.id,
    created_at: ctx.now,
  }
  const rows = outcomes.map(({ line, fate, quantity, state, reason = null }, position) => ({
    receipt_id: receipt.id,
    position,
    transfer_line_id: line.id,
    fate,
    quantity,
    state: fate === 'lost' ? null : (state ?? SELLABLE),
    reason,
  }))
  const settled = changesOf(outcomes)
  const sums = { received_quantity: 0, lost_quantity: 0, returned_quantity: 0 }
  for (const { fate, quantity } of outcomes) sums[`${fate}_quantity`] += quantity
  const left = inTransit(transfer) - outcomes.reduce((sum, { quantity }) => sum + quantity, 0)
  const between = { transfer_id, from_location_id, to_location_id }
  const facts = { receipt_id: receipt.id, ...sums, in_transit_quantity: left }
  emit(ctx, transferEvents.settled({ ...between, ...facts }))
  const { lines } = await writeTogether(ctx, {
    receipt: insertReceipt.bind(ctx, { rows: [receipt] }),
    rows: insertReceiptLines.bind(ctx, { rows }),
    lines: settleLines.bind(ctx, { rows: settled }),
  })
  if (lines.affected !== settled.length) throw new TryAgain('units arrived meanwhile')
  await store(ctx, transfer, { sums, left })
}

function changesOf(outcomes: readonly Outcome[]): Settled[] {
  const changes = new Map<string, Settled>()
  for (const { line, fate, quantity } of outcomes) {
    const { id } = line
    const known = changes.get(id) ?? { id, received: 0, lost: 0, returned: 0 }
    changes.set(id, { ...known, [fate]: known[fate] + quantity })
  }
  return [...changes.values()]
}

/** Puts what arrives on the shelves there, and what comes back on those it came from. */
async function postArrivals(
  ctx: Context,
  { id, from_location_id, to_location_id }: TransferRow,
  outcomes: readonly Outcome[],
): Promise<void> {
  const arriving = outcomes.filter(({ fate }) => fate !== 'lost')
  if (arriving.length === 0) return
  const skus = await skusOf(
    ctx,
    arriving.map(({ line }) => line.item_id),
  )
  const movements = arriving.map(({ line, fate, quantity, state, reason, lots }): Movement => {
    const { item_id } = line
    return {
      item_id,
      sku: skus.get(item_id) ?? '',
      location_id: fate === 'returned' ? from_location_id : to_location_id,
      quantity_delta: quantity,
      kind: 'transferred_in',
      reason: reason ?? null,
      state_to: state ?? SELLABLE,
      ...(lots && { lots }),
      reference_type: 'transfer',
      reference_id: id,
    }
  })
  await receiveStock(ctx, movements)
}

type Sums = Pick<TransferRow, 'received_quantity' | 'lost_quantity' | 'returned_quantity'>

async function store(
  ctx: Context,
  transfer: TransferRow,
  { sums, left }: { sums: Sums; left: number },
): Promise<void> {
  const { id: transfer_id, from_location_id, to_location_id } = transfer
  const isOver = left === 0 && transfer.status === 'in_transit'
  await db(ctx)
    .updateTable('transfers')
    .set({
      received_quantity: transfer.received_quantity + sums.received_quantity,
      lost_quantity: transfer.lost_quantity + sums.lost_quantity,
      returned_quantity: transfer.returned_quantity + sums.returned_quantity,
      version: transfer.version + 1,
      updated_at: ctx.now,
    })
    .$if(isOver && sums.returned_quantity === 0, (query) =>
      query.set({
        status: transferLifecycle.next(transfer.status, 'receive'),
        received_at: ctx.now,
      }),
    )
    .where('id', '=', transfer_id)
    .execute()
  if (!isOver || sums.returned_quantity > 0) return
  emit(ctx, transferEvents.received({ transfer_id, from_location_id, to_location_id }))
}
