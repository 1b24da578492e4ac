import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalidField } from '#platform/operations'
import { httpErrors } from './errors.ts'
import { readJson } from './json.ts'

const JSON_BODY = 'application/json'
const FORM_BODY = 'application/x-www-form-urlencoded'
/** Published paths whose clients post a form (users-products-orders API, section 2). */
const FORM_ROUTES = new Set([
  '/api/v1/users/login',
  // OAuth knows no other bodies (RFC 6749).
  '/ucp/oauth/authorize',
  '/ucp/oauth/token',
  '/ucp/oauth/revoke',
])

/** Says which bodies are read: JSON everywhere, forms where a published client sends them. */
export function acceptBodies(http: FastifyInstance): void {
  http.removeAllContentTypeParsers()
  http.addContentTypeParser(JSON_BODY, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      requireUtf8(request)
      const { text, value } = readJson(body as Buffer)
      request.bodyText = text
      done(null, value)
    } catch (error) {
      done(error as Error)
    }
  })
  http.addContentTypeParser(FORM_BODY, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!FORM_ROUTES.has(request.routeOptions.url ?? '')) throw wrongType()
      requireUtf8(request)
      request.bodyText = body.toString()
      done(null, readForm(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

const wrongType = () => httpErrors.wrong_type({ expected: JSON_BODY })

function requireUtf8({ headers }: FastifyRequest): void {
  const [, charset = 'utf-8'] =
    /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '') ?? []
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) throw wrongType()
}

function readForm(body: Buffer): Record<string, string> {
  if (!isUtf8(body)) throw httpErrors.bad_text()
  const members = new Map(new URLSearchParams(body.toString()))
  for (const [name, value] of members) {
    const broken = value.includes('\0') || value.includes('\ufffd')
    if (broken) throw invalidField(name, 'is not UTF-8 text, or contains the character U+0000')
  }
  return Object.fromEntries(members)
}
