import { hash } from 'node:crypto'
import type { Id } from '#kit/ids'
import type { App, Credentials } from '#platform/app'
import type { Actor, Context } from '#platform/context'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { actorCache, type Known } from './actor-cache.ts'
import { findApiKey, findSession, writeKeyUse } from './credentials.ts'
import { accessErrors } from './errors.ts'
import { readToken } from './tokens.ts'

/** Who sends no credentials: sees what is public, and nothing of anyone's own. */
export const anonymous: Actor = {
  kind: 'anonymous',
  id: 'anonymous',
  user_id: null,
  customer_id: null,
  own_only: true,
  roles: [],
  may: () => false,
}

const BEARER = /^Bearer +(\S+) *$/i
/** How exactly the last use of an API key is known, in milliseconds. */
const USE_PRECISION_MS = 60_000

/**
 * Who shows these credentials. A bearer token is looked at first, and a bad one is refused even if
 * a good API key stands beside it. Throws a 401; anonymous if there is nothing to look at. A
 * credential seen lately costs a digest and a look-up, no round trip (see actor-cache.ts).
 */
export async function authenticate(app: App, credentials: Credentials): Promise<Actor> {
  const { authorization, api_key } = credentials
  const now_ms = app.clock().getTime()
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined) throw accessErrors.invalid_token()
    const known = await recognise(app, { secret: token, now_ms, read: readBearer })
    return known.actor
  }
  if (api_key === undefined) return anonymous
  const known = await recognise(app, { secret: api_key, now_ms, read: readApiKey })
  writeUse(app, known, now_ms)
  return known.actor
}

type Reader = (app: App, secret: string, now_ms: number) => Promise<Known>
type Shown = { secret: string; now_ms: number; read: Reader }

async function recognise(app: App, { secret, now_ms, read }: Shown): Promise<Known> {
  const cache = actorCache(app)
  const digest = hash('sha256', secret, 'base64')
  const cached = cache.find(app.database, digest, now_ms)
  app.metrics.count(cached ? 'cache_hits_total' : 'cache_misses_total', { cache: 'actors' })
  if (cached) return cached
  const mark = cache.mark()
  const known = await read(app, secret, now_ms)
  cache.keep(app.database, { digest, known, mark, now_ms })
  return known
}

async function readBearer(app: App, token: string, now_ms: number): Promise<Known> {
  const { sid, exp } = readToken(app, token, { token_type: 'access', now_ms })
  const session = await ask(app, (ctx) => findSession(ctx, sid as Id<'session'>))
  if (!session || session.revoked_at || session.status !== 'active') {
    throw accessErrors.revoked_token()
  }
  const { actor } = session
  return { actor, expires_ms: exp * 1000, depends_on: [`session:${sid}`, `user:${actor.user_id}`] }
}

async function readApiKey(app: App, secret: string, now_ms: number): Promise<Known> {
  const key = await ask(app, (ctx) => findApiKey(ctx, hashKey(secret)))
  if (!key || key.revoked_at || key.status !== 'active') throw accessErrors.invalid_api_key()
  const expires_ms = key.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(key.expires_at)
  if (expires_ms <= now_ms) throw accessErrors.expired_api_key()
  const used_ms = key.last_used_at === null ? 0 : Date.parse(key.last_used_at)
  const depends_on = [`key:${key.key_id}`, `user:${key.actor.user_id}`]
  return { actor: key.actor, expires_ms, depends_on, key_id: key.key_id, used_ms }
}

const ask = <T>(app: App, body: (ctx: Context) => Promise<T>) =>
  readAsSystem(app, body, 'statement')

/** How an API key is stored. */
export const hashKey = (secret: string): string => hash('sha256', secret, 'hex')

/** Beside the request, never in its way: nobody waits, and a loss costs a minute of detail. */
function writeUse(app: App, known: Known, now_ms: number): void {
  const { key_id, used_ms = 0 } = known
  if (key_id === undefined || now_ms - used_ms < USE_PRECISION_MS) return
  known.used_ms = now_ms
  const before = new Date(now_ms - USE_PRECISION_MS).toISOString()
  const write = (ctx: Context) => writeKeyUse(ctx, key_id, before)
  transactAsSystem(app, write, 'read committed').catch((error) =>
    app.log.debug({ err: error }, 'the use of an API key was not written down'),
  )
}
