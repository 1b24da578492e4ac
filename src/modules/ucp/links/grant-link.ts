import type { Id } from '#kit/ids'
import { accessErrors, proveLogin } from '#modules/access'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'
import { db } from '../tables.ts'
import type { Granted, GrantLink } from './schemas.ts'
import { CODE_SECONDS, hashOf, newSecret } from './tokens.ts'

const insertCodes = insertRows(db, 'ucp_link_codes')

type Holder = { id: Id<'user'>; customer_id: Id<'customer'> | null }

/**
 * A customer proves who they are and lets a platform act for them: answers the code that the
 * platform trades for its tokens. No session is started. Throws what a login throws.
 */
export async function grantLink(ctx: ProcessContext, input: GrantLink): Promise<Granted> {
  const { email, password, totp_code, code_challenge: challenge, scopes, ...client } = input
  const code = newSecret()
  const make = async (tx: Context, { id: user_id, customer_id }: Holder) => {
    if (!customer_id) throw accessErrors.invalid_credentials()
    const expires_at = new Date(Date.parse(tx.now) + CODE_SECONDS * 1000).toISOString()
    const row = { ...client, challenge, scopes: [...new Set(scopes)], user_id, customer_id }
    const kept = { ...row, code_hash: hashOf(code), expires_at, used_at: null, link_id: null }
    await insertCodes.run(tx, { rows: [kept] })
    return kept
  }
  const login = { email, password, ...(totp_code !== undefined && { totp_code }) }
  await proveLogin(ctx, login, { customers_only: true, make })
  return { code }
}
