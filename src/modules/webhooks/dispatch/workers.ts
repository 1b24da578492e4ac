import type { Id } from '#kit/ids'
import type { App } from '#platform/app'
import type { Background } from '#platform/background'
import { pause } from '#platform/database/database'
import { onCommittedEvents } from '#platform/event-log/news'
import { isHeldBack } from '#platform/event-log/read'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { Worker } from '#platform/worker'
import { activeOf } from '../active.ts'
import { fanOut, isBehind } from '../fan-out.ts'
import { dueWebhooks } from './claim.ts'
import { Pump } from './pump.ts'

/** At least so long between two looks at the log: a crowd of commits is one look. */
const BREATH_MS = 20
/** How long what is on its way may take when the house closes, in milliseconds. */
const GRACE_MS = 2_000

/** Makes deliveries of events, and sends what is due. Any number of processes may do so. */
export function startWebhooks(app: App): Background & { wake(): void } {
  const closing = new AbortController()
  const pumps = new Map<Id<'webhook'>, Pump>()
  const running = new Set<Promise<void>>()

  const dispatch = async (): Promise<number> => {
    if (!(await activeOf(app)).any) return app.settings.outbox_poll_interval_ms
    for (const id of await readAsSystem(app, dueWebhooks, 'statement')) {
      const pump = pumps.get(id) ?? new Pump(app, id, closing.signal)
      pumps.set(id, pump)
      const run: Promise<void> = pump
        .run()
        .catch((error) => app.log.warn({ err: error, webhook_id: id }, 'webhooks must wait'))
        .finally(() => void running.delete(run))
      running.add(run)
    }
    return app.settings.outbox_poll_interval_ms
  }
  const sender = new Worker({ name: 'webhook sender', log: app.log, turn: dispatch })

  const follow = async (): Promise<number> => {
    if (!(await activeOf(app)).subscribed) return app.settings.outbox_poll_interval_ms
    await pause(BREATH_MS)
    const behind = await readAsSystem(app, look, 'statement')
    if (behind === 'nothing') return app.settings.outbox_poll_interval_ms
    if (behind === 'held back') return 0
    const more = await transactAsSystem(app, fanOut, 'read committed')
    sender.wake()
    return more ? 0 : app.settings.outbox_poll_interval_ms
  }
  const follower = new Worker({ name: 'webhook fan-out', log: app.log, turn: follow })
  const forget = onCommittedEvents(app, () => follower.wake())
  follower.start()
  sender.start()
  return {
    wake: () => sender.wake(),
    async stop() {
      forget()
      await Promise.all([follower.stop(), sender.stop()])
      const late = setTimeout(() => closing.abort(), GRACE_MS)
      stopClaiming(pumps)
      await Promise.all(running)
      clearTimeout(late)
    },
  }
}

async function look(ctx: Parameters<typeof isBehind>[0]) {
  if (await isBehind(ctx)) return 'behind'
  return (await isHeldBack(ctx)) ? 'held back' : 'nothing'
}

const stopClaiming = (pumps: ReadonlyMap<unknown, Pump>) => {
  for (const pump of pumps.values()) pump.stop()
}
