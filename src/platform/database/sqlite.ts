import { type DatabaseSync, backup as sqliteBackup } from 'node:sqlite'
import { Checkpoints, LOG_PAGES } from '#platform/database/checkpoints'
import {
  type Announcements,
  ATTEMPTS_MAX,
  type Database,
  databaseErrors,
  type Session,
  TryAgain,
} from '#platform/database/database'
import { Lane, type LaneStatement } from '#platform/database/lane'
import { LogSync, type SyncFile } from '#platform/database/log-sync'
import { QueryStats } from '#platform/database/query-stats'
import { SqliteConnection } from '#platform/database/sqlite-connection'

export type SqliteOptions = {
  path: string
  /**
   * `full` makes every answered command survive a power cut; tests that only need speed say `off`.
   */
  synchronous?: 'full' | 'normal' | 'off'
  /** The system's `fdatasync`; a test says when the disk is done. */
  syncFile?: SyncFile
}

const PING = { sql: 'select 1', parameters: [] }
const ALL_PAGES = 2 ** 31 - 1

const LANE_SQL: Record<LaneStatement, string> = {
  begin: 'begin immediate',
  commit: 'commit',
  rollback: 'rollback',
  savepoint: 'savepoint command',
  release: 'release command',
  undo: 'rollback to command',
}

/**
 * The embedded engine: one process, one writer behind the lane, readers on snapshots of their own.
 */
export function openSqlite({ path, synchronous = 'full', syncFile }: SqliteOptions): Database {
  const tuning = [
    'foreign_keys = on',
    'temp_store = memory',
    // The first GB is read as memory: what the cache of a connection lacks costs no call.
    'mmap_size = 1073741824',
  ]
  const queries = new QueryStats()
  const forWriting = [
    'journal_mode = wal',
    // With `full` it is `LogSync` that waits for the disk at a commit, and nobody is told before.
    `synchronous = ${synchronous === 'off' ? 'off' : 'normal'}`,
    // 64 MB, in pages of 4 KiB, as the log: what was written lately is not read back from there.
    `cache_size = ${LOG_PAGES}`,
    ...tuning,
  ]
  const forReading = ['query_only = on', 'cache_size = -32768', ...tuning]
  const writer = new SqliteConnection(path, forWriting, queries)
  const readers = new Readers(() => new SqliteConnection(path, forReading, queries))
  const announcements = localAnnouncements()
  const execute = preparedExec(writer.sqlite)
  const checkpoints = new Checkpoints({ path, synchronous, writer: writer.sqlite })
  const logSync = synchronous === 'full' ? new LogSync(`${path}-wal`, syncFile) : undefined
  let synced = writer.writes
  const committed = (): void => {
    checkpoints.committed()
    if (writer.writes > synced) logSync?.committed()
    synced = writer.writes
  }
  const lane = new Lane({
    session: writer,
    exec(name) {
      if (name === 'begin') logSync?.check()
      execute(name)
      if (name === 'commit') committed()
    },
    writes: () => writer.writes,
    safe: () => logSync?.safe(),
    lost: () => announcements.tell('*'),
  })
  /** What it reads, and refuses because of that, may be a moment younger than what the disk has. */
  async function read<T>(body: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await readers.use(body)
    } finally {
      await logSync?.safe()
    }
  }
  const foreignChanges = countOfForeign(writer.sqlite)
  let announced: string[] = []
  let retries = 0

  /** One try. What the body announces is told once its commit is durable, never before. */
  async function attempt<T>(body: (session: Session) => Promise<T>): Promise<T> {
    const topics: string[] = []
    const value = await lane.submit((session) => {
      topics.length = 0
      announced = topics
      return body(session)
    })
    for (const topic of topics) announcements.tell(topic)
    return value
  }

  return {
    engine: 'sqlite',
    read,
    async write(body) {
      for (let nth = 1; ; nth++) {
        try {
          return await attempt(body)
        } catch (error) {
          if (!(error instanceof TryAgain)) throw error
          if (nth === ATTEMPTS_MAX) throw databaseErrors.busy({ reason: error.reason })
          retries++
        }
      }
    },
    ping: () => read(async (session) => void (await session.run(PING))),
    foreignChanges,
    announce: async (_session, topic) => void announced.push(topic),
    announcements,
    async backup(file) {
      const source = new SqliteConnection(path, ['query_only = on'])
      try {
        // In one step: between two steps a commit of another process would start it anew, for ever.
        await sqliteBackup(source.sqlite, file, { rate: ALL_PAGES })
      } finally {
        source.close()
      }
    },
    stats: () => ({
      active: readers.active,
      idle: readers.idle,
      retries,
      size: readers.active + readers.idle + 1,
      queries,
    }),
    async close() {
      await lane.idle()
      await checkpoints.close()
      await logSync?.close()
      readers.close()
      writer.close()
    },
  }
}

function preparedExec(sqlite: DatabaseSync) {
  const statements = Object.fromEntries(
    Object.entries(LANE_SQL).map(([name, sql]) => [name, sqlite.prepare(sql)]),
  )
  return (name: LaneStatement) => void statements[name]?.run()
}

/**
 * SQLite's own count of commits by other connections, other processes' included. To ask it costs as
 * much as what is answered from memory instead, so it is asked once a millisecond.
 */
function countOfForeign(sqlite: DatabaseSync): () => number {
  const dataVersion = sqlite.prepare('pragma data_version')
  let count = 0
  let asked_ms = -1
  return () => {
    const ms = Math.trunc(performance.now())
    if (ms !== asked_ms) {
      asked_ms = ms
      count = Number(dataVersion.get()?.data_version)
    }
    return count
  }
}

/** Within one process there is one writer, so telling oneself is telling everyone. */
function localAnnouncements(): Announcements & { tell(topic: string): void } {
  const listeners: ((topic: string) => void)[] = []
  return {
    connected: true,
    listen: (listener) => void listeners.push(listener),
    tell: (topic) => {
      for (const listener of listeners) listener(topic)
    },
  }
}

/**
 * Read connections, each with a snapshot of its own. Reads seldom overlap, so few are ever made.
 */
class Readers {
  readonly #open: () => SqliteConnection
  readonly #free: SqliteConnection[] = []
  readonly #all: SqliteConnection[] = []

  constructor(open: () => SqliteConnection) {
    this.#open = open
  }

  get idle() {
    return this.#free.length
  }
  get active() {
    return this.#all.length - this.#free.length
  }

  async use<T>(body: (session: Session) => Promise<T>): Promise<T> {
    const reader = this.#free.pop() ?? this.#add()
    try {
      await reader.run({ sql: 'begin', parameters: [] })
      return await body(reader)
    } finally {
      if (reader.sqlite.isTransaction) await reader.run({ sql: 'commit', parameters: [] })
      this.#free.push(reader)
    }
  }

  close() {
    for (const reader of this.#all) reader.close()
  }

  #add(): SqliteConnection {
    const reader = this.#open()
    this.#all.push(reader)
    return reader
  }
}
