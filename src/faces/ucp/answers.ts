import type { App } from '#platform/app'
import type { Outcome } from './fault.ts'
import type { Platform } from './platform.ts'
import { CAPABILITIES, handlersOf, VERSION } from './profile.ts'

export type Message = {
  type: 'error' | 'warning' | 'info'
  code?: string
  content: string
  path?: string
  severity?: 'recoverable' | 'requires_buyer_input' | 'requires_buyer_review' | 'unrecoverable'
}
export type Total = { type: string; amount: number; display_text?: string }

/** What is in force of an answer of this capability: itself and what extends it. */
export function metadata(platform: Platform, capability: string) {
  const names = [...platform.capabilities].filter(
    (name) => name === capability || [CAPABILITIES[name]?.extends].flat().includes(capability),
  )
  const capabilities = Object.fromEntries(names.map((name) => [name, [{ version: VERSION }]]))
  return { version: VERSION, status: 'success' as const, capabilities }
}

/** The same of a checkout, which says how it can be paid too. */
export const checkoutMetadata = (app: App, platform: Platform) => ({
  ...metadata(platform, 'dev.ucp.shopping.checkout'),
  payment_handlers: handlersOf(app),
})

/** An answer without the thing that was asked for. */
export function refusal({ code, content, path }: Outcome) {
  const message: Message = { type: 'error', code, content, severity: 'unrecoverable' }
  return {
    ucp: { version: VERSION, status: 'error' as const },
    messages: [path === undefined ? message : { ...message, path }],
  }
}

/** One entry of what takes something off, if it does. */
export const less = (type: string, amount: number): Total[] =>
  amount > 0 ? [{ type, amount: -amount }] : []
/** One entry of what costs something, if it does. */
export const more = (type: string, amount: number): Total[] =>
  amount > 0 ? [{ type, amount }] : []

/** A value without its members that are null or undefined, and without empty texts. */
export function filled<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  const told = Object.entries(value).filter(([, one]) => one != null && one !== '')
  return Object.fromEntries(told) as { [K in keyof T]: NonNullable<T[K]> }
}
