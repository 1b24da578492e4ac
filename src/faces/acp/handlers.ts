import type { Settings } from '#platform/config/settings'
import { type AcpVersion, since } from './versions.ts'

/** The one way to pay that is offered: a card, by a token of the provider or of our vault. */
export const HANDLER_ID = 'card_tokenized'

const SITE = 'https://acp.dev'

/** The payment handlers that a session offers since 2026-01-30. */
export function handlersOf(settings: Settings, version: AcpVersion) {
  const { merchant_id, payment_provider: psp, environment } = settings
  if (psp === 'none') return []
  return [
    {
      id: HANDLER_ID,
      name: 'dev.acp.tokenized.card',
      version: '2026-01-22',
      spec: `${SITE}/handlers/tokenized.card`,
      requires_delegate_payment: true,
      requires_pci_compliance: false,
      psp,
      config_schema: `${SITE}/schemas/handlers/tokenized.card/config.json`,
      instrument_schemas: [`${SITE}/schemas/handlers/tokenized.card/instrument.json`],
      config: {
        merchant_id,
        psp,
        accepted_brands: ['visa', 'mastercard', 'amex', 'discover'],
        accepted_funding_types: ['credit', 'debit'],
        supports_3ds: true,
        environment: environment === 'production' ? 'production' : 'sandbox',
      },
      ...(since(version, '2026-04-17') && { display_name: 'Card', display_order: 1 }),
    },
  ]
}
