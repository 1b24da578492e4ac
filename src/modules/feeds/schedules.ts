import type { Schedule } from '#platform/jobs'
import { markAllDue } from './due.ts'
import { pushDue } from './push.ts'

/** Requests of one run: the next run goes on. */
const REQUESTS_MAX = 100

export const schedules: readonly Schedule[] = [
  {
    name: 'feeds.push',
    every_ms: ({ agent_feed_interval_ms }) => agent_feed_interval_ms,
    run: async (process) => {
      if (process.settings.agent_feed_url === undefined) return
      for (let nth = 0; nth < REQUESTS_MAX; nth++) if ((await pushDue(process)) === 0) return
    },
  },
  {
    // Stock and sales come and go without a word about the product.
    name: 'feeds.sweep',
    every_ms: ({ agent_feed_sweep_minutes }) => agent_feed_sweep_minutes * 60_000,
    run: async (process) => {
      if (process.settings.agent_feed_url !== undefined) await markAllDue(process)
    },
  },
]
