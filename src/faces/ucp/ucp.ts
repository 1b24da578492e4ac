import type { FastifyRequest } from 'fastify'
import type { App, Credentials } from '#platform/app'
import { mountTools } from '../mcp/mount.ts'
import type { Face } from '../rest/faces.ts'
import { actorFor } from './actors.ts'
import { mountOAuth } from './oauth/oauth.ts'
import { businessProfile } from './profile.ts'
import { mountRest } from './rest.ts'
import { checkSignature } from './signed-requests.ts'

/** How long a platform may keep what it has read here. */
const PROFILE_SECONDS = 300

/** The Universal Commerce Protocol: its profile, REST below `/ucp`, tools at `/ucp/mcp`. */
export const ucp: Face = async (http, app) => {
  http.get('/.well-known/ucp', async (request, reply) =>
    reply
      .header('content-type', 'application/json')
      .header('cache-control', `public, max-age=${PROFILE_SECONDS}`)
      .send(JSON.stringify(businessProfile(app, baseOf(app, request)))),
  )
  await mountRest(http, app, '/ucp')
  await mountOAuth(http, app)
  const box = async () => (await import('./tools.ts')).ucpTools(app)
  const check = (request: FastifyRequest) => checkSignature(app, request)
  const actorOf = (credentials: Credentials) => actorFor(app, credentials)
  await mountTools(http, app, { path: '/ucp/mcp', box, check, actorOf })
}

const baseOf = ({ settings }: App, { protocol, host }: FastifyRequest): string =>
  (settings.public_url ?? `${protocol}://${host}`).replace(/\/$/, '')
