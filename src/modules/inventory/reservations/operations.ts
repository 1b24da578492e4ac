import { Type } from 'typebox'
import { command, query } from '#platform/operations'
import { cancelReservation } from '../commands/cancel-reservation.ts'
import { cleanupReservations } from '../commands/cleanup-reservations.ts'
import { releaseItem } from '../commands/release-item.ts'
import { reserveItem } from '../commands/reserve-item.ts'
import { inventoryErrors as errors } from '../errors.ts'
import { reservationLifecycle } from '../lifecycle.ts'
import { getReservation, listReservations, reservationStats } from '../reservation-queries.ts'
import * as of from '../schemas.ts'
import { confirmReservation, extendReservation, releaseReservation } from './one.ts'
import { reserveMany } from './reserve-many.ts'
import * as many from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const reservationOperations = [
  command('inventory.reserve', {
    rest: 'POST /api/v1/inventory/:id/reserve',
    permission: 'inventory:adjust',
    summary: 'Promise units of an item',
    description: 'Without a location the best one is chosen. Never promises more than is on hand.',
    isolation: 'read committed',
    input: of.ReserveItem,
    output: of.Reserved,
    errors: [errors.item_not_found, errors.location_not_found, errors.insufficient_stock],
    example: { id: 'MUG-BLUE', location_id: 1, quantity: 2, reference_id: 'ORD-1001' },
    run: reserveItem,
  }),
  command('inventory.release', {
    rest: 'POST /api/v1/inventory/:id/release',
    permission: 'inventory:adjust',
    summary: 'Give promised units of an item back',
    input: of.ReleaseItem,
    output: of.InventoryItem,
    errors: [errors.item_not_found, errors.location_not_found, errors.nothing_reserved],
    example: { id: 'MUG-BLUE', location_id: 1, quantity: 2, reference_id: 'ORD-1001' },
    run: releaseItem,
  }),
  query('inventory.list_reservations', {
    rest: 'GET /api/v1/inventory/reservations',
    permission: 'inventory:read',
    summary: 'List promises, newest first',
    input: of.ListReservations,
    output: of.Reservations,
    errors: [errors.item_not_found],
    example: { status: 'pending' },
    run: listReservations,
  }),
  query('inventory.reservation_stats', {
    rest: 'GET /api/v1/inventory/reservations/stats',
    permission: 'inventory:read',
    summary: 'Count open, overdue and soon ending promises',
    input: Type.Object({}),
    output: of.ReservationStats,
    example: {},
    run: reservationStats,
  }),
  query('inventory.get_reservation', {
    rest: 'GET /api/v1/inventory/reservations/:id',
    permission: 'inventory:read',
    summary: 'Read a promise',
    input: of.GetReservation,
    output: of.Reservation,
    errors: [errors.reservation_not_found],
    example: { id: EXAMPLE_ID },
    run: getReservation,
  }),
  command('inventory.cancel_reservation', {
    rest: 'POST /api/v1/inventory/reservations/:id/cancel',
    permission: 'inventory:adjust',
    summary: 'Take a promise back',
    input: of.GetReservation,
    output: of.Reservation,
    errors: [
      errors.reservation_not_found,
      errors.held_by_order,
      ...reservationLifecycle.refusals('cancel'),
    ],
    example: { id: EXAMPLE_ID },
    run: cancelReservation,
  }),
  command('inventory.cleanup_reservations', {
    rest: 'POST /api/v1/inventory/reservations/cleanup',
    permission: 'inventory:adjust',
    summary: 'End promises whose time is over',
    description: 'A schedule does this every few seconds; call it to have it done at once.',
    input: Type.Object({}),
    output: of.CleanedUp,
    example: {},
    run: cleanupReservations,
  }),
  command('inventory.reserve_many', {
    rest: 'POST /api/v1/inventory/reservations',
    permission: 'inventory:adjust',
    summary: 'Promise units of many items under one reference',
    description: 'All or nothing; every short item is named in the refusal.',
    status: 201,
    isolation: 'read committed',
    input: many.ReserveMany,
    output: many.ReservedMany,
    errors: [errors.item_not_found, errors.location_not_found, errors.insufficient_stock],
    example: {
      items: [{ item_number: 'MUG-BLUE', quantity: 2 }],
      reference_type: 'work_order',
      reference_id: 'WO-17',
      expires_at: '2030-01-01T12:00:00Z',
    },
    run: reserveMany,
  }),
  command('inventory.confirm_reservation', {
    rest: 'POST /api/v1/inventory/reservations/:id/confirm',
    permission: 'inventory:adjust',
    summary: 'Make a promise certain',
    description: 'It no longer expires.',
    input: of.GetReservation,
    output: of.Reservation,
    errors: [
      errors.reservation_not_found,
      errors.held_by_order,
      ...reservationLifecycle.refusals('confirm'),
    ],
    example: { id: EXAMPLE_ID },
    run: confirmReservation,
  }),
  command('inventory.release_reservation', {
    rest: 'POST /api/v1/inventory/reservations/:id/release',
    permission: 'inventory:adjust',
    summary: 'Give a promise back',
    input: of.GetReservation,
    output: of.Reservation,
    errors: [
      errors.reservation_not_found,
      errors.held_by_order,
      ...reservationLifecycle.refusals('release'),
    ],
    example: { id: EXAMPLE_ID },
    run: releaseReservation,
  }),
  command('inventory.extend_reservation', {
    rest: 'POST /api/v1/inventory/reservations/:id/extend',
    permission: 'inventory:adjust',
    summary: 'Let a promise last until another instant',
    input: many.ExtendReservation,
    output: of.Reservation,
    errors: [errors.reservation_not_found, errors.held_by_order, errors.no_end],
    example: { id: EXAMPLE_ID, expires_at: '2030-01-01T12:00:00Z' },
    run: extendReservation,
  }),
]
