import { createHash, randomBytes } from 'node:crypto'
import type { Settings } from '#platform/config/settings'
import { seal, unseal } from '#platform/sealed'

const PREFIX = 'whsec_'
const BYTES = 32

/** A new secret in the form of Standard Webhooks. */
export const newSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64')

/**
 * The key that a secret stands for: the bytes behind `whsec_`, else the text itself (Standard
 * Webhooks, «Signature scheme»).
 */
export const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8')

/** What is shown of a secret afterwards. */
export const hintOf = (secret: string): string => `…${secret.slice(-4)}`

export const sealSecret = (secret: string, { jwt_secret }: Settings): string =>
  seal(secret, jwt_secret)

/** The secret again; throws if the house's own secret is another one now. */
export const openSecret = (sealed: string, { jwt_secret }: Settings): string =>
  unseal(sealed, jwt_secret)

/** Recognises the endpoint that a protocol brings along each time. */
export const protocolKey = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url')
