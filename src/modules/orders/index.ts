import type { Module } from '#platform/module'
import { parts } from './parts.ts'

// What other modules may use.
export { type OrderBulkAction, orderBulkActions } from './bulk/port.ts'
export { cancelUnpaidOrder } from './commands/cancel-unpaid-order.ts'
export { type PlacedOrder, placeOrder } from './commands/place-order.ts'
export { setStatus } from './commands/set-status.ts'
export { articleOf, CustomInput } from './custom-input.ts'
export {
  DELIVERY_STATES,
  Delivery,
  type DeliveryLine,
  orderDeliveries,
  type Sending,
} from './delivery.ts'
export { hold, release } from './desk/holds.ts'
export { personalDataOfDesk } from './desk/personal-data.ts'
export { orderErrors } from './errors.ts'
export { orderEvents } from './events.ts'
export {
  findOrder,
  lockOrder,
  type OrderRow,
  orderOfMoney,
  ordersOfMoney,
  printOrderNumber,
} from './find.ts'
export type { PlacedLine, PlacedShipping } from './frozen.ts'
export { giftCardRecipients } from './gift-cards/recipients.ts'
export { moveOrder } from './moves.ts'
export { payableOf } from './payable.ts'
export { orderPersonalData } from './personal-data.ts'
export { placedLine } from './placed-line.ts'
export { getOrder } from './queries.ts'
export { recipientsOf } from './recipients.ts'
export {
  type BegunRefund,
  beginRefund,
  finishRefund,
  knownRefund,
} from './refunds/begin-refund.ts'
export {
  planRefund,
  type Refundable,
  type RefundPlan,
  sharesOf,
  type Wanted,
} from './refunds/plan.ts'
export { listRefunds, refundById } from './refunds/queries.ts'
export { refundableOf, refundPlanOf } from './refunds/refundable.ts'
export { OrderRefund } from './refunds/schemas.ts'
export { Order } from './schemas.ts'
export { fulfilledUnits, type UnitsBy } from './statistics/fulfilled-units.ts'
export { Address } from './tables.ts'
export { orderTies, type Tie } from './ties.ts'
export { cancelUnits } from './units/cancel-units.ts'
export { deliverOrder } from './units/deliver-order.ts'
export { fulfilUnits, unfulfilUnits } from './units/fulfil-units.ts'
export { type LineUnits, linesOf, type OrderLine, openUnits } from './units/lines.ts'
export { returnUnits, unreturnUnits } from './units/return-units.ts'

// What this module adds to the house.
export const orders: Module = { name: 'orders', ...parts }
