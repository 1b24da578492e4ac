import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '#platform/database/database'
import { createDatabase } from '#testing'

const PROGRAM = join(import.meta.dirname, '../../bin/tradepost')
const START_MS = 20_000
/** A first start that makes a demo shop, on a busy machine. */
const SEEDED_START_MS = 180_000

export type Reply = { status: number; text: string; data: any; error: any }

/** The real program as a process of its own, in a folder of its own, on a database of its own. */
export class ServerProcess {
  readonly url: string
  readonly #folder: string
  readonly #port: number
  readonly #drop: () => Promise<void>
  readonly #settings: Record<string, string>
  #process: ChildProcess | undefined
  #key = ''
  #said = ''

  private constructor(parts: {
    url: string
    folder: string
    port: number
    drop: () => Promise<void>
    settings: Record<string, string>
  }) {
    this.url = parts.url
    this.#folder = parts.folder
    this.#port = parts.port
    this.#drop = parts.drop
    this.#settings = parts.settings
  }

  /** Where it listens. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The API key that the first start printed. */
  get key(): string {
    return this.#key
  }

  /** Starts on an empty database and remembers the API key that the first start prints. */
  static async open(engine: Engine, settings: Record<string, string> = {}): Promise<ServerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'tradepost-crash-'))
    const { url, drop } = await createDatabase(engine)
    const server = new ServerProcess({ url, folder, port: await freePort(), drop, settings })
    await server.start()
    server.#key = /sk_\w+/.exec(server.#said)?.[0] ?? ''
    assert.notEqual(server.#key, '', `no API key was printed:\n${server.#said}`)
    return server
  }

  get #env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH ?? '',
      APP__DATABASE_URL: this.url,
      APP__PORT: String(this.#port),
      APP__HOST: '127.0.0.1',
      APP__ENVIRONMENT: 'test',
      APP__SEED: 'none',
      APP__ADMIN_EMAIL: 'root@example.com',
      APP__ADMIN_PASSWORD: 'Correct-Horse-42-Battery',
      APP__RATE_LIMIT_ENABLED: 'false',
      APP__LOG_LEVEL: 'error',
      ...this.#settings,
    }
  }

  /** Starts and waits for the first good answer of the health path. */
  async start(): Promise<void> {
    const started = spawn(process.execPath, [PROGRAM, 'serve'], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = started
    const patience_ms = this.#settings.APP__SEED === 'demo' ? SEEDED_START_MS : START_MS
    started.stdout.on('data', (text) => (this.#said += text))
    started.stderr.on('data', (text) => (this.#said += text))
    for (let waited = 0; ; waited += 50) {
      assert.equal(started.exitCode, null, `the server ended:\n${this.#said}`)
      assert.ok(waited < patience_ms, `the server did not start:\n${this.#said}`)
      const health = await this.#fetch('GET', '/health').catch(() => undefined)
      if (health?.status === 200 && (this.#key || this.#said.includes('sk_'))) return
      await sleep(50)
    }
  }

  /** As if the power of this process were cut: no signal handler runs. */
  async kill(): Promise<void> {
    const dying = this.#process
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
    const ended = once(dying, 'exit')
    dying.kill('SIGKILL')
    await ended
  }

  async ask(method: string, path: string, body?: object, key?: string): Promise<Reply> {
    const response = await this.#fetch(method, `/api/v1${path}`, body, key)
    const text = await response.text()
    const { data, error } = text === '' ? {} : JSON.parse(text)
    return { status: response.status, text, data, error }
  }

  #fetch(method: string, path: string, body?: object, key?: string): Promise<Response> {
    return fetch(`${this.address}${path}`, {
      method,
      headers: {
        'x-api-key': this.#key,
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    })
  }

  /** Runs `tradepost doctor` beside the server; what it says and its exit code. */
  doctor(): Promise<{ code: number; said: string }> {
    const options = { cwd: this.#folder, env: this.#env, timeout: 60_000 }
    return new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, 'doctor'], options, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` })
      })
    })
  }

  async close(): Promise<void> {
    await this.kill()
    await this.#drop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
