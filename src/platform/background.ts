import type { App } from '#platform/app'
import { JobRunner } from '#platform/job-runner'
import { Relay } from '#platform/relay'
import { Scheduler } from '#platform/scheduler'

/** What a process does when nobody asks: deliver events, do jobs, keep schedules. */
export type Background = { stop(): Promise<void> }

/** Starts the background of one process. Any number of processes may do so on one database. */
export function startBackground(app: App): Background {
  const relay = new Relay(app)
  const jobs = new JobRunner(app)
  const scheduler = new Scheduler(app)
  app.wake = () => {
    relay.wake()
    jobs.wake()
  }
  relay.start()
  jobs.start()
  scheduler.start()
  return {
    async stop() {
      app.wake = () => {}
      await Promise.all([relay.stop(), jobs.stop(), scheduler.stop()])
    },
  }
}
