import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

export const vaultInvariants = defineInvariants('vault', {
  'cards are sealed, and tokens stored as what cannot be turned back': (ctx) =>
    found(
      ctx,
      sql`select id from vault_tokens
        where sealed_card not like 'sealed:%' or token_hash like 'vt\\_%' escape '\\'`,
    ),

  'a token pays once, within its allowance and its time': (ctx) =>
    found(
      ctx,
      sql`select id from vault_tokens
        where used_amount > max_amount or used_at >= expires_at or used_at < created_at`,
    ),
})
