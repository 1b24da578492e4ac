import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createLabels: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('carrier_services')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('method', c.status, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('zones', c.json, (col) => col.notNull())
      .addColumn('is_active', c.boolean, (col) => col.notNull())
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'carrier_service_method',
        sql`method in ('standard', 'express', 'overnight', 'two_day', 'international', 'custom')`,
      )
      .execute()
    await db.schema
      .createIndex('carrier_services_by_code')
      .on('carrier_services')
      .column('code')
      .unique()
      .where(sql`archived_at is null` as never)
      .execute()

    await db.schema
      .createTable('carrier_documents')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('media_type', c.text, (col) => col.notNull())
      .addColumn('content', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('carrier_document_kind', sql`kind in ('label', 'manifest')`)
      .execute()

    await db.schema
      .createTable('manifests')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('carrier', c.text, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('state', c.status, (col) => col.notNull())
      .addColumn('parcels', c.integer, (col) => col.notNull())
      .addColumn('carrier_ref', c.text)
      .addColumn('document_id', c.id, (col) => col.references('carrier_documents.id'))
      .addColumn('paper_url', c.text)
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('check_at', c.instant, (col) => col.notNull())
      .addColumn('failure_message', c.text)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('closed_at', c.instant)
      .addCheckConstraint('manifest_state', sql`state in ('sent', 'closed', 'failed')`)
      .addCheckConstraint('manifest_has_parcels', sql`parcels > 0`)
      .execute()
    await db.schema
      .createIndex('manifests_by_location')
      .on('manifests')
      .columns(['location_id', 'id'])
      .execute()
    await db.schema
      .createIndex('manifests_that_are_open')
      .on('manifests')
      .column('check_at')
      .where(sql`state = 'sent'` as never)
      .execute()

    await db.schema
      .createTable('shipment_rates')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('shipment_id', c.id, (col) => col.notNull().references('shipments.id'))
      .addColumn('batch_id', c.id, (col) => col.notNull())
      .addColumn('carrier', c.text, (col) => col.notNull())
      .addColumn('carrier_name', c.text, (col) => col.notNull())
      .addColumn('service', c.text, (col) => col.notNull())
      .addColumn('service_name', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('delivery_days', c.integer)
      .addColumn('delivery_at', c.instant)
      .addColumn('quotes', c.json, (col) => col.notNull())
      .addColumn('quoted_at', c.instant, (col) => col.notNull())
      .addColumn('chosen_at', c.instant)
      .addColumn('chosen_by', c.status)
      .addColumn('deliver_by', c.instant)
      .addCheckConstraint('shipment_rate_amount', sql`amount >= 0`)
      .addCheckConstraint(
        'shipment_rate_chosen_by',
        sql`chosen_by in ('cheapest', 'fastest', 'promise', 'chosen')`,
      )
      .addCheckConstraint('shipment_rate_choice', sql`(chosen_at is null) = (chosen_by is null)`)
      .execute()
    await db.schema
      .createIndex('shipment_rates_by_shipment')
      .on('shipment_rates')
      .columns(['shipment_id', 'id'])
      .execute()
    await db.schema
      .createIndex('shipment_rates_one_choice_a_batch')
      .on('shipment_rates')
      .column('batch_id')
      .unique()
      .where(sql`chosen_at is not null` as never)
      .execute()

    await db.schema
      .createTable('labels')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('purchase_id', c.id, (col) => col.notNull())
      .addColumn('shipment_id', c.id, (col) => col.references('shipments.id'))
      .addColumn('parcel_id', c.id, (col) => col.references('parcels.id'))
      .addColumn('reference_type', c.text)
      .addColumn('reference_id', c.text)
      .addColumn('location_id', c.id, (col) => col.references('locations.id'))
      .addColumn('carrier', c.text, (col) => col.notNull())
      .addColumn('carrier_name', c.text, (col) => col.notNull())
      .addColumn('service', c.text, (col) => col.notNull())
      .addColumn('quote_ref', c.text, (col) => col.notNull())
      .addColumn('rate_ref', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('cost_amount', c.amount)
      .addColumn('request', c.json, (col) => col.notNull())
      .addColumn('state', c.status, (col) => col.notNull())
      .addColumn('refund_status', c.text)
      .addColumn('tracking_number', c.text)
      .addColumn('tracking_url', c.text)
      .addColumn('estimated_delivery_at', c.instant)
      .addColumn('document_id', c.id, (col) => col.references('carrier_documents.id'))
      .addColumn('paper_url', c.text)
      .addColumn('manifest_id', c.id, (col) => col.references('manifests.id'))
      .addColumn('attempts', c.integer, (col) => col.notNull())
      .addColumn('check_at', c.instant, (col) => col.notNull())
      .addColumn('failure_code', c.text)
      .addColumn('failure_message', c.text)
      .addColumn('requested_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('resolved_at', c.instant)
      .addColumn('voided_at', c.instant)
      .addCheckConstraint(
        'label_state',
        sql`state in ('sent', 'unknown', 'bought', 'failed', 'voiding', 'voided')`,
      )
      .addCheckConstraint(
        'label_is_of_a_parcel_or_of_a_return',
        sql`(shipment_id is null) = (parcel_id is null)
          and (parcel_id is null) = (reference_id is not null)
          and (reference_id is null) = (reference_type is null)`,
      )
      .addCheckConstraint(
        'label_has_a_number_once_bought',
        sql`state not in ('bought', 'voiding', 'voided') or tracking_number is not null`,
      )
      .addCheckConstraint('label_amounts', sql`amount >= 0 and cost_amount >= 0`)
      .execute()
    // One label a parcel, or a return, at a time; and never two of one quote.
    await db.schema
      .createIndex('labels_one_a_parcel')
      .on('labels')
      .column('parcel_id')
      .unique()
      .where(sql`state in ('sent', 'unknown', 'bought', 'voiding')` as never)
      .execute()
    await db.schema
      .createIndex('labels_one_a_reference')
      .on('labels')
      .columns(['reference_type', 'reference_id'])
      .unique()
      .where(
        sql`reference_id is not null and state in ('sent', 'unknown', 'bought', 'voiding')` as never,
      )
      .execute()
    await db.schema
      .createIndex('labels_one_a_quote')
      .on('labels')
      .columns(['carrier', 'quote_ref'])
      .unique()
      .execute()
    await db.schema
      .createIndex('labels_by_shipment')
      .on('labels')
      .columns(['shipment_id', 'id'])
      .execute()
    await db.schema
      .createIndex('labels_by_purchase')
      .on('labels')
      .columns(['purchase_id', 'id'])
      .execute()
    await db.schema
      .createIndex('labels_of_open_outcome')
      .on('labels')
      .column('check_at')
      .where(sql`state in ('sent', 'unknown', 'voiding')` as never)
      .execute()
    await db.schema
      .createIndex('labels_that_wait_for_a_manifest')
      .on('labels')
      .columns(['carrier', 'location_id', 'id'])
      .where(sql`state = 'bought' and manifest_id is null` as never)
      .execute()
    await db.schema
      .createIndex('labels_by_manifest')
      .on('labels')
      .column('manifest_id')
      .where(sql`manifest_id is not null` as never)
      .execute()
  },
}
