import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireRoomForAutomatic } from '../automatic.ts'
import { promotionEvents } from '../events.ts'
import { putFacts } from '../facts.ts'
import { putMainCode } from '../main-code.ts'
import type { CreatePromotion, Promotion } from '../schemas.ts'
import { db } from '../tables.ts'
import { dateTerms, priceTerms, reachOf, targetTerms } from '../terms.ts'
import { promotionOf } from '../wire.ts'

const insertPromotion = insertRows(db, 'promotions')
const NO_DATES = { starts_at: null, ends_at: null }

/**
 * Draws up a promotion. Throws `code_taken`, `too_many_automatic`. READ COMMITTED: the unique index
 * decides whose a code is, and automatic ones are counted under their lock.
 */
export async function createPromotion(ctx: Context, input: CreatePromotion): Promise<Promotion> {
  const { name, kind, label = name, code = null, status = 'draft' } = input
  const automatic = input.automatic ?? code === null
  if (automatic && code !== null) throw invalidField('automatic', 'must be false beside a code')
  const { rate_ppm, amounts } = priceTerms(kind, input, { rate_ppm: null, amounts: [] })
  const targets = targetTerms(input, [])
  const row = {
    id: ctx.newId('promotion'),
    name,
    label,
    search_text: searchText(name, label),
    code,
    automatic,
    kind,
    rate_ppm,
    status,
    ...dateTerms(input, NO_DATES),
    usage_limit: input.usage_limit ?? null,
    usage_limit_per_customer: input.usage_limit_per_customer ?? null,
    exclusive: input.exclusive ?? false,
    priority: input.priority ?? 0,
    ...reachOf(targets),
    version: 1,
    archived_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  if (automatic && status === 'active') await requireRoomForAutomatic(ctx)
  await insertPromotion(ctx, { rows: [row] })
  await putFacts(ctx, row.id, { amounts, targets })
  if (code !== null) await putMainCode(ctx, row.id, code)
  const { id: promotion_id } = row
  emit(ctx, promotionEvents.created({ promotion_id, name, kind, code, automatic, status }))
  return promotionOf(row, { amounts, targets })
}

/** What the search of the list looks in. */
export const searchText = (name: string, label: string): string => `${name} ${label}`.toLowerCase()
