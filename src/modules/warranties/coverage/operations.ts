import { customerErrors } from '#modules/customers'
import { command, query } from '#platform/operations'
import { warrantyErrors as errors } from '../errors.ts'
import { warrantyLifecycle } from '../lifecycle.ts'
import {
  activateWarranty,
  extendWarranty,
  transferWarranty,
  updateWarranty,
  voidWarranty,
} from './change-warranty.ts'
import { createWarranty } from './create-warranty.ts'
import { getWarranty, listWarranties } from './queries.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const
const { not_found, staff_only } = errors
const changing = { permission: 'warranties:update', isolation, output: of.Warranty } as const

export const coverageOperations = [
  query('warranties.list', {
    rest: 'GET /api/v1/warranties',
    permission: 'warranties:read',
    summary: 'List warranties, newest first',
    description: 'Customers see their own.',
    input: of.ListWarranties,
    output: of.Warranties,
    example: { status: 'active', limit: 20 },
    run: listWarranties,
  }),
  query('warranties.get', {
    rest: 'GET /api/v1/warranties/:id',
    permission: 'warranties:read',
    summary: 'Read a warranty',
    input: of.GetWarranty,
    output: of.Warranty,
    errors: [not_found],
    example: { id },
    run: getWarranty,
  }),
  command('warranties.create', {
    rest: 'POST /api/v1/warranties',
    permission: 'warranties:create',
    summary: 'Cover goods of a customer',
    description:
      'Under a plan, or with a type, terms and an end of its own. What is sold with a plan is covered by itself when it is delivered.',
    status: 201,
    isolation,
    input: of.CreateWarranty,
    output: of.Warranty,
    errors: [
      errors.product_not_found,
      customerErrors.not_found,
      errors.plan_not_found,
      errors.plan_archived,
      errors.order_not_found,
      errors.serial_covered,
      staff_only,
    ],
    example: {
      product_id: id,
      customer_id: id,
      serial_number: 'SN-2026-0001',
      warranty_type: 'Manufacturer',
      expiration_date: '2030-01-01T00:00:00Z',
      terms: 'Faults of material and making.',
    },
    run: createWarranty,
  }),
  command('warranties.update', {
    ...changing,
    rest: 'PUT /api/v1/warranties/:id',
    aliases: ['PATCH /api/v1/warranties/:id'],
    summary: 'Change the words of a warranty, or tell its serial number',
    input: of.UpdateWarranty,
    errors: [not_found, errors.serial_covered, staff_only],
    example: { id, serial_number: 'SN-2026-0002' },
    run: updateWarranty,
  }),
  command('warranties.extend', {
    ...changing,
    rest: 'POST /api/v1/warranties/:id/extend',
    summary: 'Give a warranty more time',
    description: 'In calendar months. What has expired covers again.',
    input: of.ExtendWarranty,
    errors: [not_found, staff_only, ...warrantyLifecycle.refusals('extend', 'extend_before_start')],
    example: { id, additional_months: 12 },
    run: extendWarranty,
  }),
  command('warranties.transfer', {
    ...changing,
    rest: 'POST /api/v1/warranties/:id/transfer',
    summary: 'Make a warranty another customer’s',
    input: of.TransferWarranty,
    errors: [
      not_found,
      staff_only,
      errors.not_transferable,
      errors.open_claims,
      customerErrors.not_found,
      errors.cannot_transfer,
    ],
    example: { id, customer_id: id, reason: 'Sold on.' },
    run: transferWarranty,
  }),
  command('warranties.void', {
    ...changing,
    rest: 'POST /api/v1/warranties/:id/void',
    summary: 'Withdraw a warranty for good',
    input: of.VoidWarranty,
    errors: [not_found, staff_only, errors.open_claims, ...warrantyLifecycle.refusals('void')],
    example: { id, reason: 'The goods were returned.' },
    run: voidWarranty,
  }),
  command('warranties.activate', {
    ...changing,
    rest: 'POST /api/v1/warranties/:id/activate',
    summary: 'Begin the time of a warranty that waits for it',
    input: of.ActivateWarranty,
    errors: [not_found, staff_only, ...warrantyLifecycle.refusals('activate')],
    example: { id },
    run: activateWarranty,
  }),
]
