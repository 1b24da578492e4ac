import { access } from '#modules/access'
import { catalogue } from '#modules/catalogue'
import { customers } from '#modules/customers'
import { inventory } from '#modules/inventory'
import { orders } from '#modules/orders'
import { payments } from '#modules/payments'
import type { Module } from '#platform/module'
import { platform } from '#platform/platform-module'

/** Lowest first. A module may import only from those above it in this list. */
export const modules: readonly Module[] = [
  platform,
  access,
  customers,
  inventory,
  catalogue,
  payments,
  orders,
]
