import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signingKeyOf } from '#modules/ucp'
import type { App } from '#platform/app'
import { challengeOf } from '../mcp/protected-resource.ts'
import { JSON_TYPE } from '../rest/headers.ts'
import { actorFor } from './actors.ts'
import { answer, calls } from './answer.ts'
import type { Call } from './calls.ts'
import { faultOf } from './fault.ts'
import { profileIn } from './platform.ts'
import { signAnswer } from './signatures.ts'
import { checkSignature } from './signed-requests.ts'

/** The routes of the protocol below `base`, answered in its own shapes. */
export async function mountRest(http: FastifyInstance, app: App, base: string): Promise<void> {
  await http.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => refuse(app, error, { request, reply }))
    for (const call of calls) serve(scope, app, { call, base })
  })
}

function serve(scope: FastifyInstance, app: App, { call, base }: { call: Call; base: string }) {
  const [method, path] = call.route.split(' ') as ['GET' | 'POST' | 'PUT', string]
  scope.route({
    method,
    url: `${base}${path}`,
    handler: async (request, reply) => {
      const told = headersOf(request)
      const profile_url = profileIn(told['ucp-agent'])
      await checkSignature(app, request)
      const { authorization, 'x-api-key': api_key } = told
      const actor = await actorFor(app, { authorization, api_key })
      const { id = '' } = request.params as { id?: string }
      const { status, body } = await answer(app, call, {
        actor,
        headers: {},
        request_id: request.id,
        key: told['idempotency-key'],
        profile_url,
        id,
        body: request.body ?? {},
      })
      const request_id = told['request-id']
      if (request_id !== undefined) reply.header('request-id', request_id)
      const text = JSON.stringify(body)
      const key = call.isSigned ? signingKeyOf(app.settings) : undefined
      const created_s = Math.floor(app.clock().getTime() / 1000)
      const signable = { status, content_type: JSON_TYPE, body: text, created_s }
      if (key) reply.headers(signAnswer(signable, key))
      return reply.code(status).header('content-type', JSON_TYPE).send(text)
    },
  })
}

const headersOf = ({ headers }: FastifyRequest): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).filter(([, value]) => typeof value === 'string'),
  ) as Record<string, string>

type Exchange = { request: FastifyRequest; reply: FastifyReply }

function refuse(app: App, error: unknown, { request, reply }: Exchange): FastifyReply {
  const { status, code, message: content, scope } = faultOf(error)
  if (status >= 500) app.log.error({ err: error, request_id: request.id }, 'UCP broke')
  if (status === 401 || scope !== undefined) {
    reply.header('www-authenticate', challengeOf(app, request, scope))
  }
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(JSON.stringify({ code, content }))
}
