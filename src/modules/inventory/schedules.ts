import type { Schedule } from '#platform/jobs'
import { expireReservations } from './release.ts'

/** Gives back what was promised for a time that is over. */
export const schedules: Schedule[] = [
  {
    name: 'inventory.expire_reservations',
    every_ms: (settings) => settings.reservation_sweep_interval_ms,
    async run(ctx) {
      while ((await ctx.transaction(expireReservations, 'read committed')) === 500);
    },
  },
]
