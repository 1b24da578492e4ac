import { randomBytes } from 'node:crypto'
import type { App } from '#platform/app'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { checkPassword } from '../password-policy.ts'
import { hashPassword } from '../passwords.ts'
import { normalEmail } from '../schemas.ts'
import { hasAdministrator } from '../user-roles.ts'
import { issueApiKey } from './create-api-key.ts'
import { createUser } from './create-user.ts'

export type FirstAdministrator = {
  email: string
  /** The one of the settings, or a new one. */
  password: string
  /** An API key that may do everything; it is shown nowhere else. */
  api_key: string
}

const KEY_DAYS = 90
const DAY_MS = 86_400_000

/**
 * Makes the first administrator and an API key if no active user is one, and answers what to
 * print, once; undefined if there was one already. Of two processes that start at once, one makes
 * it. Throws PASSWORD_TOO_WEAK, or USER_EMAIL_TAKEN if the e-mail of the settings is someone
 * else's.
 */
export async function ensureFirstAdministrator(app: App): Promise<FirstAdministrator | undefined> {
  if (await readAsSystem(app, (ctx) => hasAdministrator(ctx))) return undefined
  const { settings } = app
  const email = normalEmail(settings.admin_email)
  const password = settings.admin_password || randomBytes(15).toString('base64url')
  checkPassword(password, { email, own_only: false })
  const password_hash = await hashPassword(password, settings)
  return transactAsSystem(app, async (ctx) => {
    if (await hasAdministrator(ctx)) return undefined
    const name = { first_name: 'First', last_name: 'Administrator' }
    const user = await createUser(ctx, { email, ...name, password_hash, roles: ['admin'] })
    const key = await issueApiKey(ctx, {
      user_id: user.id,
      name: 'first key',
      permissions: ['*'],
      expires_at: new Date(Date.parse(ctx.now) + KEY_DAYS * DAY_MS).toISOString(),
    })
    return { email, password, api_key: key.api_key }
  })
}
