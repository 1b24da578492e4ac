import { Type } from 'typebox'

const address = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, pattern: '^https?://' }))

/** What agents are told of the shop, and where they speak to it. */
export const agenticSettings = {
  shop_url: address('The address of the shop that buyers see, for links to orders and carts.'),
  shop_terms_url: address('The terms of use that agents are told of.'),
  shop_privacy_url: address('The privacy policy that agents are told of.'),
  shop_returns_url: address('The policy of returns that agents are told of.'),
  merchant_id: Type.String({
    description: 'What agents and payment tokens call this merchant.',
    default: 'tradepost',
    minLength: 1,
    maxLength: 256,
  }),
  acp_base_path: Type.String({
    description: 'Below which path /checkout_sessions and /carts of ACP stand; empty is the root.',
    default: '',
    pattern: '^(/[A-Za-z0-9._-]+)*$',
    maxLength: 100,
  }),
}
