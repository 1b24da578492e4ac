import { createHmac, hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { CART_SESSION } from '#faces/rest/headers'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { invalidField } from '#platform/operations'

/** Who asks, and the secret of the cart that they have without being a customer. */
export type Caller = { actor: Actor; session_id: string | undefined }

const SECRET = /^[\x21-\x7e]{8,200}$/

/**
 * Whose cart is meant: a guest's by the `session_id` of query, body or header. A customer has
 * theirs, and brings a guest's along with it. Staff and API keys are no customers: they have one by
 * a secret that only this server can compute.
 */
export function callerOf(app: App, request: FastifyRequest, actor: Actor): Caller {
  const session_id = secretIn(request)
  const isCustomer = actor.kind === 'anonymous' || actor.customer_id !== null
  if (session_id !== undefined || isCustomer) return { actor, session_id }
  return { actor, session_id: ownSecret(app, actor) }
}

function secretIn({ query, body, headers }: FastifyRequest): string | undefined {
  const named = (from: unknown) =>
    typeof from === 'object' && from !== null && 'session_id' in from
      ? (from.session_id ?? undefined)
      : undefined
  const secret = named(query) ?? named(body) ?? headers[CART_SESSION]
  if (secret === undefined) return undefined
  if (typeof secret === 'string' && SECRET.test(secret)) return secret
  throw invalidField('session_id', 'must be 8 to 200 visible ASCII characters')
}

const ownSecret = ({ settings }: App, { id }: Actor): string =>
  createHmac('sha256', settings.jwt_secret).update(`shop cart of ${id}`).digest('base64url')

/** What tells one caller's Idempotency-Keys from another's: guests by their secret or address. */
export function scopeOf({ actor, session_id }: Caller, { ip }: FastifyRequest): string {
  if (actor.kind !== 'anonymous') return actor.id
  return `${actor.id}:${hash('sha256', session_id ?? ip, 'base64url')}`
}
