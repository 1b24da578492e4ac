import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { customerLifecycle } from './lifecycle.ts'

/** What somebody agrees to or not. */
export const PURPOSES = [
  'marketing_email',
  'marketing_sms',
  'analytics',
  'personalisation',
  'terms',
  'privacy_policy',
] as const
export type Purpose = (typeof PURPOSES)[number]

const groupsAndLists = {
  customer_groups: Type.Object({
    id: IdSchema('customer_group'),
    /** How programs call it: lower case, unique. */
    code: Type.String(),
    name: Type.String(),
    description: Nullable(Type.String()),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  customer_group_members: Type.Object({
    group_id: IdSchema('customer_group'),
    customer_id: IdSchema('customer'),
    added_at: Instant,
  }),
  wishlists: Type.Object({
    id: IdSchema('wishlist'),
    customer_id: IdSchema('customer'),
    name: Type.String(),
    /** Who knows it may read the list; null while it is not shared. */
    share_token: Nullable(Type.String()),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  wishlist_items: Type.Object({
    wishlist_id: IdSchema('wishlist'),
    /** Of the catalogue, which stands above; no foreign key (see variants.ts). */
    variant_id: IdSchema('variant'),
    note: Nullable(Type.String()),
    added_at: Instant,
  }),
}

export const db = defineTables({
  customers: Type.Object({
    id: IdSchema('customer'),
    /** What the search index calls them; never shown, because it tells how many there are. */
    number: Nullable(Type.Integer()),
    /** Lower case; unique among those not deleted. */
    email: Type.String(),
    first_name: Type.String(),
    last_name: Type.String(),
    phone: Nullable(Type.String()),
    /** What the newest consent to `marketing_email` says. */
    accepts_marketing: Type.Boolean(),
    status: customerLifecycle.schema,
    /** The login of this customer; null for who never registered. */
    user_id: Nullable(IdSchema('user')),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
    /** When everything personal was taken out for good; only of deleted ones. */
    erased_at: Nullable(Instant),
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
    /** Empty where the country's addresses have none; the postal code likewise. */
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
  /** What was agreed to and withdrawn, and when: rows are added, never changed. */
  customer_consents: Type.Object({
    id: IdSchema('consent'),
    customer_id: IdSchema('customer'),
    /** Counts the customer's consents from 1; the newest of a purpose is what holds. */
    number: Type.Integer(),
    purpose: Type.Unsafe<Purpose>(Type.Enum([...PURPOSES])),
    granted: Type.Boolean(),
    /** Where it was said: `registration`, `account`, `staff`, or what the caller names. */
    source: Type.String(),
    /** From where, if the caller told; erased with the person. */
    ip: Nullable(Type.String()),
    /** Which wording was agreed to. */
    text_version: Nullable(Type.String()),
    recorded_at: Instant,
  }),
  /** What staff wrote down about a customer, for staff. */
  customer_notes: Type.Object({
    id: IdSchema('customer_note'),
    customer_id: IdSchema('customer'),
    text: Type.String(),
    /** The actor who wrote it, such as `user:ID`. */
    author: Type.String(),
    created_at: Instant,
  }),
  ...groupsAndLists,
})
