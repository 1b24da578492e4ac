import type { Id } from '#kit/ids'
import type { Schedule } from '#platform/jobs'
import { expireLots, FROM_THE_FIRST, type Swept } from './lots/expire.ts'
import { openRecalls, quarantineLeft } from './recalls/commands.ts'

const HOUR_MS = 3_600_000

export const schedules: Schedule[] = [
  {
    // A day ends once, in UTC; promises on expired units may end at any time.
    name: 'warehouse.expire_lots',
    every_ms: HOUR_MS,
    async run(ctx) {
      let from: Swept | undefined = FROM_THE_FIRST
      while (from) {
        const next: Swept = from
        from = await ctx.transaction((tx) => expireLots(tx, next), 'read committed')
      }
    },
  },
  {
    name: 'warehouse.quarantine_recalled',
    every_ms: HOUR_MS,
    async run(ctx) {
      let after: Id<'recall'> | undefined
      for (;;) {
        const from = after
        const recalls = await ctx.read((tx) => openRecalls(tx, from))
        for (const { id } of recalls) {
          await ctx.transaction((tx) => quarantineLeft(tx, id), 'read committed')
        }
        after = recalls.at(-1)?.id
        if (after === undefined) return
      }
    },
  },
]
