import { createPaymentProviders } from '#adapters/payment-providers'
import { authenticate } from '#modules/access'
import { payableOf } from '#modules/orders'
import { payableOrders, paymentProviders } from '#modules/payments'
import type { App } from '#platform/app'
import type { Settings } from '#platform/config/settings'
import type { Database } from '#platform/database/database'
import type { Log } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import type { Reaction } from '#platform/reactions'
import type { Tracer } from '#platform/tracing'
import { businessMetrics } from './business-metrics.ts'
import { modules } from './modules.ts'

export type Parts = {
  settings: Settings
  database: Database
  log: Log
  clock?: () => Date
  tracer?: Tracer
}

/** Composition by hand: no container, no scanning; what is here is what runs. */
export function createApp(parts: Parts): App {
  const reactions = modules.flatMap((module) => module.reactions ?? [])
  const app: App = {
    clock: () => new Date(),
    ...parts,
    metrics: createMetrics(businessMetrics),
    modules,
    operations: modules.flatMap((module) => module.operations),
    invariants: modules.flatMap((module) => module.invariants ?? []),
    reactions: { together: byEvent(reactions, 'together'), later: byEvent(reactions, 'later') },
    process: new Map(),
    wake: () => {},
    authenticate: (credentials) => authenticate(app, credentials),
  }
  paymentProviders.provide(app, createPaymentProviders(app.settings, app.clock))
  payableOrders.provide(app, { payableOf })
  return app
}

function byEvent(reactions: readonly Reaction[], when: Reaction['when']): Map<string, Reaction[]> {
  return Map.groupBy(
    reactions.filter((reaction) => reaction.when === when),
    (reaction) => reaction.on,
  )
}
