import { hash, randomBytes } from 'node:crypto'
import { type Id, isUuid } from '#kit/ids'

// Tokens of links are good for the protocol's face alone: the house's own login does not know them.

const BYTES = 32
const SHAPE = /^ucp_(at|rt)_([0-9a-f-]{36})\.([\w-]{43})$/

export const ACCESS_SECONDS = 3_600
export const REFRESH_SECONDS = 90 * 86_400
export const CODE_SECONDS = 120

/** Something that nobody can guess. */
export const newSecret = (): string => randomBytes(BYTES).toString('base64url')

/** How a secret is kept. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'hex')

/** A token of a link: `at` opens, `rt` is traded for the next pair. */
export const tokenOf = (kind: 'at' | 'rt', link_id: Id<'ucp_link'>): string =>
  `ucp_${kind}_${link_id}.${newSecret()}`

/** The link that a token names; undefined for what is no token of a link. */
export function linkIn(token: string, kind?: 'at' | 'rt'): Id<'ucp_link'> | undefined {
  const [, is, id = ''] = SHAPE.exec(token) ?? []
  return isUuid(id) && (kind === undefined || is === kind) ? (id as Id<'ucp_link'>) : undefined
}

/** Whether a bearer token is one of links, good or bad. */
export const isLinkToken = (token: string): boolean => /^ucp_[ar]t_/.test(token)
