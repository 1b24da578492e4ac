import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atTheLatestAtExit } from './cleanup.ts'

const ROOT = join(import.meta.dirname, '..')
const START_MS_MAX = 60_000
const STOP_MS_MAX = 20_000
const POLL_MS = 5

/** The first administrator of every benchmark's shop; it listens on 127.0.0.1 for minutes. */
const ADMIN = { email: 'admin@bench.example', password: `Bench-${randomBytes(12).toString('hex')}` }
const JWT_SECRET = randomBytes(48).toString('hex')

export type ServerSettings = {
  database_url: string
  /** Where the log goes and, with `profile`, the CPU profile. */
  folder: string
  profile?: boolean
  /** Further settings, by their variables. */
  environment?: Record<string, string>
}

/** A real server, started as a user starts it, in a process of its own. */
export type Server = {
  port: number
  pid: number
  /** Milliseconds from the start of the process to the first 200 of `/health`. */
  start_ms: number
  /** An API key that may do everything. */
  createApiKey(): Promise<string>
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>
}

/**
 * Starts `tradepost serve` and waits until it is healthy; throws with the end of its log if not.
 */
export async function startServer(settings: ServerSettings): Promise<Server> {
  const port = await freePort()
  const logPath = join(settings.folder, 'server.log')
  const log = openSync(logPath, 'a')
  const logBytes = fstatSync(log).size
  const flags = settings.profile ? ['--cpu-prof', `--cpu-prof-dir=${settings.folder}`] : []
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...flags, 'bin/tradepost', 'serve'], {
    cwd: ROOT,
    stdio: ['ignore', log, log],
    env: environment(settings, port),
  })
  closeSync(log)
  const stop = atTheLatestAtExit(() => terminate(child))

  const waitFor = async (done: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await done())) {
      const late = performance.now() - startedAt > START_MS_MAX
      if (late) child.kill('SIGKILL')
      if (late || child.exitCode !== null) {
        const end = readFileSync(logPath, 'utf8').slice(-2000)
        throw new Error(`the server did not get ready; its log ends with:\n${end}`)
      }
      await sleep(POLL_MS)
    }
  }
  await waitFor(() => isHealthy(port))
  const start_ms = performance.now() - startedAt
  // It answers before the first administrator is made; only then it says that it is ready.
  await waitFor(() => readFileSync(logPath, 'utf8').slice(logBytes).includes('"msg":"ready"'))
  return {
    port,
    pid: child.pid as number,
    start_ms,
    createApiKey: () => createApiKey(port),
    stop,
  }
}

/**
 * The settings of a shop in production (its log, its checks), but for rate limits, which one busy
 * client would run into, and for payments, which the built-in provider takes.
 */
function environment(
  { database_url, environment: more }: ServerSettings,
  port: number,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(APP__.*|APP_ENV|RUN_ENV|DOCKER|OTEL_.*)$/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    APP__ENVIRONMENT: 'production',
    APP__HOST: '127.0.0.1',
    APP__PORT: String(port),
    APP__DATABASE_URL: database_url,
    APP__SEED: 'none',
    APP__RATE_LIMIT_ENABLED: 'false',
    APP__PAYMENT_PROVIDER: 'test',
    APP__PAYMENT_WEBHOOK_SECRET: randomBytes(32).toString('hex'),
    APP__JWT_SECRET: JWT_SECRET,
    APP__ADMIN_EMAIL: ADMIN.email,
    APP__ADMIN_PASSWORD: ADMIN.password,
    ...more,
  }
}

/** Makes the tables of an empty database. */
export function migrate(settings: ServerSettings): void {
  const { status, output } = runProgram(settings, ['migrate', 'up'])
  if (status !== 0) throw new Error(`the tables could not be made:\n${output}`)
}

/** What `tradepost doctor` says of a database: undefined if all invariants hold. */
export function findViolations(settings: ServerSettings): string | undefined {
  const { status, output } = runProgram(settings, ['doctor'])
  return status === 0 ? undefined : output.slice(-2000)
}

/** Runs `tradepost` with these words to its end. */
export function runProgram(settings: ServerSettings, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/tradepost', ...words], {
    cwd: ROOT,
    env: environment(settings, 0),
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  })
  return { status, output: stdout + stderr }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (!address || typeof address === 'string') throw new Error('no free port')
  return address.port
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
  })
}

type Envelope = { data?: Record<string, string> } & Record<string, unknown>

async function createApiKey(port: number): Promise<string> {
  const ask = async (
    path: string,
    body: object,
    token?: string,
  ): Promise<Record<string, string>> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Envelope
    if (!response.ok || !answer.data) {
      throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
    }
    return answer.data
  }
  const { access_token } = await ask('/api/v1/auth/login', ADMIN)
  const key = { name: 'bench', expires_in_days: 1 }
  const { api_key } = await ask('/api/v1/auth/api-keys', key, access_token)
  if (!api_key) throw new Error('the answer to POST /api/v1/auth/api-keys has no api_key')
  return api_key
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await ended
  clearTimeout(timer)
}
