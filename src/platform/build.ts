import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** What is running: told by `--version`, /health/version and /api/v1/status. */
export type Build = {
  version: string
  /** The commit, where it is known. */
  git: string | null
  /** When a release was built: ISO 8601, UTC. A checkout is not built. */
  build_time: string | null
}

let known: Build | undefined

/**
 * Read once: package.json, and `build.json` beside it, which a release has and a checkout has not.
 */
export function build(): Build {
  known ??= {
    version: (readJson('package.json') as { version: string }).version,
    git: commitOfCheckout(),
    build_time: null,
    ...readJson('build.json'),
  }
  return known
}

function readJson(file: string): object {
  const path = join(ROOT, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

function commitOfCheckout(): string | null {
  try {
    const head = readFileSync(join(ROOT, '.git/HEAD'), 'utf8').trim()
    if (!head.startsWith('ref: ')) return head
    return readFileSync(join(ROOT, '.git', head.slice('ref: '.length)), 'utf8').trim()
  } catch {
    return null
  }
}

/** `1h 2m 3s` */
export function printUptime(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m ${whole % 60}s`
}
