import { access } from '#modules/access'
import { carts } from '#modules/carts'
import { catalogue } from '#modules/catalogue'
import { checkout } from '#modules/checkout'
import { credit } from '#modules/credit'
import { customers } from '#modules/customers'
import { drafts } from '#modules/drafts'
import { fulfilment } from '#modules/fulfilment'
import { inventory } from '#modules/inventory'
import { orders } from '#modules/orders'
import { payments } from '#modules/payments'
import { pricing } from '#modules/pricing'
import { promotions } from '#modules/promotions'
import { returns } from '#modules/returns'
import { shipments } from '#modules/shipments'
import { shipping } from '#modules/shipping'
import { tax } from '#modules/tax'
import { warehouse } from '#modules/warehouse'
import { warranties } from '#modules/warranties'
import type { Module } from '#platform/module'
import { platform } from '#platform/platform-module'

/** Lowest first. A module may import only from those above it in this list. */
export const modules: readonly Module[] = [
  platform,
  access,
  customers,
  inventory,
  warehouse,
  catalogue,
  pricing,
  tax,
  shipping,
  promotions,
  credit,
  payments,
  orders,
  carts,
  checkout,
  drafts,
  fulfilment,
  shipments,
  returns,
  warranties,
]
