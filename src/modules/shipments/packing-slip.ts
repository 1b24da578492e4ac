import { findOrder, type LineUnits, linesOf, openUnits, printOrderNumber } from '#modules/orders'
import type { ProcessContext } from '#platform/processes'
import { findShipment } from './find.ts'
import { printer } from './labels/carriers.ts'
import { senderOf } from './labels/parcel-order.ts'
import type { Paper } from './labels/schemas.ts'
import { contentsOf } from './ship.ts'
import type { LineRow, LotUnits } from './tables.ts'

/** The paper that lies in the box: what is in it, for whom, and what follows later. */
export async function packingSlip(ctx: ProcessContext, ref: string): Promise<Paper> {
  const slip = await ctx.read(async (tx) => {
    const shipment = await findShipment(tx, ref)
    const order = await findOrder(tx, shipment.order_id)
    const [{ lines, parcels }, from, ofOrder] = await Promise.all([
      contentsOf(tx, shipment),
      senderOf(tx, shipment.location_id),
      linesOf(tx, [order.id]),
    ])
    const open = (ofOrder.get(order.id) ?? []).reduce((sum, line) => sum + openUnits(line), 0)
    const here = shipment.shipped_at === null ? unitsIn(lines) : 0
    return {
      title: shipment.number,
      order_number: printOrderNumber(order.number),
      date: (shipment.shipped_at ?? tx.now).slice(0, 10),
      from,
      to: { ...shipment.ship_to, name: shipment.recipient_name },
      lines: lines.map(({ sku, name, quantity, lots }) => ({
        sku,
        name,
        quantity,
        details: (lots ?? []).flatMap(detailsOf),
      })),
      parcels,
      notes: shipment.notes,
      to_follow: Math.max(0, open - here),
    }
  })
  const { media_type, content } = await printer.of(ctx).packingSlip(slip)
  const file_name = `packing-slip-${slip.title}.pdf`
  return { file_name, media_type, content: content.toString('base64') }
}

const unitsIn = (lines: readonly LineRow[]): number =>
  lines.reduce((sum, { quantity }: Pick<LineUnits, 'quantity'>) => sum + quantity, 0)

const detailsOf = ({ serial_numbers }: LotUnits): string[] =>
  serial_numbers?.length ? [`Serial ${serial_numbers.join(', ')}`] : []
