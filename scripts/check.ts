import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'

// All that is checked beside the tests. Every check runs, whatever the ones before it said.

const ROOT = join(import.meta.dirname, '..')
const COLORS = process.stdout.isTTY ? 'force' : 'off'

type Check = { name: string; command: string[]; mend: string }

const checks: Check[] = [
  { name: 'types', command: [bin('typescript', 'tsc')], mend: 'TypeScript says where.' },
  {
    name: 'biome',
    command: [bin('@biomejs/biome', 'biome'), 'ci', `--colors=${COLORS}`, '--max-diagnostics=50'],
    mend: 'npm run format mends most of it.',
  },
  { name: 'docs', command: ['scripts/docs.ts', '--check'], mend: 'npm run docs writes them.' },
  {
    name: 'settings',
    command: ['scripts/settings.ts', '--check'],
    mend: 'npm run docs writes it.',
  },
  { name: 'tidy', command: test('tidy'), mend: 'STYLE.md has the reason of each rule.' },
  { name: 'architecture', command: test('architecture'), mend: 'ARCHITECTURE.md has the layers.' },
]

const results = checks.map((check) => ({ ...check, ...run(check) }))
console.log('')
for (const { name, ok, seconds, mend } of results) {
  const mark = ok ? styleText('green', 'ok    ') : styleText('red', 'FAILED')
  console.log(`${mark} ${name.padEnd(13)} ${seconds.toFixed(1).padStart(5)} s  ${ok ? '' : mend}`)
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1

/** Runs one check under this Node; what it prints is shown only if it fails. */
function run({ name, command }: Check): { ok: boolean; seconds: number } {
  const started = performance.now()
  const [file = ''] = command
  const missing = !file.startsWith('-') && !existsSync(join(ROOT, file))
  const { status, stdout, stderr } = missing
    ? { status: 1, stdout: '', stderr: `${file} is not there.\n` }
    : spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 })
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) console.log(`\n--- ${name}\n${stdout}${stderr}`.trimEnd())
  return { ok: status === 0, seconds }
}

/** The script behind a program of node_modules, which needs no shell on any system. */
function bin(packageName: string, program: string): string {
  return `node_modules/${packageName}/bin/${program}`
}

function test(name: string): string[] {
  return ['--test', '--test-reporter=dot', `tests/${name}.test.ts`]
}
