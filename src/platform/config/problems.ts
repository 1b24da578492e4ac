/** One setting that was refused: what it is called where it was found, where that was, and why. */
export type SettingProblem = {
  readonly name: string
  /** `environment`, or the file. */
  readonly source: string
  readonly reason: string
  /** The valid name or word that is nearest to the one that was given. */
  readonly nearest?: string
}

/** Thrown with all problems at once; its message is ready to print. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    const count = problems.length === 1 ? 'A setting is' : `${problems.length} settings are`
    super([`${count} not right:`, ...problems.map(line)].join('\n'))
    this.problems = problems
  }
}

const line = ({ name, source, reason, nearest }: SettingProblem): string =>
  `  ${name} (${source}) ${reason}${nearest ? `; did you mean ${nearest}?` : ''}`

/** The candidate that is the fewest edits from `given`, if it is near enough to be meant. */
export function nearestName(given: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((name) => ({ name, edits: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
  return best && best.edits <= Math.max(2, given.length / 3) ? best.name : undefined
}

/** Insertions, deletions and replacements that turn one word into the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
