import { Type } from 'typebox'
import { createApp } from '#app'
import { type Id, IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import type { App } from '#platform/app'
import { loadSettings } from '#platform/config/load'
import type { Context } from '#platform/context'
import { columns } from '#platform/database/columns'
import type { Database, Engine, Isolation } from '#platform/database/database'
import { prepared } from '#platform/database/prepared'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { silentLog } from '#platform/log'
import { createPlatform } from '#platform/migrations/2026-11-21-01-create-platform'
import { defineTables, insertRows } from '#platform/tables'
import { openEmptyDatabase } from '#testing'

/** A table with every kind of column, made only for asking an engine how it keeps them. */
export const db = defineTables({
  probes: Type.Object({
    id: IdSchema('probe'),
    name: Type.String(),
    n: Nullable(Type.Integer()),
    at: Nullable(Instant),
    is_on: Nullable(Type.Boolean()),
    data: Nullable(Json(Type.Unknown())),
    owner_id: Nullable(IdSchema('probe')),
  }),
})

export type Probe = {
  id: Id<'probe'>
  name: string
  n: number | null
  at: string | null
  is_on: boolean | null
  data: unknown
  owner_id: Id<'probe'> | null
}

export const insertProbes = insertRows(db, 'probes')

const probeById = prepared(db, (open, p: { id: Id<'probe'> }) =>
  open.selectFrom('probes').selectAll().where('id', '=', p.id),
)

export type ProbeHouse = Awaited<ReturnType<typeof openProbes>>

/** An empty database with the table of probes, and the app that transactions need. */
export async function openProbes(engine: Engine) {
  const { database, drop, url } = await openEmptyDatabase(engine)
  await createProbes(database)
  return {
    database,
    url,
    app: appOn(database),
    async close() {
      await database.close()
      await drop()
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}

/** An app on a database: what `transact` and `read` need, without any face. */
export const appOn = (database: Database): App =>
  createApp({
    settings: loadSettings({ env: { APP__ENVIRONMENT: 'test' } }),
    database,
    log: silentLog,
  })

async function createProbes(database: Database): Promise<void> {
  const c = columns(database.engine)
  await database.write(async ({ kysely }) => {
    await createPlatform.up(kysely, c)
    await kysely.schema
      .createTable('probes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('name', c.text, (col) => col.notNull().unique())
      .addColumn('n', c.integer)
      .addColumn('at', c.instant)
      .addColumn('is_on', c.boolean)
      .addColumn('data', c.json)
      .addColumn('owner_id', c.id, (col) => col.references('probes.id'))
      .execute()
  })
}

/** Away with every probe and every event. */
export const clear = (house: ProbeHouse): Promise<void> =>
  house.database.write(async (session) => {
    await session.run({ sql: 'delete from probes', parameters: [] })
    await session.run({ sql: 'delete from events', parameters: [] })
  })

type Opened = { app: App }

export const write = <T>(
  { app }: Opened,
  body: (ctx: Context) => Promise<T>,
  isolation?: Isolation,
): Promise<T> => transactAsSystem(app, body, isolation)

export const read = <T>(
  { app }: Opened,
  body: (ctx: Context) => Promise<T>,
  consistency?: 'snapshot' | 'statement',
): Promise<T> => readAsSystem(app, body, consistency)

/** A probe of that name with nothing else in it. */
export const probe = (ctx: Context, name: string, more: Partial<Probe> = {}): Probe => ({
  id: ctx.newId('probe'),
  name,
  n: null,
  at: null,
  is_on: null,
  data: null,
  owner_id: null,
  ...more,
})

export const findProbe = (ctx: Context, id: Id<'probe'>) => probeById.first(ctx, { id })

/** The names of all probes, in the engine's own order. */
export async function names(ctx: Context): Promise<string[]> {
  const rows = await db(ctx).selectFrom('probes').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}
