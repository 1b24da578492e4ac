import type { LinkScope } from '#modules/ucp'
import type { App } from '#platform/app'
import type { Caller } from '../mcp/caller.ts'
import type { Platform } from './platform.ts'

/** One request of a platform, whichever way it came. */
export type Asked = {
  app: App
  caller: Caller
  platform: Platform
  /** What the path or the tool's `id` names. */
  id: string
  body: unknown
}

/** Something that a platform can ask for: a route and a tool. */
export type Call = {
  /** The tool, and the operation in the protocol's documents. */
  name: string
  title: string
  description: string
  route: `${'GET' | 'POST' | 'PUT'} /${string}`
  status: 200 | 201
  /** What both sides must be able to do; any of them. */
  capability: string
  /** Operations that it calls: who may not is not shown the tool. */
  operations: readonly string[]
  kind: 'reads' | 'adds' | 'sets' | 'destroys'
  /** The tool's argument that holds the body, if there is one. */
  argument?: 'checkout' | 'cart' | 'catalog'
  /** The key is demanded of the tool. */
  demandsKey?: boolean
  /** What a customer must have allowed, where a platform asks for one. */
  scope?: LinkScope
  /** Its answer by HTTP is signed, where there is a key: money has moved. */
  isSigned?: boolean
  run: (asked: Asked) => Promise<object>
}
