import { createPaymentProviders } from '#adapters/payment-providers'
import { authenticate, customerPlaces } from '#modules/access'
import { personalDataOfCarts } from '#modules/carts'
import { knownVariants } from '#modules/catalogue'
import { personalDataOfCheckouts } from '#modules/checkout'
import { personalData, placesOfCustomers, knownVariants as wishable } from '#modules/customers'
import { orderPersonalData, payableOf } from '#modules/orders'
import { payableOrders, paymentPersonalData, paymentProviders } from '#modules/payments'
import type { App, AppParts } from '#platform/app'
import { createMetrics } from '#platform/metrics'
import type { Reaction } from '#platform/reactions'
import { topicsByEvent } from '#platform/remembered'
import { businessMetrics } from './business-metrics.ts'
import { modules } from './modules.ts'

/** Composition by hand: no container, no scanning; what is here is what runs. */
export function createApp(parts: AppParts): App {
  const reactions = modules.flatMap((module) => module.reactions ?? [])
  const app: App = {
    clock: () => new Date(),
    ...parts,
    metrics: createMetrics(businessMetrics),
    modules,
    operations: modules.flatMap((module) => module.operations),
    invariants: modules.flatMap((module) => module.invariants ?? []),
    reactions: { together: byEvent(reactions, 'together'), later: byEvent(reactions, 'later') },
    forgotten: topicsByEvent(modules.flatMap((module) => module.remembers ?? [])),
    process: new Map(),
    wake: () => {},
    authenticate: (credentials) => authenticate(app, credentials),
  }
  paymentProviders.provide(app, createPaymentProviders(app.settings, app.clock))
  payableOrders.provide(app, { payableOf })
  customerPlaces.provide(app, placesOfCustomers)
  wishable.provide(app, { knownVariants })
  personalData.provide(app, [
    orderPersonalData,
    paymentPersonalData,
    personalDataOfCarts,
    personalDataOfCheckouts,
  ])
  return app
}

function byEvent(reactions: readonly Reaction[], when: Reaction['when']): Map<string, Reaction[]> {
  return Map.groupBy(
    reactions.filter((reaction) => reaction.when === when),
    (reaction) => reaction.on,
  )
}
