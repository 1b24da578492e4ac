/** A page of docs/generated: its title, why it exists, and its parts. */
export const page = (title: string, about: string, parts: readonly string[]): string =>
  `${[`# ${title}`, `<!-- Written by \`npm run docs\` from the code. Do not edit. -->`, about, ...parts].join('\n\n')}\n`

/** A table; cells may hold any text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')

export const code = (text: string): string => `\`${text}\``

type Schema = Record<string, unknown>

/** What a member may be, in a few words: `text`, `whole number`, the words of an enum. */
export function typeText(schema: Schema): string {
  const { type, items, anyOf, format } = schema as { [name: string]: Schema & Schema[] & string }
  const words = (schema.enum ?? (schema.const === undefined ? undefined : [schema.const])) as
    | unknown[]
    | undefined
  if (words) return words.map((word) => code(String(word))).join(' or ')
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeText(one)).join(' or ')
  if (type === 'array') return `list of: ${items ? typeText(items) : 'anything'}`
  if (type === 'object') return 'object'
  if (type === 'integer') return 'whole number'
  if (type === 'null') return 'null'
  if (type === 'string')
    return format === 'uuid' ? 'id' : format === 'date-time' ? 'instant' : 'text'
  return typeof type === 'string' ? type : 'anything'
}
