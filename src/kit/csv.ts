// Text with separators (RFC 4180), as it comes: from Excel with semicolons, a mark in front, CRLF.

/** One record: its cells, and the line of the file that it begins in, from 1. */
export type CsvRecord = { line: number; cells: string[] }

/** A text that is no CSV from here on: `line` is where it went wrong. */
export class CsvError extends Error {
  readonly line: number
  constructor(line: number, problem: string) {
    super(`Line ${line}: ${problem}`)
    this.name = 'CsvError'
    this.line = line
  }
}

/** A record may not be longer: a quote that is never closed would swallow the rest of the file. */
export const RECORD_MAX = 1_000_000
const DELIMITERS = [',', ';', '\t'] as const

/**
 * The records of a CSV text as it arrives, however it is cut into pieces; no more is held than a
 * piece and a record. Comma, semicolon or tab: whichever the first record has most of (or a first
 * line `sep=;`). Quoted cells may hold separators, line breaks and doubled quotes; a quote inside
 * an unquoted cell stands for itself. Empty lines are passed over. Throws `CsvError`.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<CsvRecord> {
  const reader = new Reader()
  for await (const piece of source) yield* reader.read(piece)
  yield* reader.end()
}

/** A record as CSV text with its line break. What a spreadsheet would run is made mere text. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(quoted).join(',')}\r\n`

function quoted(cell: string | number | null): string {
  if (typeof cell === 'number') return String(cell)
  // Not `-5`: a number stays one.
  const isFormula = /^[=+\-@\t\r]/.test(cell ?? '') && !/^[+-]?\d+([.,]\d+)?$/.test(cell ?? '')
  const text = isFormula ? `'${cell}` : (cell ?? '')
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const QUOTE = 34
const LF = 10
const CR = 13

class Reader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #text = ''
  #line = 1
  #delimiter: string | undefined;

  *read(piece: Uint8Array): Generator<CsvRecord> {
    this.#text += this.#decode(piece)
    yield* this.#records(false)
  }

  *end(): Generator<CsvRecord> {
    this.#text += this.#decode()
    yield* this.#records(true)
  }

  #decode(piece?: Uint8Array): string {
    try {
      return piece ? this.#decoder.decode(piece, { stream: true }) : this.#decoder.decode()
    } catch {
      throw new CsvError(this.#line, 'from here on it is not UTF-8 text; save it as UTF-8.')
    }
  }

  *#records(isLast: boolean): Generator<CsvRecord> {
    if (this.#delimiter === undefined && !this.#findDelimiter(isLast)) return
    let at = 0
    while (at < this.#text.length) {
      const found = this.#record(at, isLast)
      if (!found) break
      const line = this.#line
      this.#line += found.lines
      at = found.end
      const isEmpty = found.cells.length === 1 && found.cells[0] === ''
      if (!isEmpty) yield { line, cells: found.cells }
    }
    this.#text = this.#text.slice(at)
    if (this.#text.length > RECORD_MAX) throw new CsvError(this.#line, TOO_LONG)
  }

  /** False while the first line is not whole. */
  #findDelimiter(isLast: boolean): boolean {
    const told = /^sep=([,;\t])(\r\n|\n|\r(?!$))/.exec(this.#text)
    if (told) {
      this.#delimiter = told[1]
      this.#text = this.#text.slice(told[0].length)
      this.#line++
      return true
    }
    const unquoted = this.#text.replace(/"[^"]*"/g, '')
    const end = unquoted.search(/[\r\n]/)
    if (end < 0 && !isLast) {
      if (this.#text.length > RECORD_MAX) throw new CsvError(1, TOO_LONG)
      return false
    }
    const first = end < 0 ? unquoted : unquoted.slice(0, end)
    const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length)
    this.#delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]
    return true
  }

  /** The record that begins at `at`; undefined while its end has not come. */
  #record(at: number, isLast: boolean) {
    const text = this.#text
    const delimiter = (this.#delimiter as string).charCodeAt(0)
    const cells: string[] = []
    let lines = 1
    let from = at
    for (;;) {
      let cell: string
      let end: number
      if (text.charCodeAt(from) === QUOTE) {
        const closed = this.#quotedCell(from, { isLast, line: this.#line + lines - 1 })
        if (!closed) return undefined
        cell = closed.cell
        end = closed.end
        lines += closed.breaks
      } else {
        end = plainEnd(text, from, delimiter)
        cell = text.slice(from, end)
      }
      cells.push(cell)
      if (end >= text.length) return isLast ? { cells, end, lines } : undefined
      const code = text.charCodeAt(end)
      if (code === delimiter) from = end + 1
      else if (code === LF) return { cells, end: end + 1, lines }
      else if (end + 1 >= text.length && !isLast) return undefined
      else if (code === CR) {
        return { cells, end: end + (text.charCodeAt(end + 1) === LF ? 2 : 1), lines }
      } else throw new CsvError(this.#line + lines - 1, AFTER_QUOTE)
    }
  }

  #quotedCell(from: number, { isLast, line }: { isLast: boolean; line: number }) {
    const text = this.#text
    for (let at = from + 1; ; at += 2) {
      at = text.indexOf('"', at)
      if (at < 0) {
        if (isLast) throw new CsvError(line, NEVER_CLOSED)
        return undefined
      }
      // At the end of a piece, the next one may begin with the second of a doubled quote.
      if (at + 1 >= text.length && !isLast) return undefined
      if (text.charCodeAt(at + 1) === QUOTE) continue
      const inner = text.slice(from + 1, at)
      const cell = inner.includes('"') ? inner.replaceAll('""', '"') : inner
      return { cell, end: at + 1, breaks: lineBreaks(inner) }
    }
  }
}

const TOO_LONG = `a record is longer than ${RECORD_MAX} characters; is a quote (") never closed?`
const NEVER_CLOSED = 'the quote (") that opens here is never closed.'
const AFTER_QUOTE = 'after a closing quote (") must come a separator or the end of the line.'

function plainEnd(text: string, from: number, delimiter: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === delimiter || code === LF || code === CR) return at
  }
  return text.length
}

const lineBreaks = (text: string): number =>
  text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\n|\r/).length - 1 : 0
