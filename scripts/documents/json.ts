const COLUMNS = 120

/**
 * JSON that people can read and git can compare: what fits on a line stands on one, so the file is
 * half as long as with one member a line.
 */
export const printJson = (value: unknown): string => `${print(value, '')}\n`

function print(value: unknown, indent: string): string {
  const line = JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return line
  if (indent.length + line.length <= COLUMNS) return line
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + print(item ?? null, inner)).join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${inner}${JSON.stringify(name)}: ${print(member, inner)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}
