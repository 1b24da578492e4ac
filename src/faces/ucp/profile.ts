import { publicKeysOf } from '#modules/ucp'
import type { App } from '#platform/app'

/** The release of the protocol that is spoken here. */
export const VERSION = '2026-04-08'

const SPECS = `https://ucp.dev/${VERSION}`
const CHECKOUT = 'dev.ucp.shopping.checkout'
const CART = 'dev.ucp.shopping.cart'

type Capability = { spec: string; schema: string; extends?: string | string[]; config?: object }
const shopping = (name: string, more: Partial<Capability> = {}): Capability => ({
  spec: `${SPECS}/specification/${name.replace('_', '/')}`,
  schema: `https://ucp.dev/schemas/shopping/${name}.json`,
  ...more,
})

/** What this shop can do, by the protocol's names. */
export const CAPABILITIES: Record<string, Capability> = {
  [CHECKOUT]: shopping('checkout'),
  [CART]: shopping('cart'),
  'dev.ucp.shopping.catalog.search': shopping('catalog_search'),
  'dev.ucp.shopping.catalog.lookup': shopping('catalog_lookup'),
  'dev.ucp.shopping.order': shopping('order'),
  'dev.ucp.shopping.fulfillment': shopping('fulfillment', {
    extends: CHECKOUT,
    config: { allows_multi_destination: { shipping: false } },
  }),
  'dev.ucp.shopping.discount': shopping('discount', { extends: [CHECKOUT, CART] }),
  // Guests may do all of it too, so there is nothing that demands a customer.
  'dev.ucp.common.identity_linking': {
    spec: `${SPECS}/specification/identity-linking`,
    schema: 'https://ucp.dev/schemas/common/identity_linking.json',
    config: { scopes: {} },
  },
}

/** Takes a token that the payment provider of this shop, or its vault, has given. */
export const HANDLER = 'dev.tradepost.payment_token'
export const HANDLER_ID = 'payment_token'

/** The payment handlers as profiles and checkouts list them. */
export function handlersOf({ settings }: App) {
  const { payment_provider: provider, merchant_id } = settings
  const config = { provider, merchant_id }
  const available_instruments = [{ type: 'card' }]
  return { [HANDLER]: [{ id: HANDLER_ID, version: VERSION, available_instruments, config }] }
}

/** What a platform reads at `/.well-known/ucp`; `base` is this server's own address. */
export function businessProfile(app: App, base: string) {
  const service = (transport: 'rest' | 'mcp', path: string, schema: string) => ({
    version: VERSION,
    transport,
    endpoint: `${base}${path}`,
    spec: `${SPECS}/specification/overview`,
    schema: `https://ucp.dev/services/shopping/${schema}`,
  })
  const signing_keys = publicKeysOf(app.settings)
  return {
    ucp: {
      version: VERSION,
      services: {
        'dev.ucp.shopping': [
          service('rest', '/ucp', 'rest.openapi.json'),
          service('mcp', '/ucp/mcp', 'mcp.openrpc.json'),
        ],
      },
      capabilities: Object.fromEntries(
        Object.entries(CAPABILITIES).map(([name, capability]) => [
          name,
          [{ version: VERSION, ...capability }],
        ]),
      ),
      payment_handlers: handlersOf(app),
    },
    ...(signing_keys.length > 0 && { signing_keys }),
  }
}
