import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import type { Engine } from './database.ts'
import type { Measured } from './driver.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import type { StartFacts } from './stage.ts'
import type { SqlYardstick } from './yardsticks.ts'

const README = join(import.meta.dirname, 'README.md')

/** One line of the table: a scenario driven by so many clients. */
export type Row = {
  scenario: string
  clients: number
  measured: Measured
  /** Operations a second of the yardstick: the bare route for reads, bare SQL for writes. */
  yardstick: number | undefined
}

export type EngineReport = {
  engine: Engine
  rows: Row[]
  sql: SqlYardstick[]
  start: StartFacts
  /** What the doctor found on the database after all this; undefined if nothing. */
  violations: string | undefined
}

export type GrowthRow = { scenario: string; small: Measured; large: Measured }

/** What the numbers were measured on; no names of machines. */
export function machineFacts(
  engineFacts: string,
  sync: { p50_ms: number; p99_ms: number },
): string {
  const cores = cpus()
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}`,
    `${cores.length} cores (${cores[0]?.model.trim()}) shared with the driver`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release().split('-')[0]}`,
    `Node ${process.version}`,
    engineFacts,
    `4 KiB safely on the disk in ${fixed(sync.p50_ms, 2)} ms (p99 ${fixed(sync.p99_ms, 2)} ms)`,
  ].join('; ')
}

export const ROW_HEADERS = [
  'scenario',
  'clients',
  'per second',
  'p50 ms',
  'p99 ms',
  'our CPU µs',
  'database CPU µs',
  'driver CPU µs',
  'of yardstick',
  'failed',
]

/** The cells of a row, as text. */
export function rowCells({ scenario, clients, measured, yardstick }: Row): string[] {
  return [
    (scenarios[scenario] as Scenario).title,
    String(clients),
    count(measured.per_second),
    fixed(measured.p50_ms, 2),
    fixed(measured.p99_ms, 2),
    count(measured.server_cpu_us),
    count(measured.database_cpu_us),
    count(measured.driver_cpu_us),
    yardstick ? `${fixed((measured.per_second * 100) / yardstick, 0)} %` : '–',
    String(measured.failures),
  ]
}

/** A whole engine as Markdown. */
export function engineSection(report: EngineReport, bare: Map<number, Measured>): string {
  const yardsticks = [
    ...[...bare].map(([clients, { per_second, server_cpu_us }]) => [
      `bare Fastify route, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
      count(per_second),
      count(server_cpu_us, 1),
    ]),
    ...report.sql.map(({ title, per_second, cpu_us }) => [
      `rows of one order: ${title}`,
      count(per_second),
      count(cpu_us),
    ]),
  ]
  const { fresh_ms, existing_ms, idle_mb } = report.start
  return [
    table(ROW_HEADERS, report.rows.map(rowCells)),
    '',
    `Start to the first 200: ${count(fresh_ms)} ms with an empty database, ${count(existing_ms)} ms with the ` +
      `loaded one. Idle memory: ${count(idle_mb)} MB. ` +
      `Invariants afterwards: ${report.violations ? '**broken**' : 'all hold'}.`,
    ...warningLines([...bare.values(), ...report.rows.map(({ measured }) => measured)]),
    '',
    table(['yardstick', 'per second', 'CPU µs'], yardsticks),
  ].join('\n')
}

/** More than this of the machine for others, and a measurement says little. */
const OTHERS_SHARE_MAX = 0.1

/** Says if the machine had other work while these were measured; undefined if it was quiet. */
function noiseWarning(measured: readonly Measured[]): string | undefined {
  const disturbed = measured.filter(({ others_share }) => others_share > OTHERS_SHARE_MAX)
  if (disturbed.length === 0) return undefined
  const most = Math.max(...disturbed.map(({ others_share }) => others_share))
  return (
    `The machine was not quiet: in ${disturbed.length} of ${measured.length} measurements other processes ` +
    `took more than ${OTHERS_SHARE_MAX * 100} % of it (at most ${fixed(most * 100, 0)} %).`
  )
}

/** What the same calls cost on a hundred times as much data, as Markdown. */
export function growthSection(rows: GrowthRow[]): string {
  const cost = ({ server_cpu_us, database_cpu_us }: Measured): number =>
    (server_cpu_us ?? Number.NaN) + (database_cpu_us ?? 0)
  const lines = table(
    ['scenario', 'small /s', 'large /s', 'small CPU µs', 'large CPU µs', 'CPU ×', 'time ×'],
    rows.map(({ scenario, small, large }) => [
      (scenarios[scenario] as Scenario).title,
      count(small.per_second),
      count(large.per_second),
      count(cost(small)),
      count(cost(large)),
      fixed(cost(large) / cost(small), 2),
      fixed(small.per_second / large.per_second, 2),
    ]),
  )
  return [lines, ...warningLines(rows.flatMap(({ small, large }) => [small, large]))].join('\n')
}

function warningLines(measured: readonly Measured[]): string[] {
  const warning = noiseWarning(measured)
  return warning ? ['', warning] : []
}

/** Replaces what stands between the markers of a section in bench/README.md. */
export function writeSection(name: string, text: string): void {
  const readme = readFileSync(README, 'utf8')
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from)
    throw new Error(`bench/README.md has no section between ${begin} and ${end}`)
  writeFileSync(README, `${readme.slice(0, from + begin.length)}\n${text}\n${readme.slice(to)}`)
}

/** A Markdown table, its columns aligned so that it reads well in a terminal too. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] as number, column)).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(headers), line(rule), ...rows.map(line)].join('\n')
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

/** A number with thousands separated, or a dash for what is not known. */
export function count(value: number | undefined, digits = 0): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  return value.toLocaleString('en-US', {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  })
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–'
}
