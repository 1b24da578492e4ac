import { NoProfile, readProfile } from '#adapters/ucp-profiles/read-profile'
import { LINK_SCOPES, type LinkScope } from '#modules/ucp'
import type { App } from '#platform/app'

/** What a platform asks a customer for, checked. */
export type Wish = {
  client_id: string
  client_name: string
  redirect_uri: string
  code_challenge: string
  scopes: LinkScope[]
  state: string | undefined
}

/** It cannot be told to the platform, because nobody knows whose address that is. */
export class NoClient extends Error {}

/** It can: the customer is sent back with it. */
export class Declined extends Error {
  readonly wish: Pick<Wish, 'redirect_uri' | 'state'>
  readonly error: string
  constructor(wish: Declined['wish'], error: string, message: string) {
    super(message)
    this.wish = wish
    this.error = error
  }
}

type Asked = Record<string, string | undefined>
type Document = { client_id?: unknown; client_name?: unknown; redirect_uris?: unknown }

const NAME_MAX = 100
const CHALLENGE = /^[\w-]{43}$/

/**
 * Reads what an authorization request asks for. The client is the address of a document of its own
 * (client id metadata document), which names the addresses to which customers may be sent back.
 * Throws `NoClient`, or `Declined` once the way back is known.
 */
export async function readWish(app: App, asked: Asked): Promise<Wish> {
  const { client_id = '', redirect_uri = '', state } = asked
  const document = await documentOf(app, client_id)
  const known = Array.isArray(document.redirect_uris) ? document.redirect_uris : []
  if (!known.some((uri) => typeof uri === 'string' && isSame(uri, redirect_uri))) {
    throw new NoClient(
      'The platform does not know the address to which it wants to be called back.',
    )
  }
  const back = { redirect_uri, state }
  if (asked.response_type !== 'code') {
    throw new Declined(back, 'unsupported_response_type', 'Ask for response_type=code.')
  }
  const { code_challenge = '', code_challenge_method } = asked
  if (code_challenge_method !== 'S256' || !CHALLENGE.test(code_challenge)) {
    throw new Declined(back, 'invalid_request', 'Send a code_challenge by S256 (PKCE).')
  }
  const wanted = new Set((asked.scope ?? '').split(' ').filter(Boolean))
  const scopes = LINK_SCOPES.filter((scope) => wanted.has(scope))
  if (scopes.length === 0 || scopes.length < wanted.size) {
    throw new Declined(back, 'invalid_scope', `Scopes are ${LINK_SCOPES.join(' and ')}.`)
  }
  const client_name = nameOf(document, client_id)
  return { client_id, client_name, redirect_uri, code_challenge, scopes, state }
}

async function documentOf({ settings }: App, client_id: string): Promise<Document> {
  const read = await readProfile(settings, client_id).catch((error) => {
    if (error instanceof NoProfile) {
      throw new NoClient(`The platform does not say who it is: ${error.message}.`)
    }
    throw error
  })
  const document = (read.body ?? {}) as Document
  if (document.client_id === client_id) return document
  throw new NoClient('The platform says that it is somebody else.')
}

/** What it calls itself, and where that is said: names can be chosen, hosts cannot. */
function nameOf({ client_name }: Document, client_id: string): string {
  const { host } = new URL(client_id)
  const name = typeof client_name === 'string' ? client_name.trim() : ''
  return (name ? `${name} (${host})` : host).slice(0, NAME_MAX)
}

/** Letter by letter; a program on the customer's machine may listen on any port (RFC 8252). */
function isSame(known: string, asked: string): boolean {
  if (known === asked) return true
  if (!URL.canParse(known) || !URL.canParse(asked)) return false
  const [one, other] = [new URL(known), new URL(asked)]
  const isLoopback = (url: URL) =>
    url.protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(url.hostname)
  if (!isLoopback(one) || !isLoopback(other)) return false
  one.port = ''
  other.port = ''
  return one.href === other.href
}
