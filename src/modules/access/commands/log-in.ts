import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { accessErrors } from '../errors.ts'
import { forgetAttempts, inTurn, returnAttempt, takeAttempt } from '../login-attempts.ts'
import { hashPassword, isOutdated, nobodysHash, verifyPassword } from '../passwords.ts'
import { findUserByEmail, type StoredUser } from '../queries.ts'
import { type LogIn, normalEmail, type TokenPair } from '../schemas.ts'
import { type Codes, findTotp, takeCode } from '../second-factor.ts'
import { startSession } from '../sessions.ts'
import { db } from '../tables.ts'

/**
 * Proves a password, and the second factor where one is on, and starts a session. The hash is
 * computed between two transactions, never in one. `customers_only` knows nobody who is none.
 */
export async function logIn(
  ctx: ProcessContext,
  input: LogIn,
  { customers_only = false } = {},
): Promise<{ tokens: TokenPair; user: StoredUser }> {
  const { made, user } = await proveLogin(ctx, input, { customers_only, make: startSession })
  return { tokens: made, user }
}

/** What is made of a proven login, in the transaction that proves it. */
type Making<T> = {
  customers_only?: boolean
  make: (ctx: Context, user: StoredUser) => Promise<T>
}

/** The same proof, of which something else than a session is made. */
export async function proveLogin<T extends object>(
  ctx: ProcessContext,
  input: LogIn,
  { customers_only = false, make }: Making<T>,
): Promise<{ made: T; user: StoredUser }> {
  const named = input.email ?? input.username
  if (named === undefined) throw invalidField('email', 'is required')
  const email = normalEmail(named)
  return inTurn(ctx, email, async () => {
    const user = await provePassword(ctx, { email, password: input.password, customers_only })
    if (user.status !== 'active') throw accessErrors.account_suspended()
    const fresh = isOutdated(user.password_hash, ctx.settings)
      ? await hashPassword(input.password, ctx.settings)
      : user.password_hash
    const proven = { codes: input, hash: fresh, make }
    const made = await ctx.transaction((tx) => prove(tx, user, proven))
    if (made) return { made, user }
    await ctx.transaction((tx) => returnAttempt(tx, email), 'read committed')
    throw accessErrors.totp_required()
  })
}

type Shown = { email: string; password: string; customers_only?: boolean }

/**
 * The user whose e-mail and password these are. Takes an attempt, which the caller gives back. An
 * unknown e-mail costs the same time and gets the same answer as a wrong password.
 */
async function provePassword(ctx: ProcessContext, shown: Shown): Promise<StoredUser> {
  const { email, password, customers_only } = shown
  const user = await ctx.transaction(async (tx) => {
    await takeAttempt(tx, email)
    const found = await findUserByEmail.first(tx, { email })
    return customers_only && !found?.customer_id ? undefined : found
  }, 'read committed')
  const right = await verifyPassword(password, user?.password_hash ?? nobodysHash(ctx.settings))
  if (!user || !right) throw accessErrors.invalid_credentials()
  return user
}

const markLogin = prepared(
  db,
  (open, p: { id: StoredUser['id']; now: string; known: string; fresh: string }) =>
    open
      .updateTable('users')
      .set({ last_login_at: p.now, password_hash: p.fresh })
      .where('id', '=', p.id)
      .where('status', '=', 'active')
      .where('password_hash', '=', p.known),
)

/** Undefined: a code is asked for. The row is written to, so a change of password excludes it. */
async function prove<T>(
  ctx: Context,
  user: StoredUser,
  { codes, hash, make }: { codes: Codes; hash: string; make: Making<T>['make'] },
): Promise<T | undefined> {
  const totp = await findTotp.first(ctx, { user_id: user.id })
  if (totp?.confirmed_at) {
    if (codes.totp_code === undefined && codes.recovery_code === undefined) return undefined
    await takeCode(ctx, totp, codes)
  }
  const mark = { id: user.id, now: ctx.now, known: user.password_hash, fresh: hash }
  const { affected } = await markLogin.run(ctx, mark)
  if (affected === 0) throw accessErrors.invalid_credentials()
  await forgetAttempts(ctx, user.email)
  return make(ctx, user)
}
