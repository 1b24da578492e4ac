import type { Schedule } from '#platform/jobs'
import { allocateBackorders, itemsToAllocate } from './backorders/allocate.ts'
import { expireReservations } from './release.ts'

export const schedules: Schedule[] = [
  {
    // Gives back what was promised for a time that is over.
    name: 'inventory.expire_reservations',
    every_ms: (settings) => settings.reservation_sweep_interval_ms,
    async run(ctx) {
      while ((await ctx.transaction(expireReservations, 'read committed')) === 500);
    },
  },
  {
    // Stock that was given back, or came while an order was placed, goes to those who wait.
    name: 'inventory.allocate_backorders',
    every_ms: (settings) => settings.reservation_sweep_interval_ms,
    async run(ctx) {
      for (const item of await ctx.read(itemsToAllocate)) {
        await ctx.transaction((open) => allocateBackorders(open, [item]), 'read committed')
      }
    },
  },
]
