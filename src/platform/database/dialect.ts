import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Engine, Session } from '#platform/database/database'

/** A query builder whose queries run on one session. Made once for each connection, then kept. */
export function kyselyOn(engine: Engine, session: () => Session): Kysely<never> {
  return new Kysely<never>({ dialect: dialectOf(engine, new SessionDriver(session)) })
}

function dialectOf(engine: Engine, driver: Driver): Dialect {
  if (engine === 'postgres') {
    return {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    }
  }
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Transactions belong to the platform, so the driver knows how to run a query and nothing else. */
class SessionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(session: () => Session) {
    this.#connection = {
      async executeQuery(query) {
        const { rows, affected } = await session().run<never>(query)
        return { rows, numAffectedRows: BigInt(affected) }
      },
      async *streamQuery(query) {
        const { rows } = await session().run<never>(query as CompiledQuery)
        yield { rows }
      },
    }
  }

  async init() {}
  async acquireConnection() {
    return this.#connection
  }
  async beginTransaction() {
    throw new Error('transactions are opened by execute, never by a query builder')
  }
  async commitTransaction() {}
  async rollbackTransaction() {}
  async releaseConnection() {}
  async destroy() {}
}
