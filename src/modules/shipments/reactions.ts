import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { fulfilmentOrderEvents, fulfilmentOrdersOf } from '#modules/fulfilment'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { together } from '#platform/reactions'
import { withdrawShipment } from './commands/cancel-shipment.ts'
import { linesOfShipments, parcelsOfShipments } from './find.ts'
import { UNSHIPPED } from './lifecycle.ts'
import { db, type LineRow, type ShipmentRow } from './tables.ts'

const waitingOf = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('shipments')
    .selectAll()
    .where('order_id', '=', p.order_id)
    .where('status', 'in', UNSHIPPED)
    .orderBy('position'),
)

/**
 * Keeps what is planned within the work that it is planned for: units that were cancelled, moved
 * away or shipped without it are taken out of the shipments that wait, the newest first, and a
 * shipment of nothing is withdrawn. Whoever changed the work holds the order's lock.
 */
async function fitShipments(ctx: Context, order_id: Id<'order'>): Promise<void> {
  const waiting = await waitingOf(ctx, { order_id })
  if (waiting.length === 0) return
  const shipments = waiting.map(({ id }) => id)
  const [works, lines, parcels] = await Promise.all([
    fulfilmentOrdersOf(ctx, [order_id]),
    linesOfShipments(ctx, { shipments }),
    parcelsOfShipments(ctx, { shipments }),
  ])
  const left = new Map<string, number>()
  for (const work of works.filter(({ status }) => LIVE.has(status))) {
    for (const { order_line_id, quantity, shipped_quantity } of work.lines) {
      left.set(`${work.id} ${order_line_id}`, quantity - shipped_quantity)
    }
  }
  const lowered: LineRow[] = []
  for (const shipment of waiting) {
    const own = lines.filter(({ shipment_id }) => shipment_id === shipment.id)
    const after = own.map((line) => {
      const key = `${shipment.fulfilment_order_id} ${line.order_line_id}`
      const quantity = Math.min(line.quantity, left.get(key) ?? 0)
      left.set(key, (left.get(key) ?? 0) - quantity)
      return { ...line, quantity }
    })
    const work = works.find(({ id }) => id === shipment.fulfilment_order_id)
    const kept = after.filter(({ quantity }) => quantity > 0)
    if (kept.length === 0) {
      const boxes = parcels.filter(({ shipment_id }) => shipment_id === shipment.id)
      const made = { shipment, lines: own, parcels: boxes }
      await withdrawShipment(ctx, made, { reason: 'its units are not wanted any more' })
      continue
    }
    lowered.push(...after.filter((line, index) => line.quantity !== own[index]?.quantity))
    await follow(ctx, shipment, work?.location_id ?? shipment.location_id)
  }
  await lower(ctx, lowered)
}

const LIVE = new Set<string>(['scheduled', 'open', 'in_progress'])

/** A shipment leaves from where its work is done. */
async function follow(ctx: Context, shipment: ShipmentRow, location_id: Id<'location'> | null) {
  if (shipment.location_id === location_id) return
  await moveTo.run(ctx, { id: shipment.id, location_id })
}

const moveTo = prepared(
  db,
  (open, p: { id: ShipmentRow['id']; location_id: Id<'location'> | null }) =>
    open.updateTable('shipments').set({ location_id: p.location_id }).where('id', '=', p.id),
)

type Lowered = { id: LineRow['id']; quantity: number }
const setQuantity = updateEach<Lowered, unknown>(
  db as never,
  { id: 'uuid', quantity: 'bigint' },
  {
    table: 'shipment_lines',
    key: ['id'],
    // Which of its lots are left nobody has said.
    set: ({ quantity }) => ({ quantity, lots: sql`null` }),
    where: () => sql`true`,
  },
)
const dropLine = prepared(db, (open, p: { id: LineRow['id'] }) =>
  open.deleteFrom('shipment_lines').where('id', '=', p.id),
)

async function lower(ctx: Context, lines: readonly LineRow[]): Promise<void> {
  const rows = lines.filter(({ quantity }) => quantity > 0)
  if (rows.length > 0) {
    await setQuantity.run(ctx, { rows: rows.map(({ id, quantity }) => ({ id, quantity })) })
  }
  for (const { id } of lines.filter(({ quantity }) => quantity === 0))
    await dropLine.run(ctx, { id })
}

const { changed, moved, split, merged, status_changed } = fulfilmentOrderEvents

export const reactions = [
  together(changed, 'shipments.follow_changed_work', (ctx, { order_id }) =>
    fitShipments(ctx, order_id),
  ),
  together(moved, 'shipments.follow_moved_work', (ctx, { order_id }) =>
    fitShipments(ctx, order_id),
  ),
  together(split, 'shipments.follow_split_work', (ctx, { order_id }) =>
    fitShipments(ctx, order_id),
  ),
  together(merged, 'shipments.follow_merged_work', (ctx, { order_id }) =>
    fitShipments(ctx, order_id),
  ),
  together(status_changed, 'shipments.follow_work', (ctx, { order_id }) =>
    fitShipments(ctx, order_id),
  ),
]
