import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { codeKey, drawCode } from '../codes.ts'
import { promotionErrors } from '../errors.ts'
import { promotionEvents } from '../events.ts'
import { promotionToChange } from '../find.ts'
import type { CreateCodes, NewCodes } from '../schemas.ts'
import { db } from '../tables.ts'
import { codeOf } from '../usage-queries.ts'

type CodeRow = Static<(typeof db.tables)['promotion_codes']>
const insertCodes = insertEach<CodeRow, unknown>(
  db as never,
  db.kinds('promotion_codes') as never,
  {
    table: 'promotion_codes',
    values: (row) => row,
    onConflict: sql`on conflict do nothing`,
  },
)

/**
 * Draws codes that nobody can guess, for one use each unless said. Throws `automatic_has_no_codes`
 * and `archived`.
 */
export async function createCodes(ctx: Context, input: CreateCodes): Promise<NewCodes> {
  const { id: promotion_id, automatic, status } = await promotionToChange(ctx, input.id)
  if (automatic) throw promotionErrors.automatic_has_no_codes({ promotion_id })
  if (status === 'archived') throw promotionErrors.archived({ promotion_id })
  const rows = Array.from({ length: input.count }, () => {
    const code = drawCode(input.prefix ?? '')
    return {
      id: ctx.newId('promotion_code'),
      promotion_id,
      code,
      code_key: codeKey(code),
      is_main: false,
      usage_limit: input.usage_limit ?? 1,
      archived_at: null,
      created_at: ctx.now,
    }
  })
  const { affected } = await insertCodes.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a code was drawn that is somebody’s already')
  emit(ctx, promotionEvents.codes_created({ promotion_id, count: rows.length }))
  return { items: rows.map((row) => codeOf(row, 0)) }
}
