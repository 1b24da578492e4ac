import { type Static, Type } from 'typebox'
import { Instant, InstantInput, Text } from '#kit/schemas'

const word = <T extends string>(...words: T[]) => Type.Unsafe<T>(Type.Enum(words))

/** A postal address as card issuers check it. */
export const BillingAddress = Type.Object({
  name: Text(256),
  line_one: Text(60),
  line_two: Type.Optional(Text(60, { minLength: 0 })),
  city: Text(60),
  state: Text(60, { minLength: 0 }),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  postal_code: Text(20),
})
export type BillingAddress = Static<typeof BillingAddress>

const CardInput = Type.Object({
  type: word('card'),
  card_number_type: word('fpan', 'network_token'),
  number: Type.String({
    minLength: 12,
    maxLength: 30,
    pattern: '^[0-9][0-9 -]*[0-9]$',
    description: 'The number of the card, or the network token; spaces and dashes are left out.',
  }),
  exp_month: Type.Optional(Type.String({ pattern: '^(0?[1-9]|1[0-2])$' })),
  exp_year: Type.Optional(Type.String({ pattern: '^([0-9]{2}|[0-9]{4})$' })),
  name: Type.Optional(Text(256)),
  cvc: Type.Optional(Type.String({ pattern: '^[0-9]{3,4}$' })),
  cryptogram: Type.Optional(Text(256)),
  eci_value: Type.Optional(Type.String({ pattern: '^[0-9]{1,2}$' })),
  checks_performed: Type.Optional(Type.Array(word('avs', 'cvv', 'ani', 'auth0'), { maxItems: 10 })),
  iin: Type.Optional(Type.String({ pattern: '^[0-9]{1,8}$' })),
  display_card_funding_type: word('credit', 'debit', 'prepaid'),
  display_wallet_type: Type.Optional(Text(64)),
  display_brand: Type.Optional(Text(64)),
  display_last4: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
  virtual: Type.Optional(Type.Boolean()),
  metadata: Type.Record(Type.String({ maxLength: 100 }), Text(500, { minLength: 0 }), {
    maxProperties: 50,
  }),
})

const Allowance = Type.Object({
  reason: word('one_time'),
  max_amount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  currency: Type.String({ pattern: '^[A-Za-z]{3}$' }),
  checkout_session_id: Text(255),
  merchant_id: Text(256),
  expires_at: InstantInput,
})

/** A card and what it may be used for (ACP, delegate payment). Amounts are minor units. */
export const DelegatePayment = Type.Object({
  payment_method: CardInput,
  allowance: Allowance,
  billing_address: Type.Optional(BillingAddress),
  risk_signals: Type.Array(
    Type.Object({
      type: word('card_testing'),
      score: Type.Integer(),
      action: word('blocked', 'manual_review', 'authorized'),
    }),
    { maxItems: 50 },
  ),
  metadata: Type.Record(Type.String({ maxLength: 100 }), Text(500, { minLength: 0 }), {
    maxProperties: 50,
  }),
})
export type DelegatePayment = Static<typeof DelegatePayment>

export const DelegatedToken = Type.Object({
  id: Type.String({ description: 'The token, told only now: `vt_…`.' }),
  created: Instant,
  metadata: Type.Record(Type.String(), Type.String()),
})
export type DelegatedToken = Static<typeof DelegatedToken>

/** A card as a payment provider is given it, at the moment of the call. */
export type Card = {
  number: string
  card_number_type: 'fpan' | 'network_token'
  exp_month: number | null
  /** Four digits. */
  exp_year: number | null
  name: string | null
  cvc: string | null
  cryptogram: string | null
  eci_value: string | null
  funding: 'credit' | 'debit' | 'prepaid'
  brand: string | null
  last4: string
  billing_address: BillingAddress | null
}
