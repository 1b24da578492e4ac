import type { Settings } from '#platform/config/settings'
import type { Schedule } from '#platform/jobs'
import { markAllDue } from './due.ts'
import { pushDue } from './push.ts'

/** Requests of one run: the next run goes on. */
const REQUESTS_MAX = 100

/** Whether an agent keeps a feed of us. */
export const keepsFeed = ({ agent_feed_url }: Settings): boolean => agent_feed_url !== undefined

export const schedules: readonly Schedule[] = [
  {
    name: 'feeds.push',
    every_ms: ({ agent_feed_interval_ms }) => agent_feed_interval_ms,
    wanted: keepsFeed,
    run: async (process) => {
      for (let nth = 0; nth < REQUESTS_MAX; nth++) if ((await pushDue(process)) === 0) return
    },
  },
  {
    // Stock and sales come and go without a word about the product.
    name: 'feeds.sweep',
    every_ms: ({ agent_feed_sweep_minutes }) => agent_feed_sweep_minutes * 60_000,
    wanted: keepsFeed,
    run: async (process) => void (await markAllDue(process)),
  },
]
