import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { accessErrors } from '#modules/access'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { command, Nothing, process, query } from '#platform/operations'
import { ucpErrors as errors } from '../errors.ts'
import { db } from '../tables.ts'
import { endOwnLink, giveBack } from './ending.ts'
import { grantLink } from './grant-link.ts'
import * as of from './schemas.ts'
import { renewLink, tradeCode } from './trade.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const client_id = 'https://platform.example/oauth/client.json'
const redirect_uri = 'https://platform.example/oauth/callback'
const scopes: of.LinkScope[] = ['dev.ucp.shopping.checkout:manage']

/** The caller's own links that are open, the oldest first. */
async function listLinks(ctx: Context, input: of.ListLinks): Promise<Page<of.Link>> {
  const start = pageStart(input, 'id')
  const { user_id } = ctx.actor
  if (!user_id) throw accessErrors.needs_user()
  const rows = db(ctx)
    .selectFrom('ucp_links')
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .where('refresh_expires_at', '>', ctx.now)
  let page = rows
    .select(['id', 'client_id', 'client_name', 'scopes', 'created_at'])
    .orderBy('id')
    .limit(start.limit + 1)
  const after = afterId<'ucp_link'>(start)
  page = after ? page.where('id', '>', after) : page.offset(start.offset)
  return pageOf({
    start,
    sort: 'id',
    rows: await page.execute(),
    key: (row) => [row.id],
    item: (row) => row,
    total: await countUpTo(ctx, rows),
  })
}

/** What identity linking needs; platforms use the addresses of OAuth below `/ucp/oauth`. */
export const linkOperations = [
  process('ucp.grant_link', {
    rest: 'POST /api/v1/ucp/links/grants',
    permission: 'public',
    secret: true,
    summary: 'Let a platform act for you',
    description:
      'A customer proves who they are; the answer is the code that the platform trades for tokens. The page at `/ucp/oauth/authorize` does this.',
    status: 201,
    input: of.GrantLink,
    output: of.Granted,
    errors: [
      accessErrors.invalid_credentials,
      accessErrors.totp_required,
      accessErrors.totp_invalid,
      accessErrors.too_many_attempts,
      accessErrors.account_suspended,
    ],
    example: {
      client_id,
      client_name: 'A platform',
      redirect_uri,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      scopes,
      email: 'ada@example.com',
      password: 'the-engine-weaves-patterns',
    },
    run: grantLink,
  }),
  process('ucp.trade_code', {
    rest: 'POST /api/v1/ucp/links/tokens',
    permission: 'public',
    secret: true,
    summary: 'Trade a code for the tokens of a link',
    description: 'Works once, with the verifier whose hash the code was asked for with.',
    input: of.TradeCode,
    output: of.LinkTokens,
    errors: [errors.invalid_grant],
    example: {
      client_id,
      redirect_uri,
      code: 'SplxlOBeZQQYbYS6WxSbIA',
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    },
    run: tradeCode,
  }),
  process('ucp.renew_link', {
    rest: 'POST /api/v1/ucp/links/tokens/renew',
    permission: 'public',
    secret: true,
    summary: 'Trade a refresh token for the next tokens of a link',
    description: 'One that comes a second time ends the link.',
    input: of.RenewLink,
    output: of.LinkTokens,
    errors: [errors.invalid_grant],
    example: { client_id, refresh_token: `ucp_rt_${id}.${'x'.repeat(43)}` },
    run: renewLink,
  }),
  command('ucp.give_link_back', {
    rest: 'POST /api/v1/ucp/links/tokens/revoke',
    permission: 'public',
    isolation: 'read committed',
    summary: 'Give a token of a link back',
    description: 'The whole link ends. What is no token of the platform changes nothing.',
    status: 204,
    input: of.GiveBack,
    output: Nothing,
    example: { client_id, token: `ucp_rt_${id}.${'x'.repeat(43)}` },
    run: giveBack,
  }),
  query('ucp.list_links', {
    rest: 'GET /api/v1/ucp/links',
    permission: 'signed_in',
    summary: 'List the platforms that act for you',
    input: of.ListLinks,
    output: of.Links,
    errors: [accessErrors.needs_user],
    example: { limit: 20 },
    run: listLinks,
  }),
  command('ucp.end_link', {
    rest: 'DELETE /api/v1/ucp/links/:id',
    permission: 'signed_in',
    isolation: 'read committed',
    summary: 'Let a platform act for you no longer',
    description: 'Its tokens are refused at once.',
    status: 204,
    input: of.EndLink,
    output: Nothing,
    errors: [errors.link_not_found],
    example: { id },
    run: endOwnLink,
  }),
]
