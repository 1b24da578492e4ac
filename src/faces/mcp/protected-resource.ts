import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LINK_SCOPES } from '#modules/ucp'
import type { App } from '#platform/app'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'
/** How long a client may keep what it has read here. */
const KEPT_SECONDS = 300

type Resource = {
  name: string
  scopes: readonly string[]
  /** Whether tokens for it are given by OAuth here. */
  hasServer?: boolean
}

/** What is protected here, by its path: its name, and what its callers may be allowed. */
const RESOURCES: Record<string, Resource> = {
  '/mcp': {
    name: 'Tradepost',
    scopes: [
      'agentic:use',
      'agents:access',
      'inventory:read',
      'orders:cancel',
      'orders:read',
      'orders:update',
      'returns:create',
      'returns:read',
      'shipments:read',
    ],
  },
  '/ucp/mcp': { name: 'Tradepost (UCP)', scopes: LINK_SCOPES, hasServer: true },
  '/ucp': { name: 'Tradepost (UCP)', scopes: LINK_SCOPES, hasServer: true },
}

/**
 * Says how the endpoints of agents are protected (RFC 9728): by a bearer token of this shop's own
 * login or by an API key. What customers may allow a platform is given by OAuth, for UCP alone.
 */
export function protectedResources(http: FastifyInstance, app: App): void {
  for (const [path, { name, scopes, hasServer }] of Object.entries(RESOURCES)) {
    http.get(`${WELL_KNOWN}${path}`, async (request, reply) => {
      const base = baseOf(app, request)
      const told = {
        resource: `${base}${path}`,
        resource_name: name,
        ...(hasServer && { authorization_servers: [base] }),
        bearer_methods_supported: ['header'],
        scopes_supported: scopes,
        resource_documentation: `${base}/docs`,
      }
      return reply
        .header('content-type', 'application/json')
        .header('cache-control', `public, max-age=${KEPT_SECONDS}`)
        .send(JSON.stringify(told))
    })
  }
}

/** What a 401 tells a client: where it can read how to log in, and that what it showed is none. */
export function challengeOf(app: App, request: FastifyRequest, scope?: string): string {
  const path = request.url.split('?')[0] ?? ''
  const known = Object.keys(RESOURCES).find((one) => path === one || path.startsWith(`${one}/`))
  const at = `${baseOf(app, request)}${WELL_KNOWN}${RESOURCES[path] ? path : (known ?? '/mcp')}`
  const { authorization } = request.headers
  const lacks = scope === undefined ? undefined : `, error="insufficient_scope", scope="${scope}"`
  const wrong = lacks ?? (authorization === undefined ? '' : ', error="invalid_token"')
  return `Bearer realm="tradepost", resource_metadata="${at}"${wrong}`
}

const baseOf = ({ settings }: App, { protocol, host }: FastifyRequest): string =>
  (settings.public_url ?? `${protocol}://${host}`).replace(/\/$/, '')
