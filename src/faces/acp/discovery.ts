import type { Face } from '#faces/rest/faces'
import { JSON_TYPE } from '#faces/rest/headers'
import type { App } from '#platform/app'
import { ACP_VERSIONS, LATEST } from './versions.ts'

const HOUR_SECS = 3600

/**
 * Where agents find that ACP is spoken here, and how (ACP, discovery). Public and the same for
 * everybody: it names no merchant, no payment method and no payment provider.
 */
export const acpDiscovery: Face = async (http, app) => {
  http.get('/.well-known/acp.json', { config: { face: 'acp' } }, (request, reply) => {
    const origin = app.settings.public_url ?? `${request.protocol}://${request.host}`
    reply
      .header('content-type', JSON_TYPE)
      .header('cache-control', `public, max-age=${HOUR_SECS}`)
      .header('access-control-allow-origin', '*')
      .removeHeader('pragma')
      // Without a public address the answer follows the name by which it was asked.
      .header('vary', 'host')
    return reply.send(JSON.stringify(documentOf(app, origin.replace(/\/+$/, ''))))
  })
}

function documentOf({ settings }: App, origin: string) {
  const services = ['checkout', 'orders', 'carts']
  if (settings.vault_enabled) services.push('delegate_payment')
  return {
    protocol: {
      name: 'acp',
      version: LATEST,
      supported_versions: ACP_VERSIONS,
      documentation_url: `${origin}/docs`,
    },
    api_base_url: `${origin}${settings.acp_base_path}`,
    transports: ['rest', 'mcp'],
    capabilities: {
      services,
      extensions: [{ name: 'discount' }],
      intervention_types: ['3ds'],
      supported_currencies: [settings.default_currency.toLowerCase()],
      supported_locales: ['en-US'],
    },
  }
}
