import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { inventoryErrors } from '../errors.ts'
import { routingEvents } from '../events.ts'
import { findLocation } from '../find.ts'
import { ROUTING, type RuleRow } from './known-rules.ts'
import {
  type CreateRule,
  type GetRule,
  type ListRules,
  type RoutingRule,
  RULES_MAX,
  type UpdateRule,
} from './schemas.ts'
import { db } from './tables.ts'

const SORT = 'position'

/** The rules in the order in which they are asked, paused ones too. */
export async function listRules(ctx: Context, query: ListRules): Promise<Page<RoutingRule>> {
  const start = pageStart(query, SORT)
  const rows = db(ctx).selectFrom('routing_rules')
  let page = rows
    .selectAll()
    .orderBy('position')
    .orderBy('id')
    .limit(start.limit + 1)
  if (start.after) {
    const [position, id] = start.after
    page = page.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('position', 'id'), '>', tuple(Number(position), String(id) as never)),
    )
  } else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: SORT,
    rows: await page.execute(),
    key: ({ position, id }) => [position, id],
    item: ruleOf,
    total: await countUpTo(ctx, rows),
  })
}

/** One rule. Throws `rule_not_found`. */
export const getRule = async (ctx: Context, { id }: GetRule): Promise<RoutingRule> =>
  ruleOf(await findRule(ctx, id))

async function findRule(ctx: Context, id: Id<'routing_rule'>): Promise<RuleRow> {
  const row = await db(ctx)
    .selectFrom('routing_rules')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw inventoryErrors.rule_not_found({ rule_id: id })
  return row
}

const ruleOf = ({ paused_at, ...row }: RuleRow): RoutingRule => ({
  ...row,
  is_paused: paused_at !== null,
})

/** Adds a rule, at the end unless a position is named. Throws `too_many_rules`. */
export async function createRule(ctx: Context, input: CreateRule): Promise<RoutingRule> {
  const { kind, country = null, region = null } = input
  requireRegionInCountry(country, region)
  const location_id = await locationOf(ctx, input)
  const known = await db(ctx).selectFrom('routing_rules').select('position').execute()
  if (known.length >= RULES_MAX) throw inventoryErrors.too_many_rules({ most: RULES_MAX })
  const position = input.position ?? Math.max(0, ...known.map((rule) => rule.position)) + 10
  const id = ctx.newId('routing_rule')
  await db(ctx)
    .insertInto('routing_rules')
    .values({
      id,
      position,
      kind,
      location_id,
      country,
      region,
      paused_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .execute()
  await ctx.announce(ROUTING)
  emit(ctx, routingEvents.rule_created({ rule_id: id, kind, position }))
  return getRule(ctx, { id })
}

async function locationOf(ctx: Context, { kind, location_id }: CreateRule) {
  const isNamed = location_id !== undefined && location_id !== null
  if (kind !== 'preferred_location') {
    if (isNamed) throw invalidField('location_id', `has no meaning for ${kind}`)
    return null
  }
  if (!isNamed) throw invalidField('location_id', 'is required for a preferred location')
  return (await findLocation(ctx, location_id)).id
}

/** Changes where a rule stands, what it is for, or whether it counts. Its kind stays. */
export async function updateRule(ctx: Context, input: UpdateRule): Promise<RoutingRule> {
  const rule = await findRule(ctx, input.id)
  requireVersion(ctx, rule.version)
  const country = input.country === undefined ? rule.country : input.country
  const region = input.region === undefined ? rule.region : input.region
  requireRegionInCountry(country, region)
  const { kind } = rule
  const { position = rule.position, is_paused = rule.paused_at !== null } = input
  const location_id =
    input.location_id === undefined
      ? rule.location_id
      : await locationOf(ctx, { kind, location_id: input.location_id })
  await db(ctx)
    .updateTable('routing_rules')
    .set({
      position,
      location_id,
      country,
      region,
      paused_at: is_paused ? (rule.paused_at ?? ctx.now) : null,
      version: rule.version + 1,
      updated_at: ctx.now,
    })
    .where('id', '=', rule.id)
    .execute()
  await ctx.announce(ROUTING)
  emit(ctx, routingEvents.rule_updated({ rule_id: rule.id, kind, position }))
  return getRule(ctx, { id: rule.id })
}

function requireRegionInCountry(country: string | null, region: string | null): void {
  if (region !== null && country === null) throw invalidField('region', 'needs a country')
}

/** Takes a rule away; what it has decided stays as it is. */
export async function deleteRule(ctx: Context, { id }: GetRule): Promise<undefined> {
  const { kind, position } = await findRule(ctx, id)
  await db(ctx).deleteFrom('routing_rules').where('id', '=', id).execute()
  await ctx.announce(ROUTING)
  emit(ctx, routingEvents.rule_deleted({ rule_id: id, kind, position }))
}
