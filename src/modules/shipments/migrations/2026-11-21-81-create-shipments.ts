import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createShipments: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('shipments')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.text, (col) => col.notNull())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
      .addColumn('fulfilment_order_id', c.id, (col) => col.references('fulfilment_orders.id'))
      .addColumn('location_id', c.id, (col) => col.references('locations.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('status_reason', c.text)
      .addColumn('method', c.status, (col) => col.notNull())
      .addColumn('carrier', c.status)
      .addColumn('service', c.text)
      .addColumn('recipient_name', c.text, (col) => col.notNull())
      .addColumn('shipping_address', c.text, (col) => col.notNull())
      .addColumn('ship_to', c.json, (col) => col.notNull())
      .addColumn('signature_required', c.boolean, (col) => col.notNull())
      .addColumn('notes', c.text)
      .addColumn('estimated_delivery_at', c.instant)
      .addColumn('shipped_at', c.instant)
      .addColumn('delivered_at', c.instant)
      .addColumn('cancelled_at', c.instant)
      .addColumn('returned_at', c.instant)
      .addColumn('signed_by', c.text)
      .addColumn('proof_urls', c.json, (col) => col.notNull())
      .addColumn('exception', c.text)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'shipment_status',
        sql`status in ('pending', 'processing', 'ready_to_ship', 'on_hold', 'shipped',
          'in_transit', 'out_for_delivery', 'failed', 'delivered', 'returned', 'cancelled')`,
      )
      .addCheckConstraint(
        'shipment_method',
        sql`method in ('standard', 'express', 'overnight', 'two_day', 'international', 'custom')`,
      )
      .addCheckConstraint(
        'shipment_carrier',
        sql`carrier in ('ups', 'fedex', 'usps', 'dhl', 'other')`,
      )
      .addCheckConstraint(
        'shipment_has_left_when_it_says_so',
        sql`case when status in ('pending', 'processing', 'ready_to_ship', 'on_hold')
          then shipped_at is null
          else status = 'cancelled' or shipped_at is not null end`,
      )
      .addCheckConstraint(
        'shipment_has_arrived_when_it_says_so',
        sql`status <> 'delivered' or delivered_at is not null`,
      )
      .addCheckConstraint(
        'shipment_is_cancelled_when_it_says_so',
        sql`(status = 'cancelled') = (cancelled_at is not null)`,
      )
      .execute()
    for (const [name, columns] of Object.entries({
      shipments_by_status: ['status', 'id'],
      shipments_by_customer: ['customer_id', 'id'],
      shipments_by_fulfilment_order: ['fulfilment_order_id', 'id'],
      shipments_by_location: ['location_id', 'status', 'id'],
      shipments_by_carrier: ['carrier', 'id'],
    })) {
      await db.schema.createIndex(name).on('shipments').columns(columns).execute()
    }
    await db.schema
      .createIndex('shipments_count_within_their_order')
      .on('shipments')
      .columns(['order_id', 'position'])
      .unique()
      .execute()
    await db.schema
      .createIndex('shipments_by_number')
      .on('shipments')
      .column('number')
      .unique()
      .execute()

    await db.schema
      .createTable('shipment_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('shipment_id', c.id, (col) => col.notNull().references('shipments.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('order_line_id', c.id, (col) => col.notNull().references('order_lines.id'))
      .addColumn('item_id', c.id, (col) => col.references('inventory_items.id'))
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('returned_quantity', c.quantity, (col) => col.notNull())
      .addColumn('lots', c.json)
      .addColumn('hs_code', c.text)
      .addColumn('origin_country', c.text)
      .addColumn('unit_value_amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('unit_weight_grams', c.integer)
      .addCheckConstraint(
        'shipment_line_units',
        sql`quantity > 0 and returned_quantity between 0 and quantity`,
      )
      .addCheckConstraint('shipment_line_value', sql`unit_value_amount >= 0`)
      .execute()
    await db.schema
      .createIndex('shipment_lines_once_each')
      .on('shipment_lines')
      .columns(['shipment_id', 'order_line_id'])
      .unique()
      .execute()
    await db.schema
      .createIndex('shipment_lines_by_order_line')
      .on('shipment_lines')
      .column('order_line_id')
      .execute()

    await db.schema
      .createTable('parcels')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('shipment_id', c.id, (col) => col.notNull().references('shipments.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('carton_id', c.id, (col) => col.references('cartons.id'))
      .addColumn('weight_grams', c.integer)
      .addColumn('length_mm', c.integer)
      .addColumn('width_mm', c.integer)
      .addColumn('height_mm', c.integer)
      .addColumn('tracking_number', c.text)
      .addColumn('tracking_key', c.text)
      .addColumn('tracking_url', c.text)
      .addColumn('tracked_by', c.text)
      .addColumn('carrier_ref', c.text)
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('poll_at', c.instant)
      .addCheckConstraint(
        'parcel_status',
        sql`status in ('unknown', 'announced', 'in_transit', 'out_for_delivery', 'failed',
          'delivered', 'returned')`,
      )
      .addCheckConstraint(
        'parcel_measures',
        sql`weight_grams > 0 and length_mm > 0 and width_mm > 0 and height_mm > 0`,
      )
      .addCheckConstraint(
        'parcel_tracking_key',
        sql`(tracking_number is null) = (tracking_key is null)`,
      )
      .execute()
    await db.schema
      .createIndex('parcels_count_within_their_shipment')
      .on('parcels')
      .columns(['shipment_id', 'position'])
      .unique()
      .execute()
    await db.schema
      .createIndex('parcels_by_tracking_number')
      .on('parcels')
      .columns(['tracking_key', 'id'])
      .execute()
    await db.schema
      .createIndex('parcels_to_be_asked_for')
      .on('parcels')
      .column('poll_at')
      .where(sql`poll_at is not null` as never)
      .execute()

    await db.schema
      .createTable('tracking_events')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('parcel_id', c.id, (col) => col.notNull().references('parcels.id'))
      .addColumn('shipment_id', c.id, (col) => col.notNull().references('shipments.id'))
      .addColumn('event_key', c.text, (col) => col.notNull())
      .addColumn('source', c.text, (col) => col.notNull())
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('code', c.text)
      .addColumn('description', c.text)
      .addColumn('location', c.text)
      .addColumn('signed_by', c.text)
      .addColumn('proof_urls', c.json, (col) => col.notNull())
      .addColumn('estimated_delivery_at', c.instant)
      .addColumn('occurred_at', c.instant, (col) => col.notNull())
      .addColumn('recorded_at', c.instant, (col) => col.notNull())
      .addColumn('recorded_by', c.text, (col) => col.notNull())
      .addCheckConstraint(
        'tracking_event_kind',
        sql`kind in ('info', 'announced', 'accepted', 'in_transit', 'out_for_delivery',
          'ready_for_pickup', 'attempted', 'exception', 'returning', 'delivered', 'returned')`,
      )
      .execute()
    await db.schema
      .createIndex('tracking_events_are_told_once')
      .on('tracking_events')
      .columns(['parcel_id', 'event_key'])
      .unique()
      .execute()
    await db.schema
      .createIndex('tracking_events_by_shipment')
      .on('tracking_events')
      .columns(['shipment_id', 'occurred_at', 'id'])
      .execute()

    await db.schema
      .createTable('tracking_webhooks')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('carrier', c.text, (col) => col.notNull())
      .addColumn('event_id', c.text, (col) => col.notNull())
      .addColumn('type', c.text, (col) => col.notNull())
      .addColumn('body', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('parcel_id', c.id, (col) => col.references('parcels.id'))
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('check_at', c.instant, (col) => col.notNull())
      .addColumn('received_at', c.instant, (col) => col.notNull())
      .addColumn('settled_at', c.instant)
      .addCheckConstraint(
        'tracking_webhook_status',
        sql`status in ('parked', 'applied', 'ignored', 'given_up')`,
      )
      .execute()
    await db.schema
      .createIndex('tracking_webhooks_come_once')
      .on('tracking_webhooks')
      .columns(['carrier', 'event_id'])
      .unique()
      .execute()
    await db.schema
      .createIndex('tracking_webhooks_by_parcel')
      .on('tracking_webhooks')
      .column('parcel_id')
      .where(sql`parcel_id is not null` as never)
      .execute()
    await db.schema
      .createIndex('tracking_webhooks_parked')
      .on('tracking_webhooks')
      .column('check_at')
      .where(sql`status = 'parked'` as never)
      .execute()
  },
}
