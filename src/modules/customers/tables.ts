import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { customerLifecycle } from './lifecycle.ts'

export const db = defineTables({
  customers: Type.Object({
    id: IdSchema('customer'),
    /** Lower case; unique among those not deleted. */
    email: Type.String(),
    first_name: Type.String(),
    last_name: Type.String(),
    phone: Nullable(Type.String()),
    accepts_marketing: Type.Boolean(),
    status: customerLifecycle.schema,
    /** The login of this customer; null for who never registered. */
    user_id: Nullable(IdSchema('user')),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  customer_addresses: Type.Object({
    id: IdSchema('address'),
    customer_id: IdSchema('customer'),
    first_name: Type.String(),
    last_name: Type.String(),
    company: Nullable(Type.String()),
    address_line_1: Type.String(),
    address_line_2: Nullable(Type.String()),
    city: Type.String(),
    province: Type.String(),
    /** ISO 3166-1, two letters. */
    country_code: Type.String(),
    postal_code: Type.String(),
    phone: Nullable(Type.String()),
    is_default_shipping: Type.Boolean(),
    is_default_billing: Type.Boolean(),
    created_at: Instant,
    updated_at: Instant,
  }),
})
