import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Text } from '#kit/schemas'

/** What a customer may let a platform do, in the protocol's words. */
export const LINK_SCOPES = [
  'dev.ucp.shopping.checkout:manage',
  'dev.ucp.shopping.order:read',
] as const
export type LinkScope = (typeof LINK_SCOPES)[number]

const ClientId = Type.String({
  format: 'uri',
  maxLength: 2000,
  description: 'The address of the document in which the platform says who it is.',
})
const RedirectUri = Type.String({ format: 'uri', maxLength: 2000 })
const Secret = Type.String({ minLength: 1, maxLength: 300 })
/** RFC 7636: 43 to 128 characters that nobody can guess, and the SHA-256 of them. */
const Verifier = Type.String({ pattern: '^[\\w.~-]{43,128}$' })
const Challenge = Type.String({ pattern: '^[\\w-]{43}$' })

export const GrantLink = Type.Object({
  client_id: ClientId,
  client_name: Text(100),
  redirect_uri: RedirectUri,
  code_challenge: Challenge,
  scopes: Type.Array(Type.Enum([...LINK_SCOPES]), { minItems: 1, maxItems: LINK_SCOPES.length }),
  email: Text(254),
  password: Type.String({ minLength: 1, maxLength: 1000 }),
  totp_code: Type.Optional(Text(10)),
})
export type GrantLink = Static<typeof GrantLink>
export const Granted = Type.Object({
  code: Type.String({ description: 'To be traded for tokens within two minutes, once.' }),
})
export type Granted = Static<typeof Granted>

export const TradeCode = Type.Object({
  client_id: ClientId,
  redirect_uri: RedirectUri,
  code: Secret,
  code_verifier: Verifier,
})
export type TradeCode = Static<typeof TradeCode>
export const RenewLink = Type.Object({ client_id: ClientId, refresh_token: Secret })
export type RenewLink = Static<typeof RenewLink>
export const GiveBack = Type.Object({ client_id: ClientId, token: Secret })
export type GiveBack = Static<typeof GiveBack>

export const LinkTokens = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
  refresh_token: Type.String({ description: 'Works once; the answer to it has the next.' }),
  scope: Type.String({ description: 'What was allowed, blanks between.' }),
})
export type LinkTokens = Static<typeof LinkTokens>

export const Link = Type.Object({
  id: IdSchema('ucp_link'),
  client_id: Type.String(),
  client_name: Type.String(),
  scopes: Type.Array(Type.String()),
  created_at: Instant,
})
export type Link = Static<typeof Link>
export const ListLinks = Type.Object(pageQuery)
export type ListLinks = Static<typeof ListLinks>
export const Links = PageOf(Link)
export const EndLink = Type.Object({ id: IdSchema('ucp_link') })
export type EndLink = Static<typeof EndLink>
