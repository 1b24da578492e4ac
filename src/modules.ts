import { access } from '#modules/access'
import { carts } from '#modules/carts'
import { catalogue } from '#modules/catalogue'
import { checkout } from '#modules/checkout'
import { customers } from '#modules/customers'
import { inventory } from '#modules/inventory'
import { orders } from '#modules/orders'
import { payments } from '#modules/payments'
import { pricing } from '#modules/pricing'
import { promotions } from '#modules/promotions'
import { shipping } from '#modules/shipping'
import { tax } from '#modules/tax'
import type { Module } from '#platform/module'
import { platform } from '#platform/platform-module'

/** Lowest first. A module may import only from those above it in this list. */
export const modules: readonly Module[] = [
  platform,
  access,
  customers,
  inventory,
  catalogue,
  pricing,
  tax,
  shipping,
  promotions,
  payments,
  orders,
  carts,
  checkout,
]
