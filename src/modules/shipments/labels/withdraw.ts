import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { enqueue } from '#platform/jobs'
import { db } from './tables.ts'

type OfShipment = { shipment_id: Id<'shipment'> }

/** The name of the job that gives labels back, told here because it stands above. */
export const VOID_LABEL = 'shipments.void_label'

const withdrawBought = prepared(db, (open, p: OfShipment & { now: string }) =>
  open
    .updateTable('labels')
    .set({ state: 'voiding', attempts: 0, check_at: p.now })
    .where('shipment_id', '=', p.shipment_id)
    .where('state', '=', 'bought')
    .where('manifest_id', 'is', null)
    .returning(['id']),
)

/**
 * Gives back the labels of a shipment that nobody sends: written here, and told to the carrier
 * right after the commit. One that is just being bought is given back when it turns out to be.
 */
export async function withdrawLabels(ctx: Context, { shipment_id }: OfShipment): Promise<void> {
  const labels = await withdrawBought(ctx, { shipment_id, now: ctx.now })
  for (const { id: label_id } of labels) {
    await enqueue(ctx, { name: VOID_LABEL }, { payload: { label_id } })
  }
}

const manifested = prepared(db, (open, p: OfShipment) =>
  open
    .selectFrom('labels')
    .select('manifest_id')
    .where('shipment_id', '=', p.shipment_id)
    .where('manifest_id', 'is not', null)
    .where('state', '=', 'bought')
    .limit(1),
)

/** The manifest that a label of the shipment stands on, if any does. */
export const isManifested = async (ctx: Context, of: OfShipment) =>
  (await manifested.first(ctx, of))?.manifest_id ?? null

const live = prepared(db, (open, p: OfShipment) =>
  open
    .selectFrom('labels')
    .select('id')
    .where('shipment_id', '=', p.shipment_id)
    .where('state', 'in', ['sent', 'unknown', 'bought', 'voiding'])
    .limit(1),
)

/** Whether a label of the shipment was bought, or may have been. */
export const hasLabels = async (ctx: Context, of: OfShipment): Promise<boolean> =>
  (await live.first(ctx, of)) !== undefined
