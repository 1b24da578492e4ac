import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { lotsOf } from '../keeping/facts.ts'
import { findLot } from '../lots/find-lot.ts'
import { db, type SerialRow } from '../tables.ts'
import { findSerial } from './queries.ts'
import type { Genealogy, GetLotGenealogy, GetSerial } from './schemas.ts'

/** A lot or a serial number. */
export type Thing = { lot_id: Id<'lot'> | null; serial_id: Id<'serial'> | null }
export type Link = Thing & { depth: number; quantity: number }

const DEPTH_MAX = 30
const LINKS_MAX = 1_000

type Asked = { lots: readonly string[]; serials: readonly string[] }

const linksFrom = (near: 'made' | 'used', far: 'made' | 'used') =>
  prepared(db, (open, p: Asked, engine) => {
    const lots = isOneOf(engine, `${near}_lot_id`, { values: p.lots, kind: 'uuid' })
    const serials = isOneOf(engine, `${near}_serial_id`, { values: p.serials, kind: 'uuid' })
    return rawQuery(
      open,
      sql<Thing & { quantity: number }>`
        select ${sql.ref(`${far}_lot_id`)} as lot_id, ${sql.ref(`${far}_serial_id`)} as serial_id,
          quantity, id from lot_links where ${lots}
        union all
        select ${sql.ref(`${far}_lot_id`)} as lot_id, ${sql.ref(`${far}_serial_id`)} as serial_id,
          quantity, id from lot_links where ${serials}
        order by id limit ${sql.lit(LINKS_MAX + 1)}`,
    )
  })
const components = linksFrom('made', 'used')
const products = linksFrom('used', 'made')

/**
 * Everything that things were made of (`down`), or that they went into (`up`), the nearest first:
 * one statement for each step away. Each thing is told once.
 */
export async function related(
  ctx: Context,
  from: readonly Thing[],
  way: 'up' | 'down',
): Promise<{ links: Link[]; is_complete: boolean }> {
  const links: Link[] = []
  const seen = new Set(from.map(keyOf))
  let next: readonly Thing[] = from
  for (let depth = 1; depth <= DEPTH_MAX && next.length > 0; depth++) {
    const asked = {
      lots: next.flatMap(({ lot_id }) => lot_id ?? []),
      serials: next.flatMap(({ serial_id }) => serial_id ?? []),
    }
    const rows = await (way === 'down' ? components : products)(ctx, asked)
    const merged = new Map<string, Link>()
    for (const { lot_id, serial_id, quantity } of rows) {
      const key = keyOf({ lot_id, serial_id })
      const known = merged.get(key)
      if (known) known.quantity += quantity
      else if (!seen.has(key)) merged.set(key, { lot_id, serial_id, depth, quantity })
    }
    for (const key of merged.keys()) seen.add(key)
    links.push(...merged.values())
    if (rows.length > LINKS_MAX || links.length > LINKS_MAX) return { links, is_complete: false }
    next = [...merged.values()]
  }
  return { links, is_complete: next.length === 0 }
}

const keyOf = ({ lot_id, serial_id }: Thing): string => lot_id ?? serial_id ?? ''

type Told = Static<typeof Genealogy>

/** What a lot was made of and went into, where it came from and who got it. */
export async function getLotGenealogy(
  ctx: Context,
  { id }: Static<typeof GetLotGenealogy>,
): Promise<Told> {
  await findLot(ctx, id)
  return genealogyOf(ctx, { lot_id: id, serial_id: null }, await lotTrades(ctx, { id }))
}

/** What a serial number was made of and went into, where it came from and who got it. */
export async function getSerialGenealogy(ctx: Context, { id }: GetSerial): Promise<Told> {
  await findSerial(ctx, id)
  return genealogyOf(ctx, { lot_id: null, serial_id: id }, await serialTrades(ctx, { id }))
}

type Trade = Told['receipts'][number]
const TRADES_MAX = 1_000

const lotTrades = prepared(db, (open, p: { id: string }) =>
  rawQuery(
    open,
    sql<Trade>`select kind, reference_type, reference_id, abs(sum(quantity_delta)) as quantity,
        min(occurred_at) as first_at
      from lot_movements where lot_id = ${p.id} and kind in ('received', 'shipped', 'returned')
      group by kind, reference_type, reference_id order by min(sequence)
      limit ${sql.lit(TRADES_MAX)}`,
  ),
)
const serialTrades = prepared(db, (open, p: { id: string }) =>
  rawQuery(
    open,
    sql<Trade>`select kind, reference_type, reference_id, count(*) as quantity,
        min(occurred_at) as first_at
      from serial_moves where serial_id = ${p.id} and kind in ('received', 'shipped', 'returned')
      group by kind, reference_type, reference_id order by min(sequence)
      limit ${sql.lit(TRADES_MAX)}`,
  ),
)

async function genealogyOf(ctx: Context, thing: Thing, trades: readonly Trade[]): Promise<Told> {
  const down = await related(ctx, [thing], 'down')
  const up = await related(ctx, [thing], 'up')
  const nodes = await named(ctx, [...down.links, ...up.links])
  return {
    made_of: nodes.slice(0, down.links.length),
    used_in: nodes.slice(down.links.length),
    receipts: trades.filter(({ kind }) => kind !== 'shipped'),
    shipments: trades.filter(({ kind }) => kind === 'shipped'),
    is_complete: down.is_complete && up.is_complete && trades.length < TRADES_MAX,
  }
}

const serialsById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('serials')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** The serial numbers of these ids. */
export async function serialRows(ctx: Context, ids: readonly Id<'serial'>[]) {
  const rows: SerialRow[] = ids.length > 0 ? await serialsById(ctx, { ids }) : []
  return new Map(rows.map((row) => [row.id, row]))
}

async function named(ctx: Context, links: readonly Link[]): Promise<Told['made_of']> {
  const lots = await lotsOf(
    ctx,
    links.flatMap(({ lot_id }) => lot_id ?? []),
  )
  const serials = await serialRows(
    ctx,
    links.flatMap(({ serial_id }) => serial_id ?? []),
  )
  const items = [...lots.values(), ...serials.values()].map(({ item_id }) => item_id)
  const skus = await skusOf(ctx, items)
  return links.flatMap((link) => {
    const lot = link.lot_id === null ? undefined : lots.get(link.lot_id)
    const serial = link.serial_id === null ? undefined : serials.get(link.serial_id)
    const item_id = lot?.item_id ?? serial?.item_id
    if (!item_id) return []
    return [
      {
        ...link,
        item_id,
        item_number: skus.get(item_id) ?? '',
        lot_number: lot?.lot_number ?? null,
        serial_number: serial?.serial_number ?? null,
      },
    ]
  })
}
