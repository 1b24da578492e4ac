import { randomInt } from 'node:crypto'
import type { Id } from '#kit/ids'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { hashKey } from '../authenticate.ts'
import { permissionsTogether } from '../built-in-roles.ts'
import { accessErrors } from '../errors.ts'
import { apiKeyEvents } from '../events.ts'
import type { CreateApiKey, NewApiKey } from '../schemas.ts'
import { rolesOfUser } from '../sessions.ts'
import { db } from '../tables.ts'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 32
/** How much of a key is shown afterwards, beyond the prefix that all have. */
const SHOWN = 6
const DAYS_DEFAULT = 90
const DAY_MS = 86_400_000

const insertKey = insertRows(db, 'api_keys')

/** An API key of the caller's own, which never does more than the caller may. Shown this once. */
export async function createApiKey(ctx: Context, input: CreateApiKey): Promise<NewApiKey> {
  const { user_id } = ctx.actor
  if (!user_id) throw accessErrors.needs_user()
  for (const permission of input.permissions ?? []) {
    if (!ctx.actor.may(permission)) throw accessErrors.beyond_own_permissions({ permission })
  }
  const permissions = input.permissions ?? (await permissionsHeld(ctx, user_id))
  return issueApiKey(ctx, {
    user_id,
    name: input.name,
    permissions,
    expires_at: expiry(ctx, input),
  })
}

type Issue = { user_id: Id<'user'>; name: string; permissions: string[]; expires_at: string }

/** Issues a key without asking who asks: the caller has seen to that. */
export async function issueApiKey(ctx: Context, issue: Issue): Promise<NewApiKey> {
  const prefix = ctx.settings.api_key_prefix
  const secret =
    prefix + Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  const key = {
    ...issue,
    id: ctx.newId('api_key'),
    prefix: secret.slice(0, prefix.length + SHOWN),
    created_at: ctx.now,
    last_used_at: null,
    revoked_at: null,
  }
  await insertKey(ctx, { rows: [{ ...key, key_hash: hashKey(secret) }] })
  const { user_id, name } = issue
  emit(ctx, apiKeyEvents.created({ api_key_id: key.id, user_id, name }))
  return { ...key, api_key: secret, key: secret }
}

/** An API key that makes a key passes on no more than it holds itself. */
async function permissionsHeld(ctx: Context, user_id: Id<'user'>): Promise<string[]> {
  const roles = await rolesOfUser(ctx, { user_id })
  return permissionsTogether(roles).filter(ctx.actor.may)
}

function expiry(ctx: Context, { expires_in_days, expires_at }: CreateApiKey): string {
  const now_ms = Date.parse(ctx.now)
  if (expires_at === undefined) {
    return new Date(now_ms + (expires_in_days ?? DAYS_DEFAULT) * DAY_MS).toISOString()
  }
  const instant = toInstant(expires_at)
  if (instant <= ctx.now) throw invalidField('expires_at', 'must be in the future')
  return instant
}
