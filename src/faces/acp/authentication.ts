import type { AgentSession } from '#modules/agentic'
import type { Settings } from '#platform/config/settings'
import { type AcpVersion, since } from './versions.ts'

type For = { version: AcpVersion; settings: Settings }

/**
 * What an agent needs to have its payer authenticated; null where nobody asks for that, or where
 * the payer visits a page of the provider instead. Versions before 2026-04-17 cannot do without
 * the browser, which only a completion in this protocol tells.
 */
export function authenticationOf(session: AgentSession, { version, settings }: For) {
  const { acquirer, browser } = session.authentication ?? {}
  const isLatest = since(version, '2026-04-17')
  if (!acquirer || !(isLatest || browser)) return null
  const { merchant_id, shop_country } = settings
  return {
    ...(!isLatest && { channel: { type: 'browser', browser: { ...browser, ...NO_SCRIPTS } } }),
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

/** Nobody tells whether scripts run there; who says so must know the screen as well. */
const NO_SCRIPTS = { javascript_enabled: false }

/** Whether a person has to act at the provider's page, and no agent can do it for them. */
export const isAtPage = ({ status, authentication }: AgentSession): boolean =>
  status === 'authentication_required' && !authentication?.acquirer
