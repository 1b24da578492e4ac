import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '#kit/errors'
import { LINK_SCOPES } from '#modules/ucp'
import type { App } from '#platform/app'
import { anonymousOf } from './anonymous.ts'
import { Declined, NoClient, readWish, type Wish } from './clients.ts'
import { loginPage, problemPage } from './page.ts'

const ROOT = '/ucp/oauth'
/** How long a platform may keep what it has read here. */
const METADATA_SECONDS = 300

type Fields = Record<string, string | undefined>
type Exchange = { request: FastifyRequest; reply: FastifyReply }

/**
 * Identity linking: OAuth 2 by authorization code with PKCE, over the shop's own login of
 * customers. Clients are public and known by their documents, so there is nothing to register.
 */
export async function mountOAuth(http: FastifyInstance, app: App): Promise<void> {
  http.get('/.well-known/oauth-authorization-server', async (request, reply) =>
    reply
      .header('content-type', 'application/json')
      .header('cache-control', `public, max-age=${METADATA_SECONDS}`)
      .send(JSON.stringify(metadata(issuerOf(app, request)))),
  )
  await http.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => brokenPage(app, error, { request, reply }))
    scope.get(`${ROOT}/authorize`, async (request, reply) => {
      const wish = await readWish(app, fieldsOf(request.query))
      return show(reply, { wish, html: loginPage({ wish, shop_name: app.settings.shop_name }) })
    })
    scope.post(`${ROOT}/authorize`, (request, reply) => decide(app, { request, reply }))
  })
  await http.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => brokenJson(app, error, { request, reply }))
    scope.post(`${ROOT}/token`, (request, reply) => giveTokens(app, { request, reply }))
    scope.post(`${ROOT}/revoke`, async (request, reply) => {
      const { client_id, token } = fieldsOf(request.body)
      await anonymousOf(app, request).ask('ucp.give_link_back', { client_id, token })
      return reply.code(200).header('cache-control', 'no-store').send()
    })
  })
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}${ROOT}/authorize`,
  token_endpoint: `${issuer}${ROOT}/token`,
  revocation_endpoint: `${issuer}${ROOT}/revoke`,
  scopes_supported: LINK_SCOPES,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
})

const issuerOf = ({ settings }: App, { protocol, host }: FastifyRequest): string =>
  (settings.public_url ?? `${protocol}://${host}`).replace(/\/$/, '')

/** The customer has logged in and allowed, or not. */
async function decide(app: App, { request, reply }: Exchange): Promise<FastifyReply> {
  const fields = fieldsOf(request.body)
  const wish = await readWish(app, fields)
  if (fields.decision !== 'allow') {
    throw new Declined(wish, 'access_denied', 'The customer did not allow it.')
  }
  const { email = '', password = '', totp_code } = fields
  const { state: _, ...asked } = wish
  const login = { email, password, ...(totp_code && { totp_code }) }
  try {
    const { code } = (await anonymousOf(app, request).ask('ucp.grant_link', {
      ...asked,
      ...login,
    })) as { code: string }
    return back(reply, wish, { code, iss: issuerOf(app, request) })
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error
    const asksCode = /TOTP/.test(error.code)
    const showing = { wish, shop_name: app.settings.shop_name, problem: error.message, email }
    const html = loginPage({ ...showing, asksCode })
    return show(reply.code(error.status === 429 ? 429 : 400), { wish, html })
  }
}

/** Sends the customer's browser back to the platform, with an answer in the address. */
function back(reply: FastifyReply, wish: Pick<Wish, 'redirect_uri' | 'state'>, told: Fields) {
  const url = new URL(wish.redirect_uri)
  const answer = { ...told, ...(wish.state !== undefined && { state: wish.state }) }
  for (const [name, value] of Object.entries(answer)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return reply.header('cache-control', 'no-store').redirect(url.href, 303)
}

type Showing = { wish?: Wish; html: string }

/** Nobody may show the page in a frame, and its form goes here and on to the platform alone. */
function show(reply: FastifyReply, { wish, html }: Showing): FastifyReply {
  const onwards = wish ? ` ${new URL(wish.redirect_uri).origin}` : ''
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${onwards}; frame-ancestors 'none'; base-uri 'none'`,
    )
    .send(html)
}

function brokenPage(app: App, error: unknown, { request, reply }: Exchange): FastifyReply {
  if (error instanceof Declined) {
    const iss = issuerOf(app, request)
    return back(reply, error.wish, { error: error.error, error_description: error.message, iss })
  }
  const { shop_name } = app.settings
  if (error instanceof NoClient) {
    return show(reply.code(400), { html: problemPage(shop_name, error.message) })
  }
  const status = statusOf(app, error, request)
  const problem = status >= 500 ? 'It broke on our side.' : (error as Error).message
  return show(reply.code(status), { html: problemPage(shop_name, problem) })
}

/** The tokens for a code, or the next ones for a refresh token. */
async function giveTokens(app: App, { request, reply }: Exchange): Promise<FastifyReply> {
  const { grant_type, client_id, redirect_uri, code, code_verifier, refresh_token } = fieldsOf(
    request.body,
  )
  const { ask } = anonymousOf(app, request)
  const answer = (tokens: unknown) =>
    reply
      .header('content-type', 'application/json')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(tokens))
  if (grant_type === 'refresh_token') {
    return answer(await ask('ucp.renew_link', { client_id, refresh_token }))
  }
  if (grant_type === 'authorization_code') {
    const shown = { client_id, redirect_uri, code, code_verifier }
    return answer(await ask('ucp.trade_code', shown))
  }
  return reply.code(400).header('cache-control', 'no-store').send({
    error: 'unsupported_grant_type',
    error_description: 'Ask by authorization_code or refresh_token.',
  })
}

function brokenJson(app: App, error: unknown, { request, reply }: Exchange): FastifyReply {
  const status = statusOf(app, error, request)
  const code = (error as { code?: string }).code
  const word = code === 'UCP_LINK_INVALID_GRANT' ? 'invalid_grant' : 'invalid_request'
  const said = status >= 500 ? 'It broke on our side.' : (error as Error).message
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error: status >= 500 ? 'server_error' : word, error_description: said })
}

function statusOf(app: App, error: unknown, request: FastifyRequest): number {
  const { status, statusCode } = error as { status?: number; statusCode?: number }
  const told = status ?? statusCode ?? 500
  if (told >= 500) app.log.error({ err: error, request_id: request.id }, 'identity linking broke')
  return told
}

/** Fields of a query or a form; one that comes twice is none (RFC 6749, 3.1). */
function fieldsOf(told: unknown): Fields {
  const entries = Object.entries((told ?? {}) as Record<string, unknown>)
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
