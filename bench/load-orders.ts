import type { Catalogue, Period } from './load-catalogue.ts'
import { type Expression, insertNumbered, type Loader } from './load-sql.ts'

/** An order is paid within seconds, and is sent within a day. */
const PAID_AFTER_MS = 3_000
const SENT_AFTER_MS = 20 * 3_600_000
export const FIRST_ORDER_NUMBER = 1_000_001

/** Of a hundred orders so many are what the row says. */
type Fate = {
  percent: number
  status: string
  version: number
  paid: boolean
  shipped: boolean
  reservation: 'pending' | 'confirmed' | 'consumed' | 'released'
}
const FATES: readonly Fate[] = [
  {
    percent: 68,
    status: 'delivered',
    version: 6,
    paid: true,
    shipped: true,
    reservation: 'consumed',
  },
  { percent: 4, status: 'shipped', version: 5, paid: true, shipped: true, reservation: 'consumed' },
  {
    percent: 4,
    status: 'processing',
    version: 4,
    paid: true,
    shipped: false,
    reservation: 'confirmed',
  },
  {
    percent: 8,
    status: 'confirmed',
    version: 3,
    paid: true,
    shipped: false,
    reservation: 'confirmed',
  },
  {
    percent: 6,
    status: 'cancelled',
    version: 2,
    paid: false,
    shipped: false,
    reservation: 'released',
  },
  {
    percent: 10,
    status: 'pending',
    version: 1,
    paid: false,
    shipped: false,
    reservation: 'pending',
  },
]

const KIND = { customer: 16, order: 17, line: 18, reservation: 20, movement: 22, payment: 24 }
const QUANTITIES = [1, 2]
const ADDRESS = `'{"street":"1 Main Street","city":"Springfield","state":"IL","postal_code":"62701","country":"US"}'`

type Orders = ReturnType<typeof ordersOf>

/** The orders' facts as functions of `n.i`, the running number of the order. */
export function ordersOf(
  { dialect }: Loader,
  catalogue: Catalogue,
  { from, to, orders }: Period & { orders: number },
) {
  const customers = Math.max(100, Math.floor(orders / 5))
  const step = Math.floor((to - from) / orders)
  const placedMs = `${from} + n.i * ${step}`
  const { variants, price } = catalogue
  // 7919 is a prime that divides no number of variants: all are bought equally often.
  const lines = QUANTITIES.map((quantity, nth) => {
    const variant = `((n.i * 7919 + ${nth} * (1 + n.i % ${variants - 1})) % ${variants})`
    return { nth, quantity, variant, unit_amount: price(variant) }
  })
  return {
    count: orders,
    customers,
    lines,
    placedMs,
    total: lines.map(({ quantity, unit_amount }) => `${quantity} * ${unit_amount}`).join(' + '),
    id: dialect.uuid(KIND.order, placedMs, 'n.i'),
    customerId: (customer: Expression) =>
      dialect.uuid(KIND.customer, `${from} - ${customers} + (${customer})`, customer),
    at: (after_ms: number) => dialect.instant(`${placedMs} + ${after_ms}`),
    // Neither by age nor by customer or variant.
    fate: (of: (fate: Fate) => Expression) => byFate(`(n.i * 61 + n.i / 97) % 100`, of),
  }
}

function byFate(lot: Expression, of: (fate: Fate) => Expression): Expression {
  let upTo = 0
  const cases = FATES.map((fate) => {
    upTo += fate.percent
    return `when ${lot} < ${upTo} then ${of(fate)}`
  })
  return `case ${cases.join(' ')} end`
}

const truth = (yes: boolean): Expression => (yes ? '1' : '0')

/** Customers, and orders of every fate with their lines, reservations, shipments and payments. */
export async function loadOrders(
  loader: Loader,
  catalogue: Catalogue,
  orders: Orders,
): Promise<void> {
  await loadCustomers(loader, orders)
  await insertOrders(loader, orders)
  for (const line of orders.lines) await loadLine(loader, catalogue, { orders, line })
  await loadPayments(loader, orders)
  await loadFigures(loader)
  await loader.countFrom('orders', FIRST_ORDER_NUMBER + orders.count - 1)
}

/** Units by the variant's number that have left the shelves, and that open orders hold. */
export function takenUnits({ dialect }: Loader, { count, lines, fate }: Orders): string {
  const shipped = fate((one) => truth(one.shipped))
  const open = fate(({ reservation }) => truth(['pending', 'confirmed'].includes(reservation)))
  const units = lines.map(
    ({ variant, quantity }) =>
      `select ${variant} as variant, ${quantity} * (${shipped}) as shipped, ${quantity} * (${open}) as open
       from ${dialect.numbers(count)}`,
  )
  return `(select variant, sum(shipped) as shipped, sum(open) as open
    from (${units.join(' union all ')}) as units group by variant)`
}

async function loadCustomers(loader: Loader, { customers, customerId }: Orders): Promise<void> {
  const at = loader.dialect.instant('1767225600000')
  await insertNumbered(loader, 'customers', {
    count: customers,
    values: {
      id: customerId('n.i'),
      email: `'customer' || n.i || '@bench.example'`,
      first_name: `'Ada'`,
      last_name: `'Number ' || n.i`,
      accepts_marketing: 'false',
      status: `'Active'`,
      version: '1',
      created_at: at,
      updated_at: at,
    },
  })
}

async function insertOrders(loader: Loader, orders: Orders): Promise<void> {
  const { fate, at } = orders
  const changedAt = fate(({ shipped, paid }) =>
    at(shipped ? SENT_AFTER_MS : paid ? PAID_AFTER_MS : 0),
  )
  await insertNumbered(loader, 'orders', {
    count: orders.count,
    values: {
      id: orders.id,
      number: `${FIRST_ORDER_NUMBER} + n.i`,
      customer_id: orders.customerId(`n.i * 31 % ${orders.customers}`),
      status: fate(({ status }) => `'${status}'`),
      payment_status: fate(({ paid }) => (paid ? `'paid'` : `'pending'`)),
      fulfillment_status: fate(({ shipped }) => (shipped ? `'fulfilled'` : `'unfulfilled'`)),
      currency: `'USD'`,
      total_amount: orders.total,
      shipping_address: loader.dialect.json(ADDRESS),
      version: fate(({ version }) => String(version)),
      placed_at: at(0),
      cancelled_at: fate(({ status }) => (status === 'cancelled' ? at(0) : 'null')),
      cancelled_amount: fate(({ status }) => (status === 'cancelled' ? orders.total : '0')),
      created_at: at(0),
      updated_at: changedAt,
    },
  })
}

type OfLine = { orders: Orders; line: Orders['lines'][number] }

async function loadLine(
  loader: Loader,
  catalogue: Catalogue,
  { orders, line }: OfLine,
): Promise<void> {
  const { dialect } = loader
  const { count, at, fate, id: order_id, placedMs } = orders
  const { nth, quantity, variant, unit_amount } = line
  const item_id = catalogue.itemId(variant)
  const product = catalogue.ofProduct(variant)
  await insertNumbered(loader, 'order_lines', {
    count,
    values: {
      id: dialect.uuid(KIND.line + nth, placedMs, 'n.i'),
      order_id,
      position: String(nth + 1),
      product_id: catalogue.productId(product),
      variant_id: catalogue.variantId(variant),
      item_id,
      sku: catalogue.variantSku(variant),
      name: `${catalogue.productName(product)} || ' - ' || ${catalogue.variantName(variant)}`,
      quantity: String(quantity),
      cancelled_quantity: fate(({ status }) => String(status === 'cancelled' ? quantity : 0)),
      cancelled_amount: fate(({ status }) =>
        status === 'cancelled' ? `${quantity} * ${unit_amount}` : '0',
      ),
      fulfilled_quantity: fate(({ shipped }) => String(shipped ? quantity : 0)),
      unit_amount,
      total_amount: `${quantity} * ${unit_amount}`,
    },
  })
  const held = {
    reference_type: `'order'`,
    reference_id: dialect.text(order_id),
    item_id,
    location_id: catalogue.locationId('0'),
    quantity: String(quantity),
  }
  await insertNumbered(loader, 'reservations', {
    count,
    values: {
      ...held,
      id: dialect.uuid(KIND.reservation + nth, placedMs, 'n.i'),
      status: fate(({ reservation }) => `'${reservation}'`),
      created_at: at(0),
      updated_at: at(0),
    },
  })
  await insertNumbered(loader, 'stock_movements', {
    count,
    where: `${fate((one) => truth(one.shipped))} = 1`,
    values: {
      ...held,
      id: dialect.uuid(KIND.movement + nth, `${placedMs} + ${SENT_AFTER_MS}`, 'n.i'),
      kind: `'shipped'`,
      state_from: `'sellable'`,
      actor: `'system'`,
      occurred_at: at(SENT_AFTER_MS),
      posted_at: at(SENT_AFTER_MS),
    },
  })
}

/**
 * What paying at once by card leaves: the payment, the request for it, and the provider's answer.
 */
async function loadPayments(loader: Loader, orders: Orders): Promise<void> {
  const { dialect } = loader
  const { count, total: amount, placedMs, id: order_id, at } = orders
  const where = `${orders.fate(({ paid }) => truth(paid))} = 1`
  const id = dialect.uuid(KIND.payment, `${placedMs} + ${PAID_AFTER_MS}`, 'n.i')
  const paid_at = at(PAID_AFTER_MS)
  const shared = { amount, currency: `'USD'` }
  const named = { provider: `'test'`, provider_ref: `'ch_' || ${dialect.padded('n.i', 24)}` }
  await insertNumbered(loader, 'payments', {
    count,
    where,
    values: {
      ...shared,
      ...named,
      id,
      order_id,
      customer_id: orders.customerId(`n.i * 31 % ${orders.customers}`),
      method: `'credit_card'`,
      capture_method: `'automatic'`,
      authorized_amount: amount,
      captured_amount: amount,
      voided_amount: '0',
      refunded_amount: '0',
      capture_pending_amount: '0',
      void_pending_amount: '0',
      refund_pending_amount: '0',
      status: `'succeeded'`,
      version: '2',
      created_at: paid_at,
      updated_at: paid_at,
      processed_at: paid_at,
    },
  })
  await insertNumbered(loader, 'payment_requests', {
    count,
    where,
    values: {
      ...shared,
      id,
      payment_id: id,
      order_id,
      operation: `'sale'`,
      state: `'confirmed'`,
      attempts: '0',
      check_at: paid_at,
      requested_by: `'system'`,
      created_at: paid_at,
      resolved_at: paid_at,
    },
  })
  await insertNumbered(loader, 'payment_events', {
    count,
    where,
    values: {
      ...shared,
      ...named,
      operation: `'sale'`,
      outcome: `'succeeded'`,
      sequence: '1',
      occurred_at: paid_at,
      payment_id: id,
      request_id: id,
      source: `'answer'`,
      recorded_at: paid_at,
    },
  })
}

/** The orders as the schedule `orders.count` has counted them: nothing waits. */
async function loadFigures({ run, dialect }: Loader): Promise<void> {
  await run(`insert into counted_orders
      (order_id, customer_id, currency, day, status, is_sale, total_amount, refunded_amount)
    select id, customer_id, currency, ${dialect.day('placed_at')}, status, cancelled_at is null,
      total_amount, 0 from orders`)
  const figures = `sum(case when is_sale then 1 else 0 end),
    sum(case when is_sale then total_amount else 0 end)`
  await run(`insert into order_days
      (currency, day, status, orders, sales, sales_amount, refunded_amount)
    select currency, day, status, count(*), ${figures}, 0
    from counted_orders group by currency, day, status`)
  await run(`insert into customer_days
      (customer_id, currency, day, status, orders, sales, sales_amount, refunded_amount)
    select customer_id, currency, day, status, count(*), ${figures}, 0
    from counted_orders group by customer_id, currency, day, status`)
  await run(`insert into customer_sales (currency, customer_id, sales, sales_amount)
    select currency, customer_id, ${figures} from counted_orders group by currency, customer_id`)
}
