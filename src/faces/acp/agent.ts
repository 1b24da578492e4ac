import type { IncomingHttpHeaders } from 'node:http'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'

/**
 * Which agent asks. The protocol knows bearer tokens only, so an API key may stand where a token
 * does; the house's own header is understood too.
 */
export function agentOf(app: App, headers: IncomingHttpHeaders): Promise<Actor> {
  const { authorization, 'x-api-key': api_key } = headers as Record<string, string | undefined>
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (bearer?.startsWith(app.settings.api_key_prefix)) return app.authenticate({ api_key: bearer })
  return app.authenticate({ authorization, api_key })
}
