import { isUtf8 } from 'node:buffer'
import { invalidField } from '#platform/operations'
import { httpErrors } from './errors.ts'
import { findJsonFault } from './json-fault.ts'

/** How deep a body may nest. No documented body goes beyond six. */
export const JSON_DEPTH_MAX = 32

/**
 * Reads a body that strangers wrote: UTF-8 or 400, JSON or 400 with the position, never deeper than
 * `JSON_DEPTH_MAX`, no NUL and no half of a surrogate pair in any text (databases refuse or mangle
 * them), and no member called `__proto__`. Ordinary bodies pay for a few searches, not for a walk.
 */
export function readJson(bytes: Buffer): { text: string; value: unknown } {
  if (!isUtf8(bytes)) throw httpErrors.bad_text()
  const text = bytes.toString('utf8')
  if (text === '') return { text, value: undefined }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw httpErrors.bad_json(findJsonFault(text))
  }
  if (text.includes('\\u') || text.includes('__proto__') || opensMany(text)) inspect(value, [])
  return { text, value }
}

/** Whether there are so many brackets that the text might nest too deep. */
function opensMany(text: string): boolean {
  if (text.length < 2 * JSON_DEPTH_MAX) return false
  let opened = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++opened > JSON_DEPTH_MAX) return true
    }
  }
  return false
}

function inspect(value: unknown, path: string[]): void {
  if (typeof value === 'string') inspectText(value, path)
  if (typeof value !== 'object' || value === null) return
  if (path.length === JSON_DEPTH_MAX) throw httpErrors.too_deep({ limit: JSON_DEPTH_MAX })
  for (const name of Object.keys(value)) {
    if (name === '__proto__') {
      delete (value as Record<string, unknown>)[name]
      continue
    }
    path.push(name)
    inspectText(name, path)
    inspect((value as Record<string, unknown>)[name], path)
    path.pop()
  }
}

function inspectText(text: string, path: readonly string[]): void {
  const field = path.join('.') || 'body'
  if (text.includes('\0')) throw invalidField(field, 'must not contain the character U+0000')
  if (!text.isWellFormed()) throw invalidField(field, 'contains half of a surrogate pair')
}
