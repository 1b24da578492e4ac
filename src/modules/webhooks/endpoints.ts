import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { webhookErrors } from './errors.ts'
import { db, type ProgressRow, type WebhookRow } from './tables.ts'

const insertWebhooks = insertRows(db, 'webhooks')
const insertProgress = insertRows(db, 'webhook_progress')

const findRow = prepared(db, (open, p: { id: Id<'webhook'> }) =>
  open.selectFrom('webhooks').selectAll().where('id', '=', p.id),
)

/** An endpoint that is not deleted. Throws `not_found`. */
export async function findWebhook(ctx: Context, id: Id<'webhook'>): Promise<WebhookRow> {
  const row = await findRow.first(ctx, { id })
  if (!row || row.status === 'deleted') throw webhookErrors.not_found({ id })
  return row
}

/** Adds an endpoint that gets the events behind `after_event_id`. */
export async function addWebhook(
  ctx: Context,
  row: WebhookRow,
  after_event_id: ProgressRow['after_event_id'],
): Promise<void> {
  await insertWebhooks(ctx, { rows: [row] })
  const progress = { webhook_id: row.id, after_event_id, failures: 0 }
  await insertProgress(ctx, { rows: [progress] })
}

/** Writes what changed, if nobody was faster; the caller holds the lock of the endpoint. */
export async function changeWebhook(
  ctx: Context,
  row: WebhookRow,
  change: Partial<WebhookRow>,
): Promise<WebhookRow> {
  const after = { ...row, ...change, version: row.version + 1, updated_at: ctx.now }
  await db(ctx).updateTable('webhooks').set(after).where('id', '=', row.id).execute()
  return after
}
