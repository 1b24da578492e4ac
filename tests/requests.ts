import type { TSchema } from 'typebox'
import type { Operation } from '#platform/operations'

/** A valid id that names nothing. */
export const NOBODYS_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e1f'

export type Input = Record<string, unknown>
export type Request = { route: string; body: Input | undefined }
type Choice = { nth?: number; input?: Input }

/**
 * The HTTP request that asks for an operation with an input: its example unless another is given,
 * by its own path or by its `nth` alias (counted from 1).
 */
export function requestOf(operation: Operation, { nth = 0, input }: Choice = {}): Request {
  const [method = '', pattern = ''] = (
    [operation.rest, ...(operation.aliases ?? [])][nth] ?? ''
  ).split(' ')
  const rest = { ...(input ?? operation.example) }
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name] ?? NOBODYS_ID
    delete rest[name]
    return encodeURIComponent(textOf(value))
  })
  const bodyless = method === 'GET' || method === 'DELETE'
  const asked = Object.keys(rest).filter((name) => bodyless || operation.query?.includes(name))
  const query = asked.map(
    (name) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(rest[name]))}`,
  )
  const route = `${method} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  if (bodyless) return { route, body: undefined }
  for (const name of asked) delete rest[name]
  return { route, body: rest }
}

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(textOf).join()
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

/** Whether a member of an operation's input comes from the path or the query, as text. */
export function isText({ rest, query = [] }: Operation, name: string): boolean {
  const [method = '', url = ''] = rest.split(' ')
  const inPath = url.split('/').includes(`:${name}`)
  return inPath || method === 'GET' || method === 'DELETE' || query.includes(name)
}

export const inPath = ({ rest }: Operation, name: string): boolean =>
  rest.split(/[ /]/).includes(`:${name}`)

export const membersOf = (operation: Operation): [string, TSchema][] =>
  Object.entries(operation.input.properties)
