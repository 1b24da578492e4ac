import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { dropTemplates } from '../tests/templates.ts'
import { startPostgres } from './embedded-postgres.ts'
import type { Counts } from './test-summary.ts'

const USAGE = `npm test [-- [FILE | FOLDER | GLOB | PART OF A NAME]... [options]]

  --engine sqlite|postgres   only that engine; both unless given
  --name PATTERN             only tests whose name matches
  --reporter NAME            a reporter of node:test; spec unless given

PostgreSQL is TEST_POSTGRES_URL where that is set, else one that starts and ends with the tests.`

const ENGINES = ['sqlite', 'postgres']
const ROOT = join(import.meta.dirname, '..')
/** Names what the files of this run share: a migrated database to copy. */
const RUN = randomUUID().replaceAll('-', '')

/** Where the tests of an engine run: an address, or why they cannot. */
type Server = { url?: string; missing?: string; stop(): Promise<void> }

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const asked = readArguments(args)
  if (typeof asked === 'string') {
    console.error(asked)
    return 1
  }
  if (asked.help) {
    console.log(USAGE)
    return 0
  }
  const server = await providePostgres(asked.engines)
  try {
    const { code, counts } = await runTests(asked, server.url)
    console.log(closing(asked.engines, server, counts).join('\n'))
    return code
  } finally {
    await dropTemplates(RUN, server.url)
    await server.stop()
  }
}

type Asked = {
  help: boolean
  engines: string[]
  files: string[]
  name: string | undefined
  reporter: string
}

/** What is asked for, or what is wrong with it. */
function readArguments(args: string[]): Asked | string {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      name: { type: 'string' },
      reporter: { type: 'string', default: 'spec' },
      help: { type: 'boolean', default: false },
    },
  })
  const engines = (values.engine ?? process.env.TEST_ENGINES)?.split(',') ?? ENGINES
  const unknown = engines.find((engine) => !ENGINES.includes(engine))
  if (unknown) return `There is no engine ${unknown}; there are ${ENGINES.join(' and ')}.`
  const files = findFiles(positionals)
  if (files.length === 0) return `No test file matches ${positionals.join(' ')}.`
  return { help: values.help, engines, files, name: values.name, reporter: values.reporter }
}

function findFiles(patterns: string[]): string[] {
  // Those of the whole first: they take longest, and one that is left for last runs alone.
  const all = ['tests', '{src,bench,examples}'].flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: ROOT }).sort(),
  )
  if (patterns.length === 0) return all
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, ''))
  return all.filter((file) =>
    wanted.some((pattern) => file.includes(pattern) || matchesGlob(file, pattern)),
  )
}

async function providePostgres(engines: string[]): Promise<Server> {
  const nothing = { stop: async () => {} }
  if (!engines.includes('postgres')) return nothing
  const given = process.env.TEST_POSTGRES_URL
  if (given) {
    await reach(given)
    return { ...nothing, url: given }
  }
  try {
    return await startPostgres()
  } catch (error) {
    return { ...nothing, missing: (error as Error).message }
  }
}

/** A given server that does not answer ends the run: hundreds of failures would say no more. */
async function reach(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    await client.end()
  } catch (error) {
    console.error(`TEST_POSTGRES_URL cannot be reached: ${(error as Error).message || error}`)
    process.exit(1)
  }
}

async function runTests(
  { files, engines, name, reporter }: Asked,
  postgresUrl: string | undefined,
): Promise<{ code: number; counts: Counts | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-run-'))
  const summary = join(folder, 'summary.json')
  const { TEST_POSTGRES_URL: _, ...environment } = process.env
  const options = [
    '--test',
    `--test-concurrency=${Math.min(Math.max(availableParallelism(), 2), 8)}`,
    '--test-timeout=1800000',
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'test-summary.ts')}`,
    `--test-reporter-destination=${summary}`,
    ...(name ? [`--test-name-pattern=${name}`] : []),
  ]
  const tests = spawn(process.execPath, [...options, ...files], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...environment,
      // Every test file is a process of its own: they share what was compiled.
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/tests'),
      TEST_ENGINES: engines.join(','),
      TEST_RUN_ID: RUN,
      ...(postgresUrl && { TEST_POSTGRES_URL: postgresUrl }),
    },
  })
  // The database must outlive the tests, also when they are interrupted.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => tests.kill(signal))
  }
  const [code] = await once(tests, 'exit')
  try {
    return { code: code ?? 130, counts: JSON.parse(readFileSync(summary, 'utf8')) as Counts }
  } catch {
    return { code: code || 130, counts: undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The last lines of a run: failures may have pushed the runner's own totals out of sight. */
function closing(engines: string[], server: Server, counts: Counts | undefined): string[] {
  const ran = engines.filter((engine) => engine !== 'postgres' || server.url)
  const totals = counts
    ? [
        `# tests ${counts.tests}`,
        `# pass ${counts.passed}`,
        `# fail ${counts.failed + counts.cancelled}`,
        `# skipped ${counts.skipped}`,
      ]
    : ['# interrupted: there are no totals']
  const lines = ['', ...totals, `# engines ${ran.join(', ') || 'none'}`]
  if (!server.missing) return lines
  const bar = '!'.repeat(80)
  return [
    ...lines,
    '# engines skipped 1',
    bar,
    'SKIPPED: every test on PostgreSQL, because there is no PostgreSQL here:',
    server.missing,
    'Set TEST_POSTGRES_URL to a server where databases may be created.',
    bar,
  ]
}
