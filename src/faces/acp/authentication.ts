import type { AgentSession } from '#modules/agentic'
import type { Settings } from '#platform/config/settings'
import { type AcpVersion, since } from './versions.ts'

/** What these versions want to know of a browser; the payer's is their agent's business. */
const BROWSER = {
  accept_header: '*/*',
  ip_address: '0.0.0.0',
  javascript_enabled: false,
  language: 'en',
  user_agent: 'agent',
}

type For = { version: AcpVersion; settings: Settings }

/**
 * What an agent needs to have its payer authenticated; null where nobody asks for that, or where
 * the payer visits a page of the provider instead.
 */
export function authenticationOf(session: AgentSession, { version, settings }: For) {
  const acquirer = session.authentication?.acquirer
  if (!acquirer) return null
  const { merchant_id, shop_country } = settings
  return {
    ...(!since(version, '2026-04-17') && { channel: { type: 'browser', browser: BROWSER } }),
    acquirer_details: {
      acquirer_bin: acquirer.bin,
      acquirer_country: shop_country,
      acquirer_merchant_id: merchant_id.slice(0, 35),
      merchant_name: merchant_id.slice(0, 40),
    },
    directory_server: acquirer.directory_server,
    flow_preference: { type: 'challenge', challenge: { type: 'preferred' } },
  }
}

/** Whether a person has to act at the provider's page, and no agent can do it for them. */
export const isAtPage = ({ status, authentication }: AgentSession): boolean =>
  status === 'authentication_required' && !authentication?.acquirer
