import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { codeKey } from '../codes.ts'
import { promotionErrors } from '../errors.ts'
import { promotionEvents } from '../events.ts'
import { amountsOf, putFacts, targetsOf } from '../facts.ts'
import { type PromotionRow, promotionToChange } from '../find.ts'
import { archiveCodes, putMainCode } from '../main-code.ts'
import { withFacts } from '../queries.ts'
import type { Promotion, UpdatePromotion } from '../schemas.ts'
import { db } from '../tables.ts'
import { dateTerms, priceTerms, reachOf, targetTerms } from '../terms.ts'
import { searchText } from './create-promotion.ts'

/**
 * Changes the named terms of a promotion; orders that used it keep what they got. Its kind stays,
 * and a limit cannot fall below what is used (`limit_below_usage`). Throws `archived`, `code_taken`
 * and `automatic_has_no_codes`.
 */
export async function updatePromotion(ctx: Context, input: UpdatePromotion): Promise<Promotion> {
  const known = await promotionToChange(ctx, input.id)
  const { id } = known
  if (known.status === 'archived') throw promotionErrors.archived({ promotion_id: id })
  const asked = { promotions: [id] }
  const { rate_ppm, amounts } = priceTerms(known.kind, input, {
    rate_ppm: known.rate_ppm,
    amounts: (await amountsOf(ctx, asked)).map(({ promotion_id: _, ...row }) => row),
  })
  const targets = targetTerms(
    input,
    (await targetsOf(ctx, asked)).map(({ promotion_id: _, ...row }) => row),
  )
  await requireRoomForUsage(ctx, known, input)
  const name = input.name ?? known.name
  const label = input.label ?? (input.name && known.label === known.name ? name : known.label)
  const row: PromotionRow = {
    ...known,
    name,
    label,
    search_text: searchText(name, label),
    code: input.code === undefined ? known.code : input.code,
    rate_ppm,
    ...dateTerms(input, known),
    usage_limit: input.usage_limit === undefined ? known.usage_limit : input.usage_limit,
    usage_limit_per_customer:
      input.usage_limit_per_customer === undefined
        ? known.usage_limit_per_customer
        : input.usage_limit_per_customer,
    exclusive: input.exclusive ?? known.exclusive,
    priority: input.priority ?? known.priority,
    ...reachOf(targets),
    version: known.version + 1,
    updated_at: ctx.now,
  }
  await changeCode(ctx, known, row.code)
  await putFacts(ctx, id, { amounts, targets })
  await db(ctx).updateTable('promotions').set(row).where('id', '=', id).execute()
  emit(ctx, promotionEvents.updated({ promotion_id: id, name, version: row.version }))
  return (await withFacts(ctx, [row]))[0] as Promotion
}

type Limits = Pick<UpdatePromotion, 'usage_limit' | 'usage_limit_per_customer'>

async function requireRoomForUsage(
  ctx: Context,
  { id }: PromotionRow,
  { usage_limit, usage_limit_per_customer }: Limits,
): Promise<void> {
  if (usage_limit) {
    const used = await usedOf(ctx, id)
    if (used > usage_limit) {
      throw promotionErrors.limit_below_usage({ field: 'usage_limit', used })
    }
  }
  if (usage_limit_per_customer) {
    const used = await mostUsedByOne(ctx, id)
    if (used > usage_limit_per_customer) {
      throw promotionErrors.limit_below_usage({ field: 'usage_limit_per_customer', used })
    }
  }
}

async function usedOf(ctx: Context, id: Id<'promotion'>): Promise<number> {
  const { used } = await liveOf(ctx, id)
    .select((eb) => eb.fn.countAll<number>().as('used'))
    .executeTakeFirstOrThrow()
  return used
}

async function mostUsedByOne(ctx: Context, id: Id<'promotion'>): Promise<number> {
  const most = await liveOf(ctx, id)
    .select((eb) => eb.fn.countAll<number>().as('used'))
    .groupBy('customer_id')
    .orderBy('used', 'desc')
    .limit(1)
    .executeTakeFirst()
  return most?.used ?? 0
}

const liveOf = (ctx: Context, id: Id<'promotion'>) =>
  db(ctx)
    .selectFrom('promotion_redemptions')
    .where('promotion_id', '=', id)
    .where('given_back_at', 'is', null)

/** Another code takes the place of the one it had, which is free for others then. */
async function changeCode(ctx: Context, known: PromotionRow, code: string | null): Promise<void> {
  if (code === known.code) return
  const { id: promotion_id } = known
  if (known.automatic) throw promotionErrors.automatic_has_no_codes({ promotion_id })
  const isSame = code !== null && known.code !== null && codeKey(code) === codeKey(known.code)
  if (isSame) {
    await db(ctx)
      .updateTable('promotion_codes')
      .set({ code })
      .where('promotion_id', '=', promotion_id)
      .where('is_main', '=', true)
      .where('archived_at', 'is', null)
      .execute()
    return
  }
  await archiveCodes(ctx, promotion_id, 'main')
  if (code !== null) await putMainCode(ctx, promotion_id, code)
}
