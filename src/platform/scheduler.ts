import type { App } from '#platform/app'
import { instantIn } from '#platform/back-off'
import { prepared } from '#platform/database/prepared'
import { systemProcess, transactAsSystem } from '#platform/execute'
import { db, type Schedule } from '#platform/jobs'
import { Worker } from '#platform/worker'

/** How long a run is believed to go on; after that another process may begin the next. */
const LEASE_MS = 10 * 60_000

const addSchedule = prepared(db, (open, p: { name: string; next_at: string }) =>
  open
    .insertInto('schedules')
    .values({ name: p.name, next_at: p.next_at })
    .onConflict((conflict) => conflict.column('name').doNothing()),
)

// The row is what processes race for: the one whose update finds it due runs, the others do not.
const claimSchedule = prepared(db, (open, p: { name: string; now: string; lease: string }) =>
  open
    .updateTable('schedules')
    .set({ next_at: p.lease })
    .where('name', '=', p.name)
    .where('next_at', '<=', p.now),
)

const endSchedule = prepared(db, (open, p: { name: string; lease: string; next_at: string }) =>
  open
    .updateTable('schedules')
    .set({ next_at: p.next_at })
    .where('name', '=', p.name)
    .where('next_at', '=', p.lease),
)

const findSchedule = prepared(db, (open, p: { name: string }) =>
  open.selectFrom('schedules').select('next_at').where('name', '=', p.name),
)

/** Runs what comes back: each schedule in one process at a time, however many there are. */
export class Scheduler {
  readonly #workers: Worker[]

  constructor(app: App) {
    const schedules = app.modules
      .flatMap((module) => module.schedules ?? [])
      .filter(({ wanted }) => wanted?.(app.settings) ?? true)
    this.#workers = schedules.map((schedule) => {
      const turn = () => runIfDue(app, schedule)
      return new Worker({ name: `schedule ${schedule.name}`, log: app.log, turn })
    })
  }

  start(): void {
    for (const worker of this.#workers) worker.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()))
  }
}

/** Runs the schedule if it is due here and now; answers when to look again, in milliseconds. */
export async function runIfDue(app: App, schedule: Schedule): Promise<number> {
  const { name } = schedule
  const every_ms = everyMs(app, schedule)
  const lease = instantIn(app.clock, Math.max(LEASE_MS, every_ms))
  const started = app.clock().getTime()
  const claimed = await transactAsSystem(
    app,
    async (ctx) => {
      await addSchedule(ctx, { name, next_at: ctx.now })
      const { affected } = await claimSchedule.run(ctx, { name, now: ctx.now, lease })
      const row = affected > 0 ? undefined : await findSchedule.first(ctx, { name })
      return { mine: affected > 0, next_at: row?.next_at }
    },
    'read committed',
  )
  if (!claimed.mine) {
    const wait = Date.parse(claimed.next_at ?? lease) - app.clock().getTime()
    return Math.min(Math.max(wait, 1), every_ms)
  }
  await run(app, schedule)
  const next = Math.max(started + every_ms, app.clock().getTime())
  const next_at = new Date(next).toISOString()
  await transactAsSystem(app, (ctx) => endSchedule(ctx, { name, lease, next_at }), 'read committed')
  return Math.max(next - app.clock().getTime(), 1)
}

async function run(app: App, { name, run: body }: Schedule): Promise<void> {
  try {
    await body(systemProcess(app))
  } catch (error) {
    app.log.warn(
      { schedule: name, err: error },
      'a schedule failed; it runs again at its next time',
    )
  }
}

const everyMs = (app: App, { every_ms }: Schedule): number =>
  typeof every_ms === 'function' ? every_ms(app.settings) : every_ms
