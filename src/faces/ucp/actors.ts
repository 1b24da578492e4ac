import { actorOfLink, type LinkScope, linkedActor } from '#modules/ucp'
import type { App, Credentials } from '#platform/app'
import type { Actor } from '#platform/context'
import { UcpFault } from './fault.ts'

/** Who asks: a customer through a platform that they have linked, else whoever the house knows. */
export const actorFor = async (app: App, credentials: Credentials): Promise<Actor> =>
  (await actorOfLink(app, credentials.authorization)) ?? app.authenticate(credentials)

/** Refuses what the customer did not allow the platform. Throws a fault. */
export function requireScope(actor: Actor, scope: LinkScope | undefined): void {
  if (scope === undefined || !linkedActor(actor) || actor.may(scope)) return
  throw new UcpFault(403, 'insufficient_scope', `The customer did not allow ${scope}.`, scope)
}
