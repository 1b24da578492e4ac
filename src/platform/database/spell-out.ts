const MAKES_TABLE = /^\s*(create|alter)\s+table\b/i
const LITERAL = /'(?:[^']|'')*'/g
/** `column [not] in ('a', 'b', 'c')`: SQLite compares up to two one after another anyway. */
const LONG_LIST = new RegExp(
  String.raw`("\w+"|\b\w+)\s+(not\s+)?in\s*\(\s*((?:${LITERAL.source}\s*,\s*){2,}${LITERAL.source})\s*\)`,
  'gi',
)

/**
 * The text of a table without lists of three values or more; any other text as it is: `status in
 * ('a', 'b', 'c')` becomes `(status = 'a' or status = 'b' or status = 'c')`. SQLite makes a table of
 * a list each time it checks a row, which costs about as much as writing one; what is written out
 * it just compares.
 */
export function spellOut(text: string): string {
  if (!MAKES_TABLE.test(text)) return text
  return text.replace(LONG_LIST, (_, column: string, not: string | undefined, list: string) => {
    const [is, or] = not ? ['<>', 'and'] : ['=', 'or']
    const values = list.match(LITERAL) ?? []
    return `(${values.map((value) => `${column} ${is} ${value}`).join(` ${or} `)})`
  })
}
