import { DomainError } from '#kit/errors'

/** Something wrong with a row; `column` null where the whole row is meant. */
export type Problem = {
  line: number
  column: string | null
  code: string
  message: string
  value: string | null
}

const VALUE_SHOWN = 200

/** One row of a file, read cell by cell: what cannot be read becomes a problem and goes on. */
export class Cells {
  readonly line: number
  readonly #values: ReadonlyMap<string, string>
  readonly #problems: Problem[]

  constructor(
    columns: readonly string[],
    row: { line: number; cells: readonly string[] },
    problems: Problem[],
  ) {
    this.line = row.line
    this.#problems = problems
    const given = columns.map((name, nth) => [name, (row.cells[nth] ?? '').trim()] as const)
    this.#values = new Map(given.filter(([, value]) => value !== ''))
  }

  /** What stands in a column; undefined for an empty cell, which says nothing. */
  text = (name: string): string | undefined => this.#values.get(name)

  /** The named cells of which something is said. */
  named(prefix: string): [string, string][] {
    const found = [...this.#values].filter(([name]) => name.startsWith(prefix))
    return found.map(([name, value]) => [name.slice(prefix.length), value])
  }

  /** Reads a cell with a function that refuses by throwing. */
  read<T>(name: string, read: (text: string) => T): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    try {
      return read(text)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { problem } = error.details as { problem?: string }
      this.refuse(name, error.code, problem ?? error.message)
      return undefined
    }
  }

  refuse(column: string | null, code: string, message: string): void {
    const value = column === null ? null : (this.text(column)?.slice(0, VALUE_SHOWN) ?? null)
    this.#problems.push({ line: this.line, column, code, message, value })
  }
}
