import type { App } from '#platform/app'
import { Publisher } from '#platform/event-log/publisher'
import { settleCopied } from '#platform/event-log/read'
import { eventSinks } from '#platform/event-log/sink'
import { transactAsSystem } from '#platform/execute'
import { JobRunner } from '#platform/job-runner'
import { Relay } from '#platform/relay'
import { Scheduler } from '#platform/scheduler'

/** What a process does when nobody asks: deliver events, do jobs, keep schedules, publish. */
export type Background = {
  stop(): Promise<void>
  /** There may be work. */
  wake?(): void
}

/** Starts the background of one process. Any number of processes may do so on one database. */
export function startBackground(app: App): Background {
  const relay = new Relay(app)
  const jobs = new JobRunner(app)
  const scheduler = new Scheduler(app)
  const followers: Background[] = []
  app.wake = () => {
    relay.wake()
    jobs.wake()
    for (const follower of followers) follower.wake?.()
  }
  relay.start()
  jobs.start()
  scheduler.start()
  const following = followLog(app).then((all) => void followers.push(...all))
  return {
    async stop() {
      app.wake = () => {}
      await Promise.all([relay.stop(), jobs.stop(), scheduler.stop()])
      await following
      await Promise.all(followers.map((follower) => follower.stop()))
    },
  }
}

/** Starts those who read the log of events, once its order is sure. */
async function followLog(app: App): Promise<Background[]> {
  try {
    while ((await transactAsSystem(app, settleCopied, 'read committed')) > 0);
  } catch (error) {
    app.log.warn({ err: error }, 'the log of events could not be looked at')
  }
  const publishers = eventSinks.of(app).map((sink) => new Publisher(app, sink))
  for (const publisher of publishers) publisher.start()
  const workers = app.modules.flatMap((module) => module.workers ?? [])
  return [...publishers, ...workers.map((start) => start(app))]
}
