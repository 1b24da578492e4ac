import type { Schedule } from '#platform/jobs'
import { expireReservations } from './release.ts'

/** Gives back what was promised for a time that is over. */
export const schedules: Schedule[] = [
  {
    name: 'inventory.expire_reservations',
    every_ms: 5_000,
    async run(ctx) {
      while ((await ctx.transaction(expireReservations, 'read committed')) === 500);
    },
  },
]
