import { Type } from 'typebox'
import { DomainError } from '#kit/errors'
import { failureText, retryPauseMs } from '#platform/back-off'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import type { Job } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { pullCategory } from './categories/pull-category.ts'
import { syncCategory } from './categories/sync-category.ts'
import { wooErrors } from './errors.ts'
import { wooEvents } from './events.ts'
import type { SyncKind } from './lifecycle.ts'
import { pullOrder } from './orders/pull-order.ts'
import { pushOrder } from './orders/push-order.ts'
import { pushOrderStatus } from './orders/push-status.ts'
import { pullProduct } from './products/pull-product.ts'
import { syncProduct } from './products/sync-product.ts'
import { syncStock } from './stock/sync-stock.ts'
import { WooFault, WooRefusal } from './store.ts'
import {
  type Asked,
  after,
  askForSync,
  claimSync,
  enqueueSync,
  findSync,
  LEASE_MS,
  SYNC_JOB,
  setOptions,
  settleSync,
  waitingOf,
} from './syncs.ts'
import type { SyncRow } from './tables.ts'
import type { Done, Work } from './work.ts'

/** Tries before a sync is given up: about three hours. */
const ATTEMPTS_MAX = 12
/** How long after a lost answer nothing that must not happen twice is asked again. */
const UNKNOWN_PAUSE_MS = 60_000

const WORK: Record<SyncKind, Work> = {
  product: syncProduct,
  stock: syncStock,
  order: pushOrder,
  order_status: pushOrderStatus,
  category: syncCategory,
  pull_product: pullProduct,
  pull_category: pullCategory,
  pull_order: pullOrder,
}

/**
 * Does a sync now, for whoever waits for it. What fails is tried again later all the same. Throws
 * `sync_running` while it is being done elsewhere, the refusals of its work, and `sync_failed`.
 */
export async function syncNow(ctx: ProcessContext, asked: Asked): Promise<SyncRow> {
  const claimed = await ctx.transaction(async (tx) => {
    const { sync } = await askForSync(tx, asked)
    // One that waits was asked for by an event; who asks in person says how.
    if (asked.options) await setOptions(tx, sync.id, asked.options)
    return claimSync(tx, sync)
  }, 'read committed')
  if (!claimed) throw wooErrors.sync_running()
  return perform(ctx, claimed)
}

/** The job of every sync: does it if it is still to be done. */
export const syncJob: Job<{ sync_id: string }> = {
  name: SYNC_JOB,
  payload: Type.Object({ sync_id: Type.String() }),
  lease_ms: LEASE_MS,
  run: (ctx, { sync_id }) => runSync(ctx, sync_id),
}

/** Does a sync whose time has come; one that is done, or comes later, is left alone. */
export async function runSync(ctx: ProcessContext, sync_id: string): Promise<void> {
  const claimed = await ctx.transaction(async (tx) => {
    const sync = await findSync(tx, sync_id)
    if (!sync || sync.status === 'done' || sync.status === 'failed') return undefined
    if (sync.status === 'waiting' && sync.due_at > tx.now) return undefined
    const mine = await claimSync(tx, sync)
    // Somebody works on it or on another of its subject: looked at again when that must be over.
    if (!mine) await enqueueSync(tx, sync_id, after(tx, BUSY_PAUSE_MS))
    return mine
  }, 'read committed')
  if (!claimed) return
  try {
    await perform(ctx, claimed)
  } catch (error) {
    // Its row says what happened and when it is tried again.
    ctx.log.debug({ sync_id, err: error }, 'a WooCommerce sync failed')
  }
}
const BUSY_PAUSE_MS = 5_000

async function perform(ctx: ProcessContext, sync: SyncRow): Promise<SyncRow> {
  let done: Done
  try {
    done = await WORK[sync.kind](ctx, sync, (asked) => syncNow(ctx, asked))
  } catch (error) {
    await fail(ctx, sync, error)
    if (error instanceof DomainError) throw error
    throw wooErrors.sync_failed({ problem: failureText(error), sync_id: sync.id })
  }
  return end(ctx, sync, done)
}

/** Both sides are in step: what that means here is stored with it. */
async function end(ctx: ProcessContext, sync: SyncRow, done: Done): Promise<SyncRow> {
  const { outcome, external_id = null, fields = [], commit, isolation } = done
  try {
    return await ctx.transaction(async (tx) => {
      await commit?.(tx)
      const change = {
        status: 'done' as const,
        due_at: tx.now,
        outcome,
        external_id,
        fields: [...fields],
        note: done.note ?? null,
        error: null,
        finished_at: tx.now,
      }
      await settleOwn(tx, sync, change)
      const { id: sync_id, kind, subject } = sync
      const told = { sync_id, kind, subject, outcome, external_id, fields: [...fields] }
      if (outcome !== 'skipped') emit(tx, wooEvents.synced(told))
      return { ...sync, ...change }
    }, isolation)
  } catch (error) {
    await fail(ctx, sync, error)
    throw error
  }
}

/** A step may have renewed the lease, so the row is named by what holds it now. */
async function settleOwn(
  ctx: Context,
  sync: SyncRow,
  change: Parameters<typeof settleSync>[2],
): Promise<void> {
  const now = await findSync(ctx, sync.id)
  const isOurs = now?.status === 'running' && now.attempts === sync.attempts
  if (!isOurs || !(await settleSync(ctx, now, change))) {
    throw new Error('another process has taken this sync over')
  }
}

async function fail(ctx: ProcessContext, sync: SyncRow, error: unknown): Promise<void> {
  const text = failureText(error)
  const isOver = isFinal(error) || sync.attempts >= ATTEMPTS_MAX
  await ctx.transaction(async (tx) => {
    const now = await findSync(tx, sync.id)
    if (now?.status !== 'running' || now.attempts !== sync.attempts) return
    if (isOver) return giveUp(tx, now, text)
    const due_at = after(tx, pauseMs(now, error))
    // What was asked for meanwhile does the same, later: of one subject only one may wait.
    const newer = await waitingOf(tx, now)
    if (newer) return giveUp(tx, now, `${text} (tried again as ${newer.id})`)
    await settleSync(tx, now, { status: 'waiting', due_at, error: text })
    await enqueueSync(tx, sync.id, due_at)
  }, 'read committed')
}

async function giveUp(ctx: Context, sync: SyncRow, error: string): Promise<void> {
  const { id: sync_id, kind, subject } = sync
  await settleSync(ctx, sync, { status: 'failed', due_at: ctx.now, error, finished_at: ctx.now })
  emit(ctx, wooEvents.sync_failed({ sync_id, kind, subject, error }))
}

function pauseMs({ attempts, asked_at }: SyncRow, error: unknown): number {
  const wanted = error instanceof WooFault ? error.retry_after_ms : 0
  const pause = Math.max(retryPauseMs(attempts), wanted)
  return asked_at === null ? pause : Math.max(pause, UNKNOWN_PAUSE_MS)
}

/** Whether asking again could not help: WooCommerce or we ourselves said no. */
const isFinal = (error: unknown): boolean =>
  error instanceof DomainError || (error instanceof WooRefusal && !PASSING.has(error.status))
/** A wrong key is mended in the settings; the sync waits for that. */
const PASSING = new Set([401, 403])
