import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Id } from '#kit/ids'
import type { App } from '#platform/app'
import { systemProcess } from '#platform/execute'
import { reopenImport } from '#platform/imports/commands'
import { type ImportKind, importKinds } from '#platform/imports/kind'
import { errorsAfter, importOf, importOfFile } from '#platform/imports/queries'
import { type ImportRow, runImport } from '#platform/imports/run'
import { stageImport } from '#platform/imports/stage'
import type { ProcessContext } from '#platform/processes'
import type { Command, Given, Terminal } from './cli.ts'
import { Mendable, Unreadable } from './failures.ts'
import { openHouse } from './house.ts'

const ERRORS_SHOWN = 20
const PROGRESS_MS = 500

export const importFile: Command = {
  usage: `Usage: tradepost import products|stock FILE [OPTIONS]

Reads a CSV file. Products come with variants, prices and stock; those that are there already (by
SKU) are changed in what the file says. Stock is what was counted: levels become it. Every row is
checked first; one with an error refuses the file, and nothing is written. The templates
\`GET /api/v1/products/import/template.csv\` and \`/api/v1/inventory/import/template.csv\` and the
guide on imports tell the columns.

  --dry-run        Checks the rows and writes nothing.
  --skip-invalid   Passes what has errors over and writes the rest.
  --resume         Takes up an import of this very file that was interrupted, where it stopped.
  --currency CODE  Of rows that name none; the shop's own unless said.`,
  options: {
    'dry-run': { type: 'boolean' },
    'skip-invalid': { type: 'boolean' },
    resume: { type: 'boolean' },
    currency: { type: 'string' },
  },
  words: [2, 2],
  async run({ values, words: [what, file = ''] }, terminal) {
    if (what !== 'products' && what !== 'stock') {
      throw new Unreadable(`products and stock can be imported, not "${what}".`)
    }
    const { app, close } = await openHouse(terminal)
    const ctx = systemProcess(app)
    try {
      const kind = kindNamed(app, what)
      const fingerprint = await fingerprintOf(file)
      const known = values.resume
        ? await interrupted(ctx, { kind, fingerprint, terminal })
        : undefined
      const id = known ?? (await stage(ctx, { kind, file, fingerprint, values, terminal }))
      const progress = new Progress(terminal)
      const row = await runImport(ctx, id, {
        onBatch: (one) => progress.tell(importOf(one, app.clock().toISOString())),
      })
      return await conclude(ctx, row, terminal)
    } finally {
      await close()
    }
  },
}

const kindNamed = (app: App, name: string): ImportKind =>
  importKinds.of(app).find((kind) => kind.name === name) as ImportKind

/** What tells a file from others: its content. */
async function fingerprintOf(file: string): Promise<string> {
  const digest = createHash('sha256')
  try {
    for await (const piece of createReadStream(file)) digest.update(piece as Buffer)
  } catch (error) {
    throw new Mendable(`${file} cannot be read: ${whyUnread(error)}.`)
  }
  return digest.digest('hex')
}

function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not read it',
  }
  return known[code ?? ''] ?? message
}

/** The import of this file that has not ended; undefined if it must begin anew. */
async function interrupted(
  ctx: ProcessContext,
  { kind, fingerprint, terminal: { print } }: Omit<Staging, 'file' | 'values'>,
): Promise<Id<'import'> | undefined> {
  const row = await ctx.read((tx) => importOfFile(tx, kind.name, fingerprint))
  if (row?.status === 'failed') await ctx.transaction((tx) => reopenImport(tx, row))
  else if (row?.status !== 'checking' && row?.status !== 'applying') {
    print('There is nothing to resume; the file is read from the beginning.')
    return undefined
  }
  print(`Resuming import ${row.id}: ${row.rows_applied} of ${row.rows_read} rows are applied.`)
  return row.id
}

type Staging = {
  kind: ImportKind
  file: string
  fingerprint: string
  values: Given['values']
  terminal: Terminal
}

function stage(ctx: ProcessContext, { kind, file, fingerprint, values, terminal }: Staging) {
  const progress = new Progress(terminal)
  const options = {
    dry_run: values['dry-run'] === true,
    skip_invalid: values['skip-invalid'] === true,
    file_name: basename(file),
    fingerprint,
    currency: values.currency as string | undefined,
  }
  return stageImport(ctx, createReadStream(file), options, {
    kind,
    whenIn: async () => {},
    onRows: (rows) => progress.line(`reading: ${rows} rows`),
  })
}

/** A line now and then, and with each new phase. */
class Progress {
  readonly #terminal: Terminal
  #last = 0
  #phase = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  line(text: string): void {
    if (performance.now() - this.#last < PROGRESS_MS) return
    this.#last = performance.now()
    this.#terminal.print(text)
  }

  tell(one: ReturnType<typeof importOf>): void {
    const { status, rows_checked, rows_applied, rows_read, rows_per_second, seconds_left } = one
    if (status !== 'checking' && status !== 'applying') return
    if (status !== this.#phase) this.#last = 0
    this.#phase = status
    const done = status === 'checking' ? rows_checked : rows_applied
    const pace = rows_per_second === null ? '' : `, ${Math.round(rows_per_second)} a second`
    const left = seconds_left === null ? '' : `, ${seconds_left} s left`
    this.line(`${status}: ${done} of ${rows_read} rows${pace}${left}`)
  }
}

const counted = (rows: number) => (rows === 1 ? '1 row is' : `${rows} rows are`)

async function conclude(
  ctx: ProcessContext,
  row: ImportRow,
  { print, printError }: Terminal,
): Promise<number> {
  const { id, status, errors_count, rows_read, rows_applied } = row
  for (const error of await ctx.read((tx) => errorsAfter(tx, { id, after: 0 }))) {
    if (error.number > ERRORS_SHOWN) break
    const column = error.column_name === null ? '' : `, ${error.column_name}`
    const found = error.value === null ? '' : ` "${error.value}"`
    printError(`line ${error.line}${column}${found}: ${error.message}`)
  }
  if (errors_count > ERRORS_SHOWN) {
    printError(`… and more: ${errors_count} errors in all, GET /api/v1/imports/${id}/errors.csv`)
  }
  if (status === 'done') {
    const { products_created, products_updated } = row
    const made =
      row.kind === 'stock'
        ? `${row.levels_changed} places changed`
        : `${products_created} products made, ${products_updated} changed`
    print(`Import ${id} is done: ${rows_applied} of ${rows_read} rows applied, ${made}.`)
    return errors_count === 0 ? 0 : 1
  }
  if (status === 'checked') print(`${counted(rows_read)} checked; nothing was written.`)
  else if (status === 'refused') printError('Nothing was written: mend the rows above.')
  else printError(`The import is ${status}: ${row.problem ?? 'someone stopped it'}`)
  return status === 'checked' && errors_count === 0 ? 0 : 1
}
