import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { SignedAmount } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { CreateSession } from '#modules/agentic'

const Url = Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 })

/** A checkout that a platform begins, and the platform. */
export const CreateUcpCheckout = Type.Object({
  session: CreateSession,
  platform: Type.Object({
    version: Text(20),
    profile_url: Url,
    webhook_url: Type.Optional(Nullable(Url)),
  }),
})
export type CreateUcpCheckout = Static<typeof CreateUcpCheckout>

const Total = Type.Object({
  type: Type.String(),
  amount: SignedAmount,
  display_text: Type.Optional(Type.String()),
})
export type Total = Static<typeof Total>
const Units = Type.Object({ id: Type.String(), quantity: Type.Integer() })
const PostalAddress = Type.Object({
  street_address: Type.Optional(Type.String()),
  extended_address: Type.Optional(Type.String()),
  address_locality: Type.Optional(Type.String()),
  address_region: Type.Optional(Type.String()),
  address_country: Type.Optional(Type.String()),
  postal_code: Type.Optional(Type.String()),
  first_name: Type.Optional(Type.String()),
  last_name: Type.Optional(Type.String()),
  phone_number: Type.Optional(Type.String()),
})

/** An order as the protocol tells it (2026-04-08), without the `ucp` member; minor units. */
export const UcpOrder = Type.Object({
  id: IdSchema('order'),
  label: Type.String(),
  checkout_id: IdSchema('agent_session'),
  permalink_url: Type.String({ format: 'uri' }),
  currency: Type.String(),
  line_items: Type.Array(
    Type.Object({
      id: IdSchema('order_line'),
      item: Type.Object({ id: Type.String(), title: Type.String(), price: Type.Integer() }),
      quantity: Type.Object({
        original: Type.Integer(),
        total: Type.Integer(),
        fulfilled: Type.Integer(),
      }),
      totals: Type.Array(Total),
      status: Type.Enum(['processing', 'partial', 'fulfilled', 'removed']),
    }),
  ),
  fulfillment: Type.Object({
    expectations: Type.Array(
      Type.Object({
        id: Type.String(),
        line_items: Type.Array(Units),
        method_type: Type.Enum(['shipping', 'digital']),
        destination: PostalAddress,
        description: Type.Optional(Type.String()),
      }),
    ),
    events: Type.Array(
      Type.Object({
        id: Type.String(),
        occurred_at: Instant,
        type: Type.String(),
        line_items: Type.Array(Units),
        carrier: Type.Optional(Type.String()),
      }),
    ),
  }),
  adjustments: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      occurred_at: Instant,
      status: Type.Enum(['pending', 'completed', 'failed']),
      totals: Type.Optional(Type.Array(Total)),
      description: Type.Optional(Type.String()),
    }),
  ),
  totals: Type.Array(Total),
})
export type UcpOrder = Static<typeof UcpOrder>

export const GetUcpOrder = Type.Object({ id: IdSchema('order') })
export type GetUcpOrder = Static<typeof GetUcpOrder>
