import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { lockReturn, printRma, refuseShoppers } from '../find.ts'
import { returnLifecycle } from '../lifecycle.ts'
import { waitingUnits } from '../lines.ts'
import { moveReturn } from '../moves.ts'
import { linesNow } from '../receiving.ts'
import { paidOf } from '../refunds.ts'
import type { MoveReturn, Return } from '../schemas.ts'
import { answerReturn } from '../wire.ts'

/** Ends a return without (more) money. All that came must have been looked at. */
export async function completeReturn(ctx: Context, { id, reason }: MoveReturn): Promise<Return> {
  refuseShoppers(ctx, 'complete a return')
  const locked = await lockReturn(ctx, id)
  const { row } = locked
  requireVersion(ctx, row.version)
  returnLifecycle.next(row.status, 'complete')
  const lines = await linesNow(ctx, locked)
  const waiting = lines.reduce((sum, line) => sum + waitingUnits(line), 0)
  if (waiting > 0) throw returnErrors.not_inspected({ waiting })
  const paid = (await paidOf(ctx, [row.id])).get(row.id)
  if (paid?.status === 'pending' || paid?.status === 'partly_failed') {
    const units = [...paid.units.values()].reduce((sum, one) => sum + one, 0)
    throw returnErrors.refund_open({ rma_number: printRma(row.number), units })
  }
  const moved = await moveReturn(ctx, row, { move: 'complete', why: reason ?? null })
  emit(ctx, returnEvents.completed(moved.told))
  return answerReturn(ctx, moved.row)
}
