import type { RawBuilder } from 'kysely'
import type { Context } from '#platform/context'
import type { Engine } from '#platform/database/database'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import type { Values } from './filters.ts'
import { db } from './tables.ts'

/** A statement that is another one for each combination of filters; `shape` tells them apart. */
export type Shaped<O> = {
  shape: readonly (string | boolean)[]
  build: (p: Values, engine: Engine) => RawBuilder<O>
}

/** Whoever filters by everything at once can make more shapes than a process should remember. */
const KEPT_MAX = 300
const kept = new Map<string, Prepared<Values, unknown>>()

/** Runs a statement with these values; it stays prepared if its shape is one of the usual ones. */
export async function shaped<O>(
  ctx: Context,
  { shape, build }: Shaped<O>,
  values: Values,
): Promise<O[]> {
  const name = shape.join(' ')
  const known = kept.get(name) as Prepared<Values, O> | undefined
  if (known) return known(ctx, values)
  const fresh = prepared(db, (open, p: Values, engine) => rawQuery(open, build(p, engine)))
  if (kept.size < KEPT_MAX) {
    kept.set(name, fresh)
    return fresh(ctx, values)
  }
  const { sql, parameters } = fresh.bind(ctx, values)
  return (await ctx.session.run<O>({ sql, parameters })).rows
}
