import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'
import { db, type ParcelRow } from './tables.ts'
import { parcelState, shipmentProgress } from './tracking/fold.ts'
import { db as tracking } from './tracking/tables.ts'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

const UNSHIPPED = sql`('pending', 'processing', 'ready_to_ship', 'on_hold')`
const BATCH = 500

export const shipmentInvariants = defineInvariants('shipments', {
  'I-32 what shipments took from a fulfilment order is what it counts as shipped, at most': (ctx) =>
    found(
      ctx,
      sql`select s.fulfilment_order_id, l.order_line_id, sum(l.quantity) as shipped,
          w.shipped_quantity as counted
        from shipments as s
        join shipment_lines as l on l.shipment_id = s.id
        left join fulfilment_order_lines as w
          on w.fulfilment_order_id = s.fulfilment_order_id and w.order_line_id = l.order_line_id
        where s.fulfilment_order_id is not null and s.shipped_at is not null
          and s.status not in ('cancelled', 'returned', 'failed')
          and l.returned_quantity = 0
        group by s.fulfilment_order_id, l.order_line_id, w.shipped_quantity
        having sum(l.quantity) > coalesce(w.shipped_quantity, 0)`,
    ),

  'I-32 what is planned to be shipped still waits where it is planned': (ctx) =>
    found(
      ctx,
      sql`select s.fulfilment_order_id, l.order_line_id, sum(l.quantity) as planned
        from shipments as s
        join shipment_lines as l on l.shipment_id = s.id
        left join fulfilment_order_lines as w
          on w.fulfilment_order_id = s.fulfilment_order_id and w.order_line_id = l.order_line_id
        where s.status in ${UNSHIPPED} and s.fulfilment_order_id is not null
        group by s.fulfilment_order_id, l.order_line_id, w.quantity, w.shipped_quantity
        having sum(l.quantity) > coalesce(w.quantity - w.shipped_quantity, 0)`,
    ),

  'no more units of an order line were shipped than it counts as fulfilled': (ctx) =>
    found(
      ctx,
      sql`select l.order_line_id, sum(l.quantity - l.returned_quantity) as shipped,
          o.fulfilled_quantity
        from shipments as s
        join shipment_lines as l on l.shipment_id = s.id
        join order_lines as o on o.id = l.order_line_id
        where s.shipped_at is not null and s.status <> 'cancelled'
        group by l.order_line_id, o.fulfilled_quantity
        having sum(l.quantity - l.returned_quantity) > o.fulfilled_quantity`,
    ),

  'a shipment is of its order: its lines and its customer are': (ctx) =>
    found(
      ctx,
      sql`select s.id, l.order_line_id from shipments as s
        join orders as o on o.id = s.order_id
        left join shipment_lines as l on l.shipment_id = s.id
        left join order_lines as own on own.id = l.order_line_id
        where l.id is null or own.order_id <> s.order_id
          or coalesce(cast(s.customer_id as text), '') <> coalesce(cast(o.customer_id as text), '')`,
    ),

  'a shipment has parcels': (ctx) =>
    found(
      ctx,
      sql`select s.id from shipments as s
        where not exists (select 1 from parcels as p where p.shipment_id = s.id)`,
    ),

  'a shipment that has left is where its tracking events say': async (ctx) => {
    const wrong: object[] = []
    for await (const parcels of parcelsThatLeft(ctx)) wrong.push(...(await astray(ctx, parcels)))
    return wrong
  },

  'the number of a parcel is the one of its label': (ctx) =>
    found(
      ctx,
      sql`select l.id, l.tracking_number, p.tracking_number as parcel from labels as l
        join parcels as p on p.id = l.parcel_id
        join shipments as s on s.id = p.shipment_id
        where l.state = 'bought' and s.status in ${UNSHIPPED}
          and p.tracked_by is not null and p.carrier_ref = l.quote_ref
          and coalesce(p.tracking_number, '') <> l.tracking_number`,
    ),

  'a manifest has as many parcels as it says': (ctx) =>
    found(
      ctx,
      sql`select m.id, m.parcels, count(l.id) as labels from manifests as m
        left join labels as l on l.manifest_id = m.id
        where m.state <> 'failed'
        group by m.id, m.parcels having count(l.id) <> m.parcels`,
    ),

  'a label of a shipment that was withdrawn is on its way back, or was kept by its carrier': (
    ctx,
  ) =>
    found(
      ctx,
      sql`select l.id, l.state from labels as l
        join shipments as s on s.id = l.shipment_id
        where s.status = 'cancelled' and l.state = 'bought'
          and l.failure_code is null and l.manifest_id is null`,
    ),
})

type Left = ParcelRow & { shipment_status: string; delivered_at: string | null }

/** The parcels of shipments that have left, shipment by shipment. */
async function* parcelsThatLeft(ctx: Context): AsyncGenerator<Left[]> {
  for (let after = ''; ; ) {
    let shipments = db(ctx)
      .selectFrom('shipments')
      .select('id')
      .where('shipped_at', 'is not', null)
      .where('status', '<>', 'cancelled')
      .orderBy('id')
      .limit(BATCH)
    if (after !== '') shipments = shipments.where('id', '>', after as never)
    const ids = (await shipments.execute()).map(({ id }) => id)
    if (ids.length === 0) return
    after = ids.at(-1) as string
    yield (await db(ctx)
      .selectFrom('parcels')
      .innerJoin('shipments', 'shipments.id', 'parcels.shipment_id')
      .selectAll('parcels')
      .select(['shipments.status as shipment_status', 'shipments.delivered_at'])
      .where('shipment_id', 'in', ids)
      .execute()) as Left[]
  }
}

async function astray(ctx: Context, parcels: readonly Left[]): Promise<object[]> {
  if (parcels.length === 0) return []
  const shipments = [...new Set(parcels.map(({ shipment_id }) => shipment_id))]
  const events = await tracking(ctx)
    .selectFrom('tracking_events')
    .selectAll()
    .where('shipment_id', 'in', shipments)
    .execute()
  const told = Map.groupBy(events, ({ parcel_id }) => parcel_id)
  const wrong: object[] = []
  for (const own of Map.groupBy(parcels, ({ shipment_id }) => shipment_id).values()) {
    const statuses = own.map(({ id }) => parcelState(told.get(id) ?? []).status)
    const { shipment_id, shipment_status } = own[0] as Left
    const progress = shipmentProgress(statuses)
    const parcelsAgree = own.every((parcel, index) => parcel.status === statuses[index])
    if (progress === shipment_status && parcelsAgree) continue
    wrong.push({ shipment_id, status: shipment_status, events_say: progress })
  }
  return wrong
}
