import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import type { App } from '#platform/app'
import type { Background } from '#platform/background'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from '#platform/event-log/cursor'
import { eventsByIds, type LoggedEvent, type LogPage, pageOfLog } from '#platform/event-log/read'
import type { AnyEventType } from '#platform/events'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { enqueue, type Job } from '#platform/jobs'
import { Worker } from '#platform/worker'

/** After so many failures of one batch, each of its events is left to a job of its own. */
const FAILURES_MAX = 3

export type BatchReader = {
  /** Names its cursor and its job. */
  name: string
  /** What it wants to hear of. */
  events: readonly AnyEventType[]
  /**
   * Does what these events ask for, in their order, in the transaction that moves the cursor behind
   * them: all of it or nothing. Doing it again must change nothing.
   */
  take: (ctx: Context, events: readonly LoggedEvent[]) => Promise<void>
}

const findCursor = prepared(db, (open, p: { name: string }) =>
  open.selectFrom('event_cursors').select('after_event_id').where('name', '=', p.name),
)
const addCursor = prepared(db, (open, p: { name: string; now: string }) =>
  open
    .insertInto('event_cursors')
    .values({ name: p.name, after_event_id: null, owner: null, lease_until: p.now })
    .onConflict((conflict) => conflict.column('name').doNothing()),
)
type Move = { name: string; from: string | null; to: string }
const moveCursor = prepared(db, (open, p: Move) =>
  open
    .updateTable('event_cursors')
    .set({ after_event_id: p.to as never })
    .where('name', '=', p.name)
    .where('after_event_id', 'is not distinct from', p.from as never),
)

/**
 * For what may follow a moment later and comes with every order: instead of a reaction to each
 * event, the log is read in batches, so that an order pays nothing for it and a hundred orders pay
 * for one transaction. Every process may read; of one page the first to move the cursor does it. A
 * reader that is new begins with the first event there is. Answers what the module adds: the worker
 * and the job that takes what no batch could.
 */
export function inBatches(reader: BatchReader) {
  const job: Job<{ event_id: string }> = {
    name: `${reader.name}.take`,
    payload: Type.Object({ event_id: IdSchema('event') }),
    async run(process, { event_id }) {
      const take = async (ctx: Context) => reader.take(ctx, await eventsByIds(ctx, [event_id]))
      await process.transaction(take, 'read committed')
    },
  }
  return { job: job as Job, worker: (app: App) => startReader(app, reader, job) }
}

function startReader(app: App, reader: BatchReader, job: { name: string }): Background {
  const names = reader.events.map(({ type }) => type)
  let failures = 0

  const look = async (ctx: Context): Promise<LogPage & Pick<Move, 'from'>> => {
    const from = (await findCursor.first(ctx, { name: reader.name }))?.after_event_id ?? null
    return { ...(await pageOfLog(ctx, { after: from, names })), from }
  }
  const turn = async (): Promise<number> => {
    const { outbox_poll_interval_ms: idle_ms } = app.settings
    const { wanted, last, isFull, from } = await readAsSystem(app, look, 'statement')
    if (last === null) return idle_ms
    const take = failures < FAILURES_MAX ? reader.take : leaveTo(job)
    try {
      const done = async (ctx: Context) => {
        const move = { name: reader.name, from, to: last }
        if (from === null) await addCursor(ctx, { name: reader.name, now: ctx.now })
        // Whoever moves it holds its row, so of several processes one takes what lies between.
        if ((await moveCursor.run(ctx, move)).affected === 0) return
        if (wanted.length > 0) await take(ctx, wanted)
      }
      await transactAsSystem(app, done, 'read committed')
      failures = 0
    } catch (error) {
      failures++
      throw error
    }
    return isFull ? 0 : idle_ms
  }
  const worker = new Worker({ name: reader.name, log: app.log, turn })
  worker.start()
  return { stop: () => worker.stop() }
}

/** Each by itself, so that one that cannot be done keeps back no other and is seen by operators. */
const leaveTo =
  (job: { name: string }): BatchReader['take'] =>
  async (ctx, events) => {
    for (const { id } of events) await enqueue(ctx, job, { payload: { event_id: id } })
  }
