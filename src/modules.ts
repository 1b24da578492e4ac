import { access } from '#modules/access'
import { agentOrders } from '#modules/agent-orders'
import { agentic } from '#modules/agentic'
import { agents } from '#modules/agents'
import { carts } from '#modules/carts'
import { catalogue } from '#modules/catalogue'
import { checkout } from '#modules/checkout'
import { credit } from '#modules/credit'
import { customers } from '#modules/customers'
import { drafts } from '#modules/drafts'
import { feeds } from '#modules/feeds'
import { fulfilment } from '#modules/fulfilment'
import { inventory } from '#modules/inventory'
import { notifications } from '#modules/notifications'
import { orders } from '#modules/orders'
import { payments } from '#modules/payments'
import { pricing } from '#modules/pricing'
import { promotions } from '#modules/promotions'
import { returns } from '#modules/returns'
import { shipments } from '#modules/shipments'
import { shipping } from '#modules/shipping'
import { storefronts } from '#modules/storefronts'
import { tax } from '#modules/tax'
import { ucp } from '#modules/ucp'
import { valuation } from '#modules/valuation'
import { vault } from '#modules/vault'
import { warehouse } from '#modules/warehouse'
import { warranties } from '#modules/warranties'
import { webhooks } from '#modules/webhooks'
import { woocommerce } from '#modules/woocommerce'
import type { Module } from '#platform/module'
import { platform } from '#platform/platform-module'

/** Lowest first. A module may import only from those above it in this list. */
export const modules: readonly Module[] = [
  platform,
  access,
  customers,
  inventory,
  warehouse,
  valuation,
  catalogue,
  pricing,
  tax,
  shipping,
  promotions,
  credit,
  vault,
  payments,
  orders,
  carts,
  checkout,
  drafts,
  fulfilment,
  shipments,
  returns,
  warranties,
  storefronts,
  woocommerce,
  agents,
  agentic,
  webhooks,
  ucp,
  notifications,
  feeds,
  agentOrders,
]
