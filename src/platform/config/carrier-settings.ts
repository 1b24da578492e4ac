import { Type } from 'typebox'

/** Who carries parcels, and how they are asked. */
export const carrierSettings = {
  table_carrier: Type.Boolean({
    description: 'Whether the built-in carrier, with a table of prices, makes labels.',
    default: true,
  }),
  easypost_api_key: Type.String({
    description: 'The key of an EasyPost account (UPS, FedEx, USPS, DHL); empty is none.',
    default: '',
    secret: true,
  }),
  easypost_webhook_secret: Type.String({
    description: 'Checks the signature of EasyPost’s webhooks; without it they are refused.',
    default: '',
    secret: true,
  }),
  easypost_url: Type.String({
    description: 'Where EasyPost is asked.',
    default: 'https://api.easypost.com/v2/',
    pattern: '^https?://.+/$',
  }),
  carrier_timeout_ms: Type.Integer({
    description: 'How long a call to a carrier may take before it counts as lost, in milliseconds.',
    default: 20_000,
    minimum: 100,
    maximum: 120_000,
  }),
  carrier_sweep_interval_ms: Type.Integer({
    description:
      'How often labels of unknown outcome and late news are looked up, in milliseconds.',
    default: 15_000,
    minimum: 10,
    maximum: 2 ** 31 - 1,
  }),
  tracking_poll_minutes: Type.Integer({
    description: 'How often a carrier is asked for a parcel that is under way, in minutes.',
    default: 120,
    minimum: 1,
    maximum: 10_080,
  }),
}
