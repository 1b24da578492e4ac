import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '#app'
import { runCli } from '#faces/cli/cli'

const ROOT = join(import.meta.dirname, '../../../..')

/** A folder of its own, and `tradepost` commands on a SQLite database in it. */
export function openFolder(more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-cli-'))
  const env: Record<string, string> = {
    APP__ENVIRONMENT: 'test',
    APP__DATABASE_URL: `sqlite://${join(folder, 'shop.db')}?mode=rwc`,
    APP__HOST: '127.0.0.1',
    APP__PORT: '0',
    ...more,
  }
  return {
    folder,
    env,
    /** Runs a command in this process: its exit code and what it printed. */
    async run(...argv: string[]) {
      const out: string[] = []
      const err: string[] = []
      const code = await runCli(argv, {
        print: (line) => void out.push(line),
        printError: (line) => void err.push(line),
        env,
        createApp: async (parts) => createApp(parts),
      })
      return { code, out: out.join('\n'), err: err.join('\n') }
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Folder = ReturnType<typeof openFolder>

/** Starts the real program in a process of its own. */
export function start({ env, folder }: Pick<Folder, 'env' | 'folder'>, ...argv: string[]) {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.on('close', (code, signal) => done(code ?? signal)),
  )
  return {
    child,
    ended,
    get out() {
      return out
    },
    get err() {
      return err
    },
    /** Waits until it has printed what `pattern` finds; fails when it ends before. */
    async printed(pattern: RegExp): Promise<RegExpExecArray> {
      let over = false
      void ended.then(() => {
        over = true
      })
      for (;;) {
        const found = pattern.exec(out)
        if (found) return found
        if (over) throw new Error(`it ended without ${pattern}:\n${out}${err}`)
        await new Promise((next) => setTimeout(next, 10))
      }
    },
  }
}
