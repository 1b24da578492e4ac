import { hash } from 'node:crypto'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'
import { ucpErrors as errors } from '../errors.ts'
import { db } from '../tables.ts'
import { endLink } from './ending.ts'
import type { LinkTokens, RenewLink, TradeCode } from './schemas.ts'
import { ACCESS_SECONDS, hashOf, linkIn, REFRESH_SECONDS, tokenOf } from './tokens.ts'

const insertLinks = insertRows(db, 'ucp_links')

// Of any number that show the same code, one has it.
const takeCode = prepared(db, (open, p: { code_hash: string; now: string }) =>
  open
    .updateTable('ucp_link_codes')
    .set({ used_at: p.now })
    .where('code_hash', '=', p.code_hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', p.now)
    .returningAll(),
)
const codeOf = prepared(db, (open, p: { code_hash: string }) =>
  open.selectFrom('ucp_link_codes').select(['link_id']).where('code_hash', '=', p.code_hash),
)
const nameLink = prepared(db, (open, p: { code_hash: string; link_id: Id<'ucp_link'> }) =>
  open
    .updateTable('ucp_link_codes')
    .set({ link_id: p.link_id })
    .where('code_hash', '=', p.code_hash),
)

/**
 * Trades a code for the tokens of a new link. A code that comes a second time ends the link that
 * was made of it, because two have it: that must be committed, so the refusal is thrown afterwards.
 */
export async function tradeCode(ctx: ProcessContext, input: TradeCode): Promise<LinkTokens> {
  const traded = await ctx.transaction((tx) => tradeNow(tx, input), 'read committed')
  if (!traded) throw errors.invalid_grant()
  return traded
}

async function tradeNow(ctx: Context, input: TradeCode): Promise<LinkTokens | undefined> {
  const code_hash = hashOf(input.code)
  const taken = await takeCode.first(ctx, { code_hash, now: ctx.now })
  if (!taken) {
    const { link_id } = (await codeOf.first(ctx, { code_hash })) ?? {}
    if (link_id) await endLink(ctx, { id: link_id, because: 'its code was used twice' })
    return undefined
  }
  const isTheirs =
    taken.client_id === input.client_id &&
    taken.redirect_uri === input.redirect_uri &&
    taken.challenge === hash('sha256', input.code_verifier, 'base64url')
  // The code is used up all the same.
  if (!isTheirs) return undefined
  const { client_id, client_name, user_id, customer_id, scopes } = taken
  const id = ctx.newId('ucp_link')
  const tokens = newTokens(ctx, id)
  const row = { id, client_id, client_name, user_id, customer_id, scopes, ...tokens.kept }
  const open = { previous_refresh_hash: null, created_at: ctx.now, ended_at: null }
  await insertLinks.run(ctx, { rows: [{ ...row, ...open, ended_because: null }] })
  await nameLink.run(ctx, { code_hash, link_id: id })
  return tokens.told(scopes)
}

function newTokens(ctx: Context, id: Id<'ucp_link'>) {
  const access_token = tokenOf('at', id)
  const refresh_token = tokenOf('rt', id)
  const inSeconds = (seconds: number) =>
    new Date(Date.parse(ctx.now) + seconds * 1000).toISOString()
  return {
    kept: {
      access_hash: hashOf(access_token),
      access_expires_at: inSeconds(ACCESS_SECONDS),
      refresh_hash: hashOf(refresh_token),
      refresh_expires_at: inSeconds(REFRESH_SECONDS),
    },
    told: (scopes: readonly string[]): LinkTokens => ({
      access_token,
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      refresh_token,
      scope: scopes.join(' '),
    }),
  }
}

type Renewing = { id: Id<'ucp_link'>; client_id: string; shown_hash: string; now: string }
type Kept = ReturnType<typeof newTokens>['kept']

const renew = prepared(db, (open, p: Renewing & Kept) =>
  open
    .updateTable('ucp_links')
    .set({
      access_hash: p.access_hash,
      access_expires_at: p.access_expires_at,
      refresh_hash: p.refresh_hash,
      refresh_expires_at: p.refresh_expires_at,
      previous_refresh_hash: p.shown_hash,
    })
    .where('id', '=', p.id)
    .where('client_id', '=', p.client_id)
    .where('refresh_hash', '=', p.shown_hash)
    .where('refresh_expires_at', '>', p.now)
    .where('ended_at', 'is', null)
    .returning('scopes'),
)
const withPrevious = prepared(db, (open, p: { id: Id<'ucp_link'>; shown_hash: string }) =>
  open
    .selectFrom('ucp_links')
    .select('id')
    .where('id', '=', p.id)
    .where('previous_refresh_hash', '=', p.shown_hash),
)

/**
 * Trades a refresh token for the next pair. One that was traded before means that two hold a copy,
 * and the link ends for both.
 */
export async function renewLink(ctx: ProcessContext, input: RenewLink): Promise<LinkTokens> {
  const id = linkIn(input.refresh_token, 'rt')
  if (!id) throw errors.invalid_grant()
  const shown_hash = hashOf(input.refresh_token)
  const renewed = await ctx.transaction(async (tx) => {
    const tokens = newTokens(tx, id)
    const { client_id } = input
    const row = { id, client_id, shown_hash, now: tx.now, ...tokens.kept }
    const moved = await renew.first(tx, row)
    if (moved) return tokens.told(moved.scopes)
    const copied = await withPrevious.first(tx, { id, shown_hash })
    if (copied) await endLink(tx, { id, because: 'its refresh token was used twice' })
    return undefined
  }, 'read committed')
  if (!renewed) throw errors.invalid_grant()
  return renewed
}
