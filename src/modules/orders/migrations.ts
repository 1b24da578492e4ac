import { createOrders } from './migrations/2026-11-21-07-create-orders.ts'
import { freezeOrderMoney } from './migrations/2026-11-21-44-freeze-order-money.ts'
import { createOrderFigures } from './migrations/2026-11-21-51-create-order-figures.ts'
import { createOrderRefunds } from './migrations/2026-11-21-52-create-order-refunds.ts'
import { createOrderDesk } from './migrations/2026-11-21-70-create-order-desk.ts'
import { createOrderBulks } from './migrations/2026-11-21-71-create-order-bulks.ts'
import { nameDrafts } from './migrations/2026-11-21-72-name-drafts.ts'
import { countUnits } from './migrations/2026-11-21-74-count-units.ts'
import { createOrderChanges } from './migrations/2026-11-21-75-create-order-changes.ts'
import { extendOrderRefunds } from './migrations/2026-11-21-84-extend-order-refunds.ts'
import { indexOrderLists } from './migrations/2026-11-21-95-index-order-lists.ts'
import { recountCreditedOrders } from './migrations/2026-11-22-42-recount-credited-orders.ts'
import { issueGiftCards } from './migrations/2026-11-22-52-issue-gift-cards.ts'
import { nameRecipients } from './migrations/2026-11-22-92-name-recipients.ts'

export const migrations = {
  '2026-11-21-07-create-orders': createOrders,
  '2026-11-21-44-freeze-order-money': freezeOrderMoney,
  '2026-11-21-51-create-order-figures': createOrderFigures,
  '2026-11-21-52-create-order-refunds': createOrderRefunds,
  '2026-11-21-70-create-order-desk': createOrderDesk,
  '2026-11-21-71-create-order-bulks': createOrderBulks,
  '2026-11-21-72-name-drafts': nameDrafts,
  '2026-11-21-74-count-units': countUnits,
  '2026-11-21-75-create-order-changes': createOrderChanges,
  '2026-11-21-84-extend-order-refunds': extendOrderRefunds,
  '2026-11-21-95-index-order-lists': indexOrderLists,
  '2026-11-22-42-recount-credited-orders': recountCreditedOrders,
  '2026-11-22-52-issue-gift-cards': issueGiftCards,
  '2026-11-22-92-name-recipients': nameRecipients,
}
