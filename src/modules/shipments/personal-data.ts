import type { Id } from '#kit/ids'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { addressText } from './address.ts'
import { type LabelRow, db as labels } from './labels/tables.ts'
import { db, type ShipAddress } from './tables.ts'
import { db as tracking } from './tracking/tables.ts'
import { printStatus } from './words.ts'

/** Shipments of one step: small, because commands wait for it on SQLite. */
const BATCH = 200
const ERASED = 'Erased'

/** What shipments keep about customers. Goods, dates and the country remain in the books. */
export const shipmentPersonalData: PersonalData = {
  name: 'shipments',

  async exportOf(ctx, customer_id) {
    const told: object[] = []
    for await (const shipments of batches(ctx, customer_id)) {
      for (const { id: _, ship_to: __, status, ...shipment } of shipments) {
        told.push({ ...shipment, status: printStatus(status) })
      }
    }
    return told
  },

  async erase(ctx, customer_id) {
    for await (const shipments of batches(ctx, customer_id)) {
      const ids = shipments.map(({ id }) => id)
      for (const { id, ship_to } of shipments) await eraseShipment(ctx, id, erased(ship_to))
      await eraseTracking(ctx, ids)
      await eraseLabels(ctx, ids)
      await eraseFromEvents(ctx, { entity_ids: ids, members: ['reason'] })
    }
  },
}

/** The country is what taxes and statistics go by. */
const erased = ({ country }: ShipAddress): ShipAddress => ({
  name: ERASED,
  ...(country !== undefined && { country }),
})

async function eraseShipment(ctx: Context, id: Id<'shipment'>, ship_to: ShipAddress) {
  await db(ctx)
    .updateTable('shipments')
    .set({
      ship_to: ship_to as never,
      recipient_name: ERASED,
      shipping_address: addressText(ship_to),
      notes: null,
      status_reason: null,
      signed_by: null,
      proof_urls: [] as never,
      exception: null,
      updated_at: ctx.now,
    })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

async function eraseTracking(ctx: Context, ids: readonly Id<'shipment'>[]) {
  await tracking(ctx)
    .updateTable('tracking_events')
    .set({ signed_by: null, proof_urls: [] as never, description: null })
    .where('shipment_id', 'in', ids)
    .execute()
  const parcels = db(ctx).selectFrom('parcels').select('id').where('shipment_id', 'in', ids)
  const own = (await parcels.execute()).map(({ id }) => id)
  if (own.length === 0) return
  await tracking(ctx)
    .updateTable('tracking_webhooks')
    .set({ body: '{}' })
    .where('parcel_id', 'in', own)
    .execute()
}

async function eraseLabels(ctx: Context, ids: readonly Id<'shipment'>[]) {
  const found = await labels(ctx)
    .selectFrom('labels')
    .select(['id', 'request', 'document_id'])
    .where('shipment_id', 'in', ids)
    .execute()
  for (const { id, request, document_id } of found) {
    const { to, ...rest } = request as LabelRow['request']
    await labels(ctx)
      .updateTable('labels')
      .set({ request: { ...rest, to: erased(to) } as never })
      .where('id', '=', id)
      .execute()
    if (!document_id) continue
    // The paper shows the address: what is left is that there was one.
    await labels(ctx)
      .updateTable('carrier_documents')
      .set({ content: '' })
      .where('id', '=', document_id)
      .execute()
  }
}

/** The customer's shipments, oldest first. */
async function* batches(ctx: Context, customer_id: Id<'customer'>) {
  for (let after: Id<'shipment'> | undefined; ; ) {
    let shipments = db(ctx)
      .selectFrom('shipments')
      .select(['id', 'number', 'status', 'recipient_name', 'shipping_address', 'ship_to'])
      .select(['signed_by', 'notes', 'shipped_at', 'delivered_at'])
      .where('customer_id', '=', customer_id)
      .orderBy('id')
      .limit(BATCH)
    if (after) shipments = shipments.where('id', '>', after)
    const found = await shipments.execute()
    if (found.length > 0) yield found
    if (found.length < BATCH) return
    after = found.at(-1)?.id
  }
}
