import { sql } from 'kysely'
import type { App } from '#platform/app'
import { changesOf } from '#platform/changes'
import { perProcess } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { readAsSystem } from '#platform/execute'
import type { AnyRemembered } from '#platform/remembered'
import { webhookEvents } from './events.ts'
import { db } from './tables.ts'

/** Whether anybody is to be sent anything, and whether anybody asked for events. */
export type Active = { any: boolean; subscribed: boolean }

const readActive = prepared(db, (open, _: object) =>
  rawQuery<{ channel: string }>(
    open,
    sql`select distinct channel from webhooks where status = 'active'`,
  ),
)

/** Whatever lets an endpoint begin or end states one of these events. */
export const activeWebhooks: AnyRemembered = {
  topic: 'webhooks.active',
  forgotten_on: Object.values(webhookEvents).map(({ type }) => type),
}

const memory = perProcess(() => ({ mark: undefined as string | undefined, active: NONE }))
const NONE: Active = { any: false, subscribed: false }

/**
 * Which endpoints are active, remembered until one begins or ends: a house without any asks the
 * database nothing, however many orders it takes.
 */
export async function activeOf(app: App): Promise<Active> {
  const kept = memory(app)
  const mark = changesOf(app.database).mark(activeWebhooks.topic)
  if (mark !== undefined && kept.mark === mark) return kept.active
  const channels = await readAsSystem(app, (ctx) => readActive(ctx, {}), 'statement')
  // The mark is that of before it was read: what changed meanwhile makes it another one.
  kept.active = {
    any: channels.length > 0,
    subscribed: channels.some(({ channel }) => channel === 'webhook'),
  }
  kept.mark = mark
  return kept.active
}
