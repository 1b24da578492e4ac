type Open = { name: string; indent: string; start: number; inner: number }

const STARTS = [
  /^(\s*)(?:export )?(?:default )?(?:async )?function\*? ?(\w*)/,
  /^(\s*)(?:export )?const (\w+)\b.*=> [({]*\{$/,
  /^(\s*)(?:static |async |private |protected |override |get |set )*\*?(#?\w+)\(.*\)?.*\{$/,
]
const NO_FUNCTION = /^\s*(?:if|for|while|switch|catch|return|throw|else|await|do|try|new|expect)\b/

/**
 * The functions longer than `max` lines, each counted without the functions inside it. It goes by
 * indentation, which the formatter guarantees, and so needs no parser.
 */
export function longFunctions(path: string, lines: string[], max: number): string[] {
  const open: Open[] = []
  const long: string[] = []
  for (const [index, line] of lines.entries()) {
    const top = open.at(-1)
    if (top && line.startsWith(`${top.indent}}`)) {
      const total = index - top.start + 1
      if (total - top.inner > max) {
        long.push(`${path}:${top.start + 1} ${top.name} has ${total - top.inner} lines of its own`)
      }
      open.pop()
      const outer = open.at(-1)
      if (outer) outer.inner += total
      // A parameter list of several lines ends with `) {`, which is no end.
      if (!line.endsWith('{')) continue
    }
    const start = NO_FUNCTION.test(line) ? undefined : startOf(line)
    if (start) open.push({ ...start, start: index, inner: 0 })
  }
  return long
}

function startOf(line: string): { indent: string; name: string } | undefined {
  for (const pattern of STARTS) {
    const [matched, indent = '', name = ''] = pattern.exec(line) ?? []
    // One line that opens nothing is a function already over.
    if (matched !== undefined && !/\}$/.test(line)) return { indent, name: name || 'a function' }
  }
  return undefined
}
