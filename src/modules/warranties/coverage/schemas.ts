import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { warrantyLifecycle } from '../lifecycle.ts'
import { MONTHS_MAX } from '../plans/schemas.ts'
import { printWarrantyNumber, type WarrantyRow } from '../tables.ts'

const id = IdSchema('warranty')

export const Warranty = Type.Object({
  id,
  warranty_number: Type.String({ examples: ['W-1000001'] }),
  product_id: IdSchema('product'),
  customer_id: IdSchema('customer'),
  status: warrantyLifecycle.schema,
  start_date: Nullable(Type.Unsafe<string>({ ...Instant, description: 'Null while pending.' })),
  end_date: Nullable(Instant),
  description: Nullable(Type.String()),
  terms: Nullable(Type.String()),
  serial_number: Nullable(Type.String()),
  warranty_type: Type.String(),
  plan_id: Nullable(IdSchema('warranty_plan')),
  order_id: Nullable(IdSchema('order')),
  quantity: Type.Integer({ description: 'Units that it was made for.' }),
  claimed_quantity: Type.Integer({ description: 'Of these, in claims that are open.' }),
  ended_quantity: Type.Integer({ description: 'Of these, replaced or paid for.' }),
  transferable: Type.Boolean(),
  activate_by: Nullable(
    Type.Unsafe<string>({ ...Instant, description: 'When it begins, if nobody activates it.' }),
  ),
  replaces_id: Nullable(IdSchema('warranty')),
  void_reason: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Warranty = Static<typeof Warranty>
export const Warranties = PageOf(Warranty)

const Serial = Text(100)
export const CreateWarranty = Type.Object({
  product_id: IdSchema('product'),
  customer_id: IdSchema('customer'),
  serial_number: Type.Optional(Serial),
  warranty_type: Type.Optional(Text(100)),
  expiration_date: Type.Optional(InstantInput),
  terms: Type.Optional(Type.Unsafe<string>({ ...LongText(10_000), minLength: 1 })),
  plan_id: Type.Optional(
    Type.Unsafe<Static<typeof PlanId>>({
      ...IdSchema('warranty_plan'),
      description:
        'Then term and terms are those of the plan. Without it, serial number, type, terms and expiration date are required.',
    }),
  ),
  start_date: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: 'Now unless said; not in the future.' }),
  ),
  order_id: Type.Optional(IdSchema('order')),
  quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
  description: Type.Optional(Nullable(LongText(2000))),
  transferable: Type.Optional(Type.Boolean()),
})
export type CreateWarranty = Static<typeof CreateWarranty>
const PlanId = IdSchema('warranty_plan')

export const GetWarranty = Type.Object({ id })
export type GetWarranty = Static<typeof GetWarranty>

export const UpdateWarranty = Type.Object({
  id,
  serial_number: Type.Optional(Nullable(Serial)),
  description: Type.Optional(Nullable(LongText(2000))),
  terms: Type.Optional(Nullable(LongText(10_000))),
  warranty_type: Type.Optional(Text(100)),
  transferable: Type.Optional(Type.Boolean()),
})
export type UpdateWarranty = Static<typeof UpdateWarranty>

export const ExtendWarranty = Type.Object({
  id,
  additional_months: Type.Integer({
    minimum: 1,
    maximum: MONTHS_MAX,
    description: 'Calendar months.',
  }),
})
export type ExtendWarranty = Static<typeof ExtendWarranty>

export const TransferWarranty = Type.Object({
  id,
  customer_id: IdSchema('customer'),
  reason: Type.Optional(Text(500)),
})
export type TransferWarranty = Static<typeof TransferWarranty>

export const VoidWarranty = Type.Object({ id, reason: Text(500) })
export type VoidWarranty = Static<typeof VoidWarranty>

export const ActivateWarranty = Type.Object({
  id,
  activated_at: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: 'Staff only: a past instant.' }),
  ),
})
export type ActivateWarranty = Static<typeof ActivateWarranty>

export const ListWarranties = Type.Object({
  ...pageQuery,
  status: Type.Optional(warrantyLifecycle.schema),
  customer_id: Type.Optional(IdSchema('customer')),
  product_id: Type.Optional(IdSchema('product')),
  order_id: Type.Optional(IdSchema('order')),
  serial_number: Type.Optional(Serial),
})
export type ListWarranties = Static<typeof ListWarranties>

export const printWarranty = (row: WarrantyRow): Warranty => ({
  id: row.id,
  warranty_number: printWarrantyNumber(row.number),
  product_id: row.product_id,
  customer_id: row.customer_id,
  status: row.status,
  start_date: row.start_at,
  end_date: row.end_at,
  description: row.description,
  terms: row.terms,
  serial_number: row.serial_number,
  warranty_type: row.warranty_type,
  plan_id: row.plan_id,
  order_id: row.order_id,
  quantity: row.quantity,
  claimed_quantity: row.claimed_quantity,
  ended_quantity: row.ended_quantity,
  transferable: row.transferable,
  activate_by: row.activate_by,
  replaces_id: row.replaces_id,
  void_reason: row.void_reason,
  version: row.version,
  created_at: row.created_at,
  updated_at: row.updated_at,
})

/** What events tell of a warranty. */
export const told = (row: WarrantyRow) => ({
  warranty_id: row.id,
  product_id: row.product_id,
  customer_id: row.customer_id,
  order_id: row.order_id,
  serial_number: row.serial_number,
  quantity: row.quantity,
  start_at: row.start_at,
  end_at: row.end_at,
})
