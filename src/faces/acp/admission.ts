import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Limit } from '#faces/rest/limits/policies'
import type { App } from '#platform/app'
import type { Settings } from '#platform/config/settings'
import { requestErrors } from '#platform/operations'
import { agentOf } from './agent.ts'

/** What routes that admit agents say of themselves. */
export const limitedByAgent = { own_limits: true }

const MINUTE_MS = 60_000
const perMinute = (name: string, limit: number): Limit => ({ name, limit, window_ms: MINUTE_MS })

/** What is counted of one agent: requests; those that may take money; those that try codes. */
const limitsOf = (settings: Settings) => ({
  requests: perMinute('agent', settings.agent_requests_per_minute),
  completions: perMinute('agent-complete', settings.agent_completions_per_minute),
  codes: perMinute('agent-codes', settings.agent_codes_per_minute),
})

/**
 * Lets agents in to the routes of a scope: an agent is counted by its key, wherever it asks from,
 * and who is none by address. Completions are counted apart, as are requests with discount codes,
 * so that nobody tries cards or codes by the thousand.
 */
export function admitAgents(scope: FastifyInstance, app: App): void {
  const { requests, completions, codes } = limitsOf(app.settings)
  const limits = scope.rateLimits
  const callerOf = ({ ip, url, actor, headers }: FastifyRequest) => ({
    actor: actor ?? undefined,
    address: ip,
    paths: [url],
    api_key: keyIn(headers),
  })

  scope.addHook('onRequest', async (request, reply) => {
    try {
      const actor = await agentOf(app, request.headers)
      if (actor.kind === 'anonymous') throw requestErrors.unauthenticated()
      request.actor = actor
    } catch (error) {
      await limits?.take(callerOf(request), reply)
      throw error
    }
    if (!limits) return
    const also = request.routeOptions.url?.endsWith('/complete') ? [completions] : []
    await limits.take({ ...callerOf(request), general: requests, also }, reply)
  })
  if (!limits) return
  scope.addHook('preHandler', async (request, reply: FastifyReply) => {
    if (!triesCodes(request.body)) return
    await limits.take({ ...callerOf(request), paths: [], signed: true, also: [codes] }, reply)
  })
}

const keyIn = ({ authorization, 'x-api-key': key }: FastifyRequest['headers']) =>
  typeof key === 'string' ? key : authorization?.replace(/^Bearer +/i, '')

type Coded = { discounts?: { codes?: unknown } | null; coupons?: unknown }

function triesCodes(body: unknown): boolean {
  const { discounts, coupons } = (body ?? {}) as Coded
  return [discounts?.codes, coupons].some((codes) => Array.isArray(codes) && codes.length > 0)
}
