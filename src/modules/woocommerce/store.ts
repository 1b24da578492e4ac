import type { Settings } from '#platform/config/settings'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'
import { wooErrors } from './errors.ts'

/** One request to the REST API of WooCommerce (`wc/v3`); `path` is without a slash in front. */
export type WooCall = {
  method: 'get' | 'post' | 'put'
  path: string
  query?: Record<string, string | number | boolean>
  body?: object
}

/** A WooCommerce shop that can be asked. Throws `WooRefusal` and `WooFault`, nothing else. */
export type WooStore = {
  /** Without a slash at the end. */
  url: string
  timeout_ms: number
  call(call: WooCall): Promise<unknown>
}

/** The shop of the settings, if they name one. */
export const wooStore = definePort<{ store: WooStore | undefined }>('wooStore')

/** The shop, for whoever cannot do without one. Throws `not_configured`. */
export function storeOf(holder: Pick<Context, 'process'>): WooStore {
  const { store } = wooStore.of(holder)
  if (!store) throw wooErrors.not_configured()
  return store
}

/** Whether the settings name a WooCommerce shop, with all that is needed to speak to it. */
export const namesWooShop = (settings: Settings): boolean =>
  settings.woocommerce_url !== '' &&
  settings.woocommerce_consumer_key !== '' &&
  settings.woocommerce_consumer_secret !== ''

/** Whether there is a WooCommerce shop to speak to. */
export const isWooConfigured = (holder: Pick<Context, 'process'>): boolean =>
  wooStore.of(holder).store !== undefined

/** WooCommerce said no, and would say it again. */
export class WooRefusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(`WooCommerce refused: ${message} (${status} ${code})`)
    this.status = status
    this.code = code
  }
}

/** WooCommerce did not answer, or not sensibly: for all that is known it may have been done. */
export class WooFault extends Error {
  /** How long it wants to be left alone, in milliseconds. */
  readonly retry_after_ms: number
  constructor(problem: string, retry_after_ms = 0) {
    super(`WooCommerce could not be asked: ${problem}`)
    this.retry_after_ms = retry_after_ms
  }
}

/** What was asked for is not there: WooCommerce says 404 to who reads it, and 400 to who writes. */
export const isMissing = (error: unknown): boolean =>
  error instanceof WooRefusal &&
  (error.status === 404 || error.status === 410 || error.code.endsWith('_invalid_id'))
