import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { db } from './tables.ts'
import { fulfilmentOrdersById } from './work/rows.ts'
import { moved } from './work/settle.ts'
import { storeWork } from './work/store.ts'

const BATCH = 200

const due = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('fulfilment_orders')
    .select(['id', 'order_id'])
    .where('status', '=', 'scheduled')
    .where('fulfil_at', '<=', p.now)
    .orderBy('fulfil_at')
    .limit(BATCH),
)

/** Opens what was scheduled for a time that has come; answers how many it were. */
export async function openDue(ctx: ProcessContext): Promise<number> {
  let opened = 0
  for (;;) {
    const some = await ctx.transaction(openSome, 'read committed')
    opened += some
    if (some < BATCH) return opened
  }
}

async function openSome(ctx: Context): Promise<number> {
  const found = await due(ctx, { now: ctx.now })
  await lockEntities(
    ctx,
    'order',
    found.map(({ order_id }) => order_id),
  )
  const rows = await fulfilmentOrdersById(
    ctx,
    found.map(({ id }) => id),
  )
  const still = rows.filter(
    ({ status, fulfil_at }) => status === 'scheduled' && (fulfil_at ?? '') <= ctx.now,
  )
  if (still.length === 0) return 0
  const reason = 'its time has come'
  const after = still.map((one) => moved(ctx, one, { move: 'open', reason }))
  return (await storeWork(ctx, still, after)).length
}

export const schedules: Schedule[] = [
  {
    name: 'fulfilment.open_due',
    every_ms: 30_000,
    run: async (ctx) => void (await openDue(ctx)),
  },
]
