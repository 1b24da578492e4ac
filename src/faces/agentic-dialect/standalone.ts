import { acp } from '#faces/acp/acp'
import { delegatePayment } from '#faces/acp/delegate-payment'
import { acpDiscovery } from '#faces/acp/discovery'
import { productFeed } from '#faces/acp/feed'
import { mcp } from '#faces/mcp/mcp'
import type { Face } from '#faces/rest/faces'
import { agenticDialect, serveDialect } from './dialect.ts'

/**
 * The structured dialect where the standalone server has it: at the root, beside the protocol.
 * Whoever names an API-Version speaks the protocol, everybody else the dialect.
 */
const dialectAtRoot: Face = async (http, app) => {
  const root = `${app.settings.acp_base_path}/checkout_sessions`
  await serveDialect(http, app, { root, style: 'flat' })
  const config = { face: 'agentic-dialect' }
  http.get('/ready', { config }, async () => {
    await app.database.ping()
    return { ready: true }
  })
}

/** All that `tradepost agentic` serves. */
export const standalone: readonly Face[] = [
  acp,
  acpDiscovery,
  delegatePayment,
  productFeed,
  agenticDialect,
  dialectAtRoot,
  mcp,
]
