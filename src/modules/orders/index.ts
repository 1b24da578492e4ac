import type { Module } from '#platform/module'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import { orderInvariants } from './invariants.ts'
import { orderLifecycle } from './lifecycle.ts'
import { createOrders } from './migrations/2026-11-21-07-create-orders.ts'
import { freezeOrderMoney } from './migrations/2026-11-21-44-freeze-order-money.ts'
import { createOrderFigures } from './migrations/2026-11-21-51-create-order-figures.ts'
import { createOrderRefunds } from './migrations/2026-11-21-52-create-order-refunds.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { refundInvariants } from './refunds/invariants.ts'
import { db as refunds } from './refunds/tables.ts'
import { countOrders } from './statistics/count-orders.ts'
import { statisticsInvariants } from './statistics/invariants.ts'
import { db as figures } from './statistics/tables.ts'
import { db } from './tables.ts'

// What other modules may use.
export { cancelUnpaidOrder } from './commands/cancel-unpaid-order.ts'
export { type PlacedOrder, placeOrder } from './commands/place-order.ts'
export { orderErrors } from './errors.ts'
export { orderEvents } from './events.ts'
export { type OrderRow, orderOfMoney, printOrderNumber } from './find.ts'
export type { PlacedLine } from './frozen.ts'
export { payableOf } from './payable.ts'
export { orderPersonalData } from './personal-data.ts'
export { getOrder } from './queries.ts'
export { Order } from './schemas.ts'

// What this module adds to the house.
export const orders: Module = {
  name: 'orders',
  tables: { ...db.tables, ...refunds.tables, ...figures.tables },
  migrations: {
    '2026-11-21-07-create-orders': createOrders,
    '2026-11-21-44-freeze-order-money': freezeOrderMoney,
    '2026-11-21-51-create-order-figures': createOrderFigures,
    '2026-11-21-52-create-order-refunds': createOrderRefunds,
  },
  lifecycles: [orderLifecycle],
  errors: [orderErrors],
  events: [orderEvents],
  reactions,
  invariants: [...orderInvariants, ...refundInvariants, ...statisticsInvariants],
  schedules: [countOrders],
  operations,
}
