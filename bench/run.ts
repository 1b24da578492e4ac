import { parseArgs } from 'node:util'
import { finishAll } from './cleanup.ts'
import { ENGINES, type Engine, openPostgres, type PostgresServer } from './database.ts'
import { type Measured, measure } from './driver.ts'
import { measureGrowth } from './growth.ts'
import { measureImport } from './import.ts'
import { STANDARD } from './load.ts'
import { measureOperations, operationsSection } from './operations.ts'
import { hottest } from './profile.ts'
import {
  type EngineReport,
  engineSection,
  growthSection,
  machineFacts,
  ROW_HEADERS,
  type Row,
  rowCells,
  writeSection,
} from './report.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { openStage } from './stage.ts'
import { measureWebhooks, webhooksSection } from './webhooks.ts'
import {
  measureBareRoute,
  measurePostgres,
  measureSqlite,
  measureSync,
  type SqlYardstick,
} from './yardsticks.ts'

const USAGE = `npm run bench -- [flags]
  --engine NAME      sqlite or postgres; both without it
  --scenario NAME    one of ${Object.keys(scenarios).join(', ')}; may be repeated
  --clients N        concurrency; may be repeated; 1, 16 and 64 without it
  --seconds N        how long each measurement takes (10)
  --warm-up N        seconds before it (a fifth of it): busy code is compiled only while it runs
  --quick            2 seconds each
  --growth           the same calls on 1k products, 10k orders and on 100k products, 1M orders
  --import           100,000 products with stock from a CSV file
  --operations       large pieces of work, each once: a 10,000-line transfer and others
  --webhooks         10,000 webhooks, while what they tell happens and alone
  --profile          profiles the server, prints its hottest functions, keeps bench/profiles
Only a whole run (no --scenario, --clients, --quick, --profile) writes bench/README.md.
PostgreSQL: BENCH_POSTGRES_URL, else TEST_POSTGRES_URL, else one of its own.`

type Options = {
  engines: Engine[]
  names: string[]
  clients: number[]
  seconds: number
  warm_up_seconds: number
  growth: boolean
  import: boolean
  operations: boolean
  webhooks: boolean
  profile: boolean
  /** Whether the table in the README may be replaced by what this run measures. */
  whole: boolean
}

async function main(): Promise<void> {
  const options = readOptions()
  const pace = { warm_up_seconds: options.warm_up_seconds, seconds: options.seconds }
  const sync = measureSync(1)
  for (const engine of options.engines) {
    const postgres = engine === 'postgres' ? await openPostgres() : undefined
    const facts = machineFacts(postgres?.facts ?? `SQLite ${process.versions.sqlite}`, sync)
    print(`\n## ${engine}\n\n${facts}\n`)
    const text = options.import
      ? await benchImport(postgres)
      : options.operations
        ? await benchOperations(postgres)
        : options.webhooks
          ? await benchWebhooks(postgres)
          : options.growth
            ? await benchGrowth(postgres, options)
            : await benchEngine(postgres, options, await measureBareRoute(options.clients, pace))
    const kind = kindOf(options)
    if (options.whole) writeSection(`${kind}${engine}`, `${facts}.\n\n${text}`)
    await postgres?.stop()
  }
}

const kindOf = (options: Options): string => {
  if (options.import) return 'import-'
  if (options.operations) return 'operations-'
  if (options.webhooks) return 'webhooks-'
  return options.growth ? 'growth-' : ''
}

async function benchEngine(
  postgres: PostgresServer | undefined,
  { names, clients, seconds, warm_up_seconds, profile }: Options,
  bare: Map<number, Measured>,
): Promise<string> {
  const sql = postgres
    ? await measurePostgres(postgres, Math.ceil(seconds / 2))
    : await measureSqlite(seconds / 2)
  const stage = await openStage(postgres, STANDARD, { profile })
  const rows: Row[] = []
  print(ROW_HEADERS.join(' | '))
  for (const scenario of names) {
    for (const count of clients) {
      const measured = await measure({
        scenario,
        fixture: stage.fixture,
        port: stage.server.port,
        clients: count,
        warm_up_seconds,
        seconds,
        server_pid: stage.server.pid,
        database_pid: stage.database.pid,
      })
      const row = {
        scenario,
        clients: count,
        measured,
        yardstick: yardstickOf(scenario, count, { bare, sql }),
      }
      rows.push(row)
      print(rowCells(row).join(' | '))
      if (measured.first_failure) print(`  first failure: ${measured.first_failure}`)
    }
  }
  const end = await stage.close()
  if (end.violations) print(`the doctor says:\n${end.violations}`)
  if (end.profile) print(`${end.profile}\n${hottest(end.profile).join('\n')}`)
  const report: EngineReport = {
    engine: postgres ? 'postgres' : 'sqlite',
    rows,
    sql,
    start: stage.start,
    violations: end.violations,
  }
  const text = engineSection(report, bare)
  print(`\n${text}`)
  return text
}

async function benchGrowth(
  postgres: PostgresServer | undefined,
  { names, seconds, warm_up_seconds }: Options,
): Promise<string> {
  const pace = { warm_up_seconds, seconds: seconds / 2 }
  const { rows, violations } = await measureGrowth(postgres, names, pace)
  for (const { scenario, small, large } of rows) {
    const failure = small.first_failure ?? large.first_failure
    if (failure) print(`first failure of ${scenario}: ${failure}`)
  }
  for (const violation of violations) print(`the doctor says:\n${violation}`)
  const text = growthSection(rows)
  print(text)
  return text
}

async function benchImport(postgres: PostgresServer | undefined): Promise<string> {
  const { products, megabytes, seconds, said, violations } = await measureImport(postgres)
  const rate = Math.round(products / seconds).toLocaleString('en-US')
  const all = violations ? '**Invariants are broken.**' : 'Invariants afterwards: all hold.'
  const text = `${products.toLocaleString('en-US')} products with stock (${megabytes.toFixed(0)} MB): ${seconds.toFixed(1)} s, ${rate} a second. ${all}`
  print(`${said}\n${violations ?? ''}\n${text}`)
  return text
}

async function benchOperations(postgres: PostgresServer | undefined): Promise<string> {
  const text = operationsSection(await measureOperations(postgres))
  print(text)
  return text
}

async function benchWebhooks(postgres: PostgresServer | undefined): Promise<string> {
  const text = webhooksSection(await measureWebhooks(postgres))
  print(text)
  return text
}

/** Reads: the bare route by as many clients. Writes: the best bare SQL by at most as many. */
function yardstickOf(
  name: string,
  clients: number,
  { bare, sql }: { bare: Map<number, Measured>; sql: SqlYardstick[] },
): number | undefined {
  if ((scenarios[name] as Scenario).kind === 'read') return bare.get(clients)?.per_second
  const comparable = sql.filter((yardstick) => yardstick.clients <= clients)
  return Math.max(...comparable.map(({ per_second }) => per_second))
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', multiple: true },
      scenario: { type: 'string', multiple: true },
      clients: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      quick: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      import: { type: 'boolean', default: false },
      operations: { type: 'boolean', default: false },
      webhooks: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(USAGE)
    process.exit(0)
  }
  const {
    engine = [...ENGINES],
    scenario = Object.keys(scenarios),
    clients = ['1', '16', '64'],
  } = values
  const seconds = values.quick ? 2 : Number(values.seconds ?? 10)
  const warm_up_seconds = Number(values['warm-up'] ?? seconds / 5)
  const wrong =
    engine.find((name) => !ENGINES.includes(name as Engine)) ??
    scenario.find((name) => !Object.hasOwn(scenarios, name)) ??
    clients.find((number) => !(Number(number) >= 1)) ??
    (seconds > 0 ? undefined : values.seconds) ??
    (warm_up_seconds >= 0 ? undefined : values['warm-up'])
  if (wrong !== undefined) {
    print(`${wrong} is not known here\n\n${USAGE}`)
    process.exit(1)
  }
  return {
    engines: engine as Engine[],
    names: scenario,
    clients: clients.map(Number),
    seconds,
    warm_up_seconds,
    growth: values.growth,
    import: values.import,
    operations: values.operations,
    webhooks: values.webhooks,
    profile: values.profile,
    whole: !values.scenario && !values.clients && !values.quick && !values.profile,
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  await main()
} catch (error) {
  await finishAll()
  throw error
}
