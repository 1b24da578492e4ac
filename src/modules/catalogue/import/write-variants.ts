import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach, updateEach } from '#platform/database/each-row'
import { skuKey } from '../sku.ts'
import { db } from '../tables.ts'
import type { Placed } from './apply.ts'
import type { VariantPlan } from './check-variant.ts'

type VariantRow = Record<string, unknown>

const insertThem = insertEach<VariantRow, unknown>(
  db as never,
  db.kinds('product_variants') as never,
  {
    table: 'product_variants',
    values: (row) => row,
    onConflict: sql`on conflict (sku_key) do nothing`,
  },
)

/** Adds the variants that are new, behind those that a product has. */
export async function insertVariants(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap((one) => {
    let position = one.plan.lastPosition
    return one.variants.flatMap(({ plan, id, item_id }) => {
      if (plan.known) return []
      position++
      return [newRow(ctx, one, { plan, id, item_id, position })]
    })
  })
  if (rows.length === 0) return
  const { affected } = await insertThem.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a variant of this SKU came meanwhile')
}

type Fresh = Placed['variants'][number] & { position: number }

function newRow(ctx: Context, { id: product_id, name }: Placed, fresh: Fresh) {
  const { plan, id, item_id, position } = fresh
  const { said, sku } = plan
  return {
    id,
    product_id,
    sku,
    sku_key: skuKey(sku),
    name: said.name ?? name,
    options: said.options ?? {},
    options_key: plan.options_key,
    gtin: said.gtin?.gtin ?? null,
    gtin_key: said.gtin?.gtin_key ?? null,
    position,
    inventory_tracking: plan.tracked,
    item_id,
    weight_grams: said.weight_grams ?? null,
    cost_amount: plan.cost_amount ?? null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

const UPDATED = {
  id: 'uuid',
  name: 'text',
  options: 'json',
  options_key: 'text',
  gtin: 'text',
  gtin_key: 'text',
  inventory_tracking: 'boolean',
  item_id: 'uuid',
  weight_grams: 'bigint',
  cost_amount: 'bigint',
  updated_at: 'timestamptz',
} as const

const updateThem = updateEach<VariantRow, unknown>(db as never, UPDATED as never, {
  table: 'product_variants',
  key: ['id'],
  set: ({ id: _, ...row }) => ({ ...row, version: sql`product_variants.version + 1` }) as never,
  where: () => sql`product_variants.archived_at is null`,
})

type Becoming = { item_id: Id<'item'> | null; name: string }

/** The columns of a known variant as they are to be, if any of them is another one. */
export function variantChanges(plan: VariantPlan, { item_id }: Becoming): VariantRow | undefined {
  const { known, said } = plan
  if (!known) return undefined
  const next = {
    id: known.id,
    name: said.name ?? known.name,
    options: said.options ?? known.options,
    options_key: plan.options_key,
    gtin: said.gtin?.gtin ?? known.gtin,
    gtin_key: said.gtin?.gtin_key ?? known.gtin_key,
    inventory_tracking: plan.tracked,
    item_id,
    weight_grams: said.weight_grams ?? known.weight_grams,
    cost_amount: plan.cost_amount ?? known.cost_amount,
  }
  const isSame = Object.entries(next).every(
    ([name, value]) =>
      name === 'options' || value === (known as unknown as Record<string, unknown>)[name],
  )
  // Options in another order are the same options.
  return isSame ? undefined : next
}

/** Writes the variants of known products that are others now, and raises those with a new price. */
export async function updateVariants(ctx: Context, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(({ variants, name }) =>
    variants.flatMap(({ plan, item_id }) => {
      const { known } = plan
      if (!known) return []
      const changes = variantChanges(plan, { item_id, name })
      if (!changes && !plan.price) return []
      const row = { ...known, ...changes, updated_at: ctx.now } as Record<string, unknown>
      return [Object.fromEntries(Object.keys(UPDATED).map((column) => [column, row[column]]))]
    }),
  )
  if (rows.length === 0) return
  const { affected } = await updateThem.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a variant was archived meanwhile')
}
