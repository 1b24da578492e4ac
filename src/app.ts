import { createFeedSender } from '#adapters/agent-feed/agent-feed'
import { createCarriers, slipPrinter } from '#adapters/carriers'
import { createEventSinks } from '#adapters/event-sinks'
import { createPaymentProviders } from '#adapters/payment-providers'
import { createMailer } from '#adapters/smtp/smtp'
import { createWebhookSender } from '#adapters/webhook-sender/webhook-sender'
import { createWooStore } from '#adapters/woocommerce/woocommerce'
import { authenticate, customerPlaces } from '#modules/access'
import { personalDataOfAgentSessions } from '#modules/agentic'
import { personalDataOfCarts } from '#modules/carts'
import { costsOf, knownVariants, productImports } from '#modules/catalogue'
import { personalDataOfCheckouts } from '#modules/checkout'
import { personalDataOfCredit, personalDataOfRecipients } from '#modules/credit'
import { personalData, placesOfCustomers, knownVariants as wishable } from '#modules/customers'
import { personalDataOfDrafts } from '#modules/drafts'
import { feedSender } from '#modules/feeds'
import { mailServer, personalDataOfNotifications } from '#modules/notifications'
import {
  orderBulkActions,
  orderDeliveries,
  orderPersonalData,
  orderTies,
  payableOf,
  personalDataOfDesk,
  recipientsOf,
} from '#modules/orders'
import { payableOrders, paymentPersonalData, paymentProviders } from '#modules/payments'
import { personalDataOfReturns, remediedClaims, tiesOfExchanges } from '#modules/returns'
import {
  carriers,
  deliveryOf,
  printer,
  shipBulkAction,
  shipmentPersonalData,
} from '#modules/shipments'
import { cardOf } from '#modules/vault'
import { recipients, stockImports, unitCosts } from '#modules/warehouse'
import { personalDataOfWarranties, remediedBy, tiesOfRemedies } from '#modules/warranties'
import { type EventName, eventNames, webhookSender } from '#modules/webhooks'
import { wooStore } from '#modules/woocommerce'
import type { App, AppParts } from '#platform/app'
import { eventSinks } from '#platform/event-log/sink'
import { importKinds } from '#platform/imports/kind'
import { createMetrics } from '#platform/metrics'
import type { Reaction } from '#platform/reactions'
import { topicsByEvent } from '#platform/remembered'
import { businessMetrics } from './business-metrics.ts'
import { modules } from './modules.ts'

/** Composition by hand: no container, no scanning; what is here is what runs. */
export function createApp(parts: AppParts): App {
  const reactions = modules
    .flatMap((module) => module.reactions ?? [])
    .filter(({ wanted }) => wanted?.(parts.settings) ?? true)
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
  paymentProviders.provide(
    app,
    createPaymentProviders(app, { cardOf: (open) => cardOf(app, open) }),
  )
  feedSender.provide(app, createFeedSender(app.settings))
  payableOrders.provide(app, { payableOf })
  orderDeliveries.provide(app, { deliveryOf })
  remediedClaims.provide(app, { remediedBy })
  orderTies.provide(app, [tiesOfExchanges, tiesOfRemedies])
  orderBulkActions.provide(app, [shipBulkAction])
  carriers.provide(app, createCarriers(app.settings))
  printer.provide(app, slipPrinter)
  wooStore.provide(app, { store: createWooStore(app.settings) })
  mailServer.provide(app, { mailer: createMailer(app.settings) })
  customerPlaces.provide(app, placesOfCustomers)
  wishable.provide(app, { knownVariants })
  eventSinks.provide(app, createEventSinks(app.settings))
  webhookSender.provide(app, createWebhookSender())
  eventNames.provide(app, namesOfEvents())
  importKinds.provide(app, [productImports, stockImports])
  recipients.provide(app, { recipientsOf })
  unitCosts.provide(app, { costsOf })
  personalData.provide(app, [
    orderPersonalData,
    personalDataOfDesk,
    paymentPersonalData,
    personalDataOfCredit,
    personalDataOfRecipients,
    personalDataOfCarts,
    personalDataOfCheckouts,
    personalDataOfDrafts,
    shipmentPersonalData,
    personalDataOfReturns,
    personalDataOfWarranties,
    personalDataOfNotifications,
    personalDataOfAgentSessions,
  ])
  return app
}

const namesOfEvents = (): EventName[] =>
  modules
    .flatMap((module) => (module.events ?? []).flatMap((events) => Object.values(events)))
    .map(({ type, version, spec }) => ({ name: type, version, description: spec.description }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))

function byEvent(reactions: readonly Reaction[], when: Reaction['when']): Map<string, Reaction[]> {
  return Map.groupBy(
    reactions.filter((reaction) => reaction.when === when),
    (reaction) => reaction.on,
  )
}
