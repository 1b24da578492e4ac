export type JsonFault = { position: number; problem: string }

const SPACE = /[ \t\n\r]*/y
// The tokens of RFC 8259: a text, a number or a word.
const VALUE = new RegExp(
  String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"` +
    String.raw`|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`,
  'y',
)

/**
 * Where a text stops being JSON, counted in characters from 0. Engines only tell the position for
 * some faults, so this reads the text once more; it is called for refused bodies only.
 */
export function findJsonFault(text: string): JsonFault {
  const open: string[] = []
  let at = 0
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const fault = (expected: string): JsonFault => ({
    position: at,
    problem: `${expected} was expected, ${at < text.length ? `not ${shown(text, at)}` : 'but the text ends'}`,
  })
  let expect: 'value' | 'value or ]' | 'name' | 'name or }' | 'next' = 'value'

  for (;;) {
    read(SPACE)
    const char = text[at]
    if (expect === 'next') {
      const inside = open.at(-1)
      if (inside === undefined) return fault('nothing more')
      if (char !== ',' && char !== inside) return fault(`"," or "${inside}"`)
      at++
      if (char === ',') expect = inside === '}' ? 'name' : 'value'
      else open.pop()
    } else if (expect === 'name' || expect === 'name or }') {
      if (char === '}' && expect === 'name or }') {
        at++
        open.pop()
        expect = 'next'
        continue
      }
      if (char !== '"' || read(VALUE) === undefined) return fault('a name in double quotes')
      read(SPACE)
      if (text[at] !== ':') return fault('":"')
      at++
      expect = 'value'
    } else if (char === ']' && expect === 'value or ]') {
      at++
      open.pop()
      expect = 'next'
    } else if (char === '{' || char === '[') {
      at++
      open.push(char === '{' ? '}' : ']')
      expect = char === '{' ? 'name or }' : 'value or ]'
    } else if (read(VALUE) !== undefined) {
      expect = 'next'
    } else {
      return fault('a value')
    }
    if (open.length === 0 && expect === 'next') {
      read(SPACE)
      if (at >= text.length) return { position: at, problem: 'it cannot be read' }
    }
  }
}

const shown = (text: string, at: number): string => {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(char) ? char : `character ${char.codePointAt(0)}`
}
