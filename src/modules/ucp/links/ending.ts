import type { Id } from '#kit/ids'
import { userEvents } from '#modules/access'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import { type Reaction, together } from '#platform/reactions'
import { ucpErrors as errors } from '../errors.ts'
import { db } from '../tables.ts'
import type { EndLink, GiveBack } from './schemas.ts'
import { hashOf, linkIn } from './tokens.ts'

const HOUR_MS = 3_600_000
/** How long what is over is kept: a code or token that comes late is still told as used. */
const KEPT_MS = 24 * HOUR_MS

const end = prepared(db, (open, p: { id: Id<'ucp_link'>; because: string; now: string }) =>
  open
    .updateTable('ucp_links')
    .set({ ended_at: p.now, ended_because: p.because })
    .where('id', '=', p.id)
    .where('ended_at', 'is', null),
)

/** Ends a link: its tokens are refused from this commit on. */
export const endLink = (ctx: Context, link: { id: Id<'ucp_link'>; because: string }) =>
  end.run(ctx, { ...link, now: ctx.now })

const ownLink = prepared(db, (open, p: { id: Id<'ucp_link'>; user_id: Id<'user'> }) =>
  open
    .selectFrom('ucp_links')
    .select('id')
    .where('id', '=', p.id)
    .where('user_id', '=', p.user_id)
    .where('ended_at', 'is', null),
)

/** Ends a link of the caller's own. Throws `link_not_found`, also for another's. */
export async function endOwnLink(ctx: Context, { id }: EndLink): Promise<undefined> {
  const { user_id } = ctx.actor
  const own = user_id ? await ownLink.first(ctx, { id, user_id }) : undefined
  if (!own) throw errors.link_not_found({ id })
  await endLink(ctx, { id, because: 'the customer ended it' })
}

const shownBy = prepared(
  db,
  (open, p: { id: Id<'ucp_link'>; client_id: string; token_hash: string }) =>
    open
      .selectFrom('ucp_links')
      .select('id')
      .where('id', '=', p.id)
      .where('client_id', '=', p.client_id)
      .where((eb) =>
        eb.or([eb('access_hash', '=', p.token_hash), eb('refresh_hash', '=', p.token_hash)]),
      ),
)

/** A platform gives a token back: the whole link ends. What is no token of it changes nothing. */
export async function giveBack(ctx: Context, { client_id, token }: GiveBack): Promise<undefined> {
  const id = linkIn(token)
  const shown = id && (await shownBy.first(ctx, { id, client_id, token_hash: hashOf(token) }))
  if (shown) await endLink(ctx, { id: shown.id, because: 'the platform gave it back' })
}

const endOfUser = prepared(db, (open, p: { user_id: Id<'user'>; because: string; now: string }) =>
  open
    .updateTable('ucp_links')
    .set({ ended_at: p.now, ended_because: p.because })
    .where('user_id', '=', p.user_id)
    .where('ended_at', 'is', null),
)
const dropCodes = prepared(db, (open, p: { user_id: Id<'user'> }) =>
  open.deleteFrom('ucp_link_codes').where('user_id', '=', p.user_id).where('used_at', 'is', null),
)

const whenever = (event: (typeof userEvents)['deleted'], because: string): Reaction =>
  together(event, `ucp.end_links_${event.type.replace('.', '_')}`, async (ctx, { user_id }) => {
    await dropCodes.run(ctx, { user_id })
    await endOfUser.run(ctx, { user_id, because, now: ctx.now })
  })

/** As sessions end with a password or a login, so do the links of platforms. */
export const linkReactions = [
  whenever(userEvents.password_changed as never, 'the password was changed'),
  whenever(userEvents.suspended as never, 'the login was suspended'),
  whenever(userEvents.deleted, 'the login was deleted'),
]

/** Forgets codes and links that have been over for a day. */
export const pruneLinks: Schedule = {
  name: 'ucp.prune_links',
  every_ms: HOUR_MS,
  run: (process) =>
    process.transaction(async (ctx) => {
      const before = new Date(Date.parse(ctx.now) - KEPT_MS).toISOString()
      await db(ctx).deleteFrom('ucp_link_codes').where('expires_at', '<', before).execute()
      await db(ctx).deleteFrom('ucp_links').where('refresh_expires_at', '<', before).execute()
    }, 'read committed'),
}
