import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { inventoryEvents } from './events.ts'
import { insertMovements, movementRow } from './ledger.ts'
import { takeReserved } from './levels.ts'
import { changesOf, type Ended, endByReference, type Reference } from './release.ts'

/**
 * Ships everything a holder holds: promises end, units leave the shelves and the ledger says so.
 */
export async function consumeReservations(ctx: Context, reference: Reference): Promise<void> {
  const by = { ...reference, status: 'consumed' as const, now: ctx.now }
  const ended = (await endByReference(ctx, by)) as Ended[]
  if (ended.length === 0) return
  const changes = changesOf(ctx, ended)
  const rows = ended.map(({ item_id, location_id, quantity }) =>
    movementRow(ctx, {
      item_id,
      sku: '',
      location_id,
      quantity_delta: -quantity,
      kind: 'shipped',
      reason: null,
      ...reference,
    }),
  )
  const lines = ended.map(({ id, item_id, location_id, quantity }) => ({
    reservation_id: id,
    item_id,
    location_id,
    quantity,
  }))
  emit(ctx, inventoryEvents.shipped({ ...reference, lines }))
  const { levels } = await writeTogether(ctx, {
    levels: takeReserved.bind(ctx, { rows: changes }),
    movements: insertMovements.bind(ctx, { rows }),
  })
  if (levels.affected !== changes.length) throw new Error('a level has less than its reservations')
}
