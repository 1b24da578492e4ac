import type { Id } from '#kit/ids'
import { type Context, perProcess } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db as inventory } from '../tables.ts'
import { RULES_MAX } from './schemas.ts'
import { db } from './tables.ts'

/** What is announced when a rule, or the address of a location, changes. */
export const ROUTING = 'inventory.routing'

const activeRules = prepared(db, (open) =>
  open
    .selectFrom('routing_rules')
    .selectAll()
    .where('paused_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .limit(RULES_MAX),
)
export type RuleRow = Awaited<ReturnType<typeof activeRules>>[number]

const addresses = prepared(inventory, (open) =>
  open.selectFrom('locations').select(['id', 'address']).where('archived_at', 'is', null),
)

/** A country and a region in upper case, so that two spellings are one. */
export type Region = { country: string; region: string }
export type Routing = {
  rules: readonly RuleRow[]
  regions: ReadonlyMap<Id<'location'>, Region>
}

type Kept = { mark: string; routing: Routing }
const kept = perProcess(() => ({ last: undefined as Kept | undefined }))

/** The rules as they were a moment ago, and where the locations are. */
export async function knownRouting(ctx: Context): Promise<Routing> {
  const memory = kept(ctx)
  const mark = ctx.mark(ROUTING)
  if (mark !== undefined && memory.last?.mark === mark) return memory.last.routing
  const routing = await readRouting(ctx)
  if (mark !== undefined) memory.last = { mark, routing }
  return routing
}

async function readRouting(ctx: Context): Promise<Routing> {
  const rules = await activeRules(ctx, {})
  if (!rules.some(({ kind }) => kind === 'nearest_region')) return { rules, regions: new Map() }
  const rows = await addresses(ctx, {})
  return {
    rules,
    regions: new Map(rows.map(({ id, address }) => [id, regionOf(address as Address | null)])),
  }
}

type Address = { country?: string; state?: string }

const regionOf = (address: Address | null): Region => ({
  country: keyOf(address?.country),
  region: keyOf(address?.state),
})

/** How countries and regions are compared. */
export const keyOf = (text: string | null | undefined): string => (text ?? '').trim().toUpperCase()
