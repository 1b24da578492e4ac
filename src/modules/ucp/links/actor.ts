import type { Id } from '#kit/ids'
import { accessErrors, profileOf } from '#modules/access'
import type { App } from '#platform/app'
import type { Actor, Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { readAsSystem } from '#platform/execute'
import { db } from '../tables.ts'
import { hashOf, isLinkToken, linkIn } from './tokens.ts'

/** A customer for whom a platform asks, as far as they allowed. */
export type LinkedActor = Actor & {
  person: { email: string; first_name: string; last_name: string }
}

const BEARER = /^Bearer +(\S+) *$/i

const openLink = prepared(db, (open, p: { id: Id<'ucp_link'>; access_hash: string; now: string }) =>
  open
    .selectFrom('ucp_links')
    .select(['id', 'user_id', 'customer_id', 'scopes'])
    .where('id', '=', p.id)
    .where('access_hash', '=', p.access_hash)
    .where('access_expires_at', '>', p.now)
    .where('ended_at', 'is', null),
)

/**
 * Who shows the access token of a link; undefined where the header holds none. Throws a 401 for one
 * that is unknown, over or ended. They may use the protocol as the scopes say, and nothing else.
 */
export async function actorOfLink(
  app: App,
  authorization: string | undefined,
): Promise<LinkedActor | undefined> {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
  if (token === undefined || !isLinkToken(token)) return undefined
  const id = linkIn(token, 'at')
  if (!id) throw accessErrors.invalid_token()
  const actor = await readAsSystem(app, (ctx) => linkedBy(ctx, id, token))
  if (!actor) throw accessErrors.invalid_token()
  return actor
}

async function linkedBy(ctx: Context, id: Id<'ucp_link'>, token: string) {
  const link = await openLink.first(ctx, { id, access_hash: hashOf(token), now: ctx.now })
  const person = link && (await profileOf(ctx, link.user_id))
  if (!link || !person) return undefined
  const { email, first_name, last_name } = person
  const held = new Set(['agentic:use', ...link.scopes])
  const actor: LinkedActor = {
    kind: 'user',
    id: `ucp_link:${link.id}`,
    user_id: link.user_id,
    customer_id: link.customer_id,
    own_only: true,
    roles: [],
    may: (permission) => held.has(permission),
    person: { email, first_name, last_name },
  }
  return actor
}

/** The actor, if a platform asks for a customer. */
export const linkedActor = (actor: Actor): LinkedActor | undefined =>
  actor.id.startsWith('ucp_link:') && 'person' in actor ? (actor as LinkedActor) : undefined
