import type { Context } from '#platform/context'
import type { FulfilmentOrder as Told } from '../schemas.ts'
import { toldOf } from '../wire.ts'
import type { FulfilmentOrder } from '../work/units.ts'

/** One fulfilment order as it is answered. */
export async function told(
  ctx: Context,
  stored: readonly FulfilmentOrder[],
  id: FulfilmentOrder['id'],
): Promise<Told> {
  const one = stored.find((own) => own.id === id) as FulfilmentOrder
  return (await toldOf(ctx, [one]))[0] as Told
}
