import { createHmac, hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { CART_SESSION } from '#faces/rest/headers'
import { defineErrors } from '#kit/errors'
import type { App } from '#platform/app'
import { type Actor, systemActor } from '#platform/context'
import { Unreadable } from './validation.ts'

export const callerErrors = defineErrors({
  signed_out: { code: 'ECOMMERCE_SIGNED_OUT', status: 401, message: 'Not authenticated' },
})

/** Who asks, and the secret of their cart. */
export type Caller = { actor: Actor; session_id?: string }

/**
 * The channel's shared anonymous cart: the published flow has neither user nor session. Anonymous
 * callers exist in development only, so everybody may know it.
 */
const SHARED_CART = 'ecommerce-shared-cart'
const SECRET = /^[\x21-\x7e]{8,200}$/

/**
 * Who asks. The published interface knows no callers at all; here that holds in development only,
 * and there whoever asks may do all that this face can. Elsewhere nobody is answered who shows no
 * credential: 401.
 */
export async function callerOf(app: App, request: FastifyRequest): Promise<Caller> {
  const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
  const actor = await app.authenticate({ authorization, api_key })
  request.actor = actor
  const sent = secretIn(request)
  if (actor.kind === 'anonymous') {
    if (app.settings.environment !== 'development') throw callerErrors.signed_out()
    const stranger: Actor = { ...systemActor, id: 'ecommerce:anonymous' }
    return { actor: stranger, session_id: sent ?? SHARED_CART }
  }
  if (sent !== undefined) return { actor, session_id: sent }
  if (actor.customer_id) return { actor }
  return { actor, session_id: ownSecret(app, actor) }
}

function secretIn({ headers }: FastifyRequest): string | undefined {
  const sent = headers[CART_SESSION]
  if (sent === undefined) return undefined
  if (typeof sent === 'string' && SECRET.test(sent)) return sent
  const msg = 'Value error, it must be 8 to 200 visible ASCII characters'
  throw new Unreadable([{ type: 'value_error', loc: ['header', CART_SESSION], msg, input: sent }])
}

/** A cart for staff and API keys, who are no customers; nobody else can name it. */
const ownSecret = ({ settings }: App, { id }: Actor): string =>
  createHmac('sha256', settings.jwt_secret).update(`ecommerce cart of ${id}`).digest('base64url')

/** What tells one caller's Idempotency-Keys from another's. */
export const scopeOf = ({ actor, session_id }: Caller): string =>
  `${actor.id}:${hash('sha256', session_id ?? '', 'base64url')}`
