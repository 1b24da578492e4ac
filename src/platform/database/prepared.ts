import {
  type Kysely,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type RawBuilder,
  ValueListNode,
  ValueNode,
} from 'kysely'
import type { Context } from '#platform/context'
import type { Engine, Result, Statement } from '#platform/database/database'

/** Stands where a value will be when the query runs. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Anything that Kysely can turn into SQL, with the rows it answers. */
export type Compilable<O> = {
  compile(): { sql: string; parameters: readonly unknown[] }
  execute(): Promise<O[]>
}

/** A query written as SQL, for `prepared` and `writeTogether`. */
export const rawQuery = <O>(db: Kysely<any>, query: RawBuilder<O>): Compilable<O> => ({
  compile: () => query.compile(db),
  execute: async () => (await query.execute(db)).rows,
})

/** A query with its values, ready to run alone or in `writeTogether`. */
export type Bound<O> = Statement & { readonly rows?: O }

export type Prepared<P, O> = {
  /** All rows. */
  (ctx: Context, values: P): Promise<O[]>
  /** The first row, if there is one. */
  first(ctx: Context, values: P): Promise<O | undefined>
  /** The rows and how many were touched. */
  run(ctx: Context, values: P): Promise<Result<O>>
  /** The query with its values, for `writeTogether`. */
  bind(ctx: Context, values: P): Bound<O>
}

/**
 * A query that is compiled once per engine and prepared once per connection. `p.name` in `build`
 * stands for the value called `name`: the shape of the SQL must not depend on it. Building and
 * compiling a query costs more than running it on SQLite, so hot paths use these. For `each row`
 * see `eachRow`.
 */
export function prepared<P extends object, DB, O>(
  open: (ctx: Context) => Kysely<DB>,
  build: (db: Kysely<DB>, p: P, engine: Engine) => Compilable<O>,
  runs: 'once' | 'each row' = 'once',
): Prepared<P, O> {
  const compiled = new Map<Engine, Statement>()
  const slots = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) }) as P

  const statementFor = (ctx: Context): Statement => {
    const { engine } = ctx.session
    const known = compiled.get(engine)
    if (known) return known
    const { sql, parameters } = build(open(ctx).withPlugin(constants), slots, engine).compile()
    const fresh = { sql, parameters, kept: true }
    compiled.set(engine, fresh)
    return fresh
  }
  const bind = (ctx: Context, values: P): Bound<O> => {
    const { sql, parameters } = statementFor(ctx)
    const filled = (from: object) => parameters.map((value) => fill(value, from))
    if (runs === 'once' || ctx.session.engine === 'postgres') {
      return { sql, kept: true, parameters: filled(values) }
    }
    const { rows } = values as unknown as { rows: readonly object[] }
    return { sql, kept: true, parameters: [], each: rows.map(filled) }
  }
  const run = async (ctx: Context, values: P): Promise<Result<O>> => {
    const bound = bind(ctx, values)
    return ctx.session.runNow?.<O>(bound) ?? ctx.session.run<O>(bound)
  }
  const all = async (ctx: Context, values: P) => (await run(ctx, values)).rows
  const first = async (ctx: Context, values: P) => (await run(ctx, values)).rows[0]
  return Object.assign(all, { run, bind, first })
}

/**
 * Writes what is the same in every run into the SQL itself. SQLite plans a statement before it
 * knows its values: only a state that stands in the text lets it use an index of just those rows.
 */
class ConstantsInText extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return isConstant(node.value) ? ValueNode.createImmediate(node.value) : node
  }

  protected override transformPrimitiveValueList({ values }: PrimitiveValueListNode) {
    const nodes = values.map((value) => this.transformValue(ValueNode.create(value)))
    // The compiler takes any list of values here; the type names only its own kind.
    return ValueListNode.create(nodes) as unknown as PrimitiveValueListNode
  }
}

const isConstant = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value)

const transformer = new ConstantsInText()
const constants: KyselyPlugin = {
  transformQuery: ({ node }) => transformer.transformNode(node),
  transformResult: async ({ result }) => result,
}

function fill(value: unknown, values: object): unknown {
  if (!(value instanceof Placeholder)) return value
  return (values as Record<string, unknown>)[value.name] ?? null
}
