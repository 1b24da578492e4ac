import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { invalidField } from '#platform/operations'
import { wooErrors } from './errors.ts'
import type { Direction } from './lifecycle.ts'
import {
  type FindLinks,
  type GetSync,
  type Link,
  type ListSyncs,
  printLink,
  printSync,
  type Status,
  type Sync,
} from './schemas.ts'
import { wooStore } from './store.ts'
import { findSync } from './syncs.ts'
import { db } from './tables.ts'

/** The sync log, newest first. */
export async function listSyncs(ctx: Context, query: ListSyncs): Promise<Page<Sync>> {
  let rows = db(ctx).selectFrom('woo_syncs').selectAll()
  if (query.status) rows = rows.where('status', '=', query.status)
  if (query.kind) rows = rows.where('kind', '=', query.kind)
  if (query.subject) rows = rows.where('subject', '=', query.subject)
  return pageById(ctx, query, {
    name: 'woocommerce syncs',
    rows,
    tell: (found) => found.map(printSync),
  })
}

/** One sync. Throws `sync_not_found`. */
export async function getSync(ctx: Context, { id }: GetSync): Promise<Sync> {
  const sync = await findSync(ctx, id)
  if (!sync) throw wooErrors.sync_not_found({ sync_id: id })
  return printSync(sync)
}

/** What is one with what, by our id or by WooCommerce's. */
export async function findLinks(
  ctx: Context,
  { id, woocommerce_id }: FindLinks,
): Promise<{ items: Link[] }> {
  if (id === undefined && woocommerce_id === undefined) {
    throw invalidField('id', 'or woocommerce_id is required')
  }
  let rows = db(ctx).selectFrom('woo_refs').selectAll()
  if (id !== undefined) rows = rows.where('entity_id', '=', id as never)
  if (woocommerce_id !== undefined) rows = rows.where('external_id', '=', woocommerce_id)
  return { items: (await rows.orderBy('kind').limit(100).execute()).map(printLink) }
}

/** How the two shops stand to each other. */
export async function wooStatus(ctx: Context): Promise<Status> {
  const { store } = wooStore.of(ctx)
  const [syncs, refs, cursors, last] = await Promise.all([
    db(ctx)
      .selectFrom('woo_syncs')
      .select((eb) => ['status', eb.fn.countAll<number>().as('many')])
      .where('status', 'in', ['waiting', 'running', 'failed'])
      .groupBy('status')
      .execute(),
    db(ctx)
      .selectFrom('woo_refs')
      .select((eb) => ['kind', eb.fn.countAll<number>().as('many')])
      .groupBy('kind')
      .execute(),
    db(ctx).selectFrom('woo_cursors').selectAll().execute(),
    db(ctx)
      .selectFrom('woo_webhooks')
      .select((eb) => eb.fn.max('received_at').as('at'))
      .executeTakeFirst(),
  ])
  const of = (status: string) => Number(syncs.find((row) => row.status === status)?.many ?? 0)
  const linked = (kind: string) => Number(refs.find((row) => row.kind === kind)?.many ?? 0)
  const until = (name: string) =>
    cursors.find(({ resource }) => resource === name)?.modified_after ?? null
  return {
    configured: store !== undefined,
    url: store?.url ?? null,
    direction: ctx.settings.woocommerce_direction as Direction,
    webhooks_signed: ctx.settings.woocommerce_webhook_secret !== '',
    waiting: of('waiting'),
    running: of('running'),
    failed: of('failed'),
    products_linked: linked('product'),
    categories_linked: linked('category'),
    orders_linked: linked('order'),
    products_pulled_until: until('products'),
    orders_pulled_until: until('orders'),
    last_webhook_at: last?.at ?? null,
  }
}
