/**
 * The rows that creating one order of two lines writes, as bare SQL on the real tables: two guarded
 * stock updates, the order, its lines, two reservations, two events and the answer kept for the
 * idempotency key. The yardstick of writes: no server writes these rows faster than its database.
 */
export const ITEMS = 1_000

type Engine = 'sqlite' | 'postgres'

const INSTANT = `'2026-01-01T00:00:00.000Z'`
const STAMP = `1, ${INSTANT}, ${INSTANT}`
const LOCATION = uuidOf(0)
const CUSTOMER = uuidOf(0)

/** The id of an item of the yardstick; locations and customers have tables of their own. */
export function uuidOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** Fills migrated tables with what an order refers to: a customer, and items that never run out. */
export function suppliesFor(engine: Engine): string {
  const padded = engine === 'sqlite' ? `printf('%012d', i)` : `lpad(i::text, 12, '0')`
  const text = `('00000000-0000-7000-8000-' || ${padded})`
  const id = engine === 'sqlite' ? text : `${text}::uuid`
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ITEMS})`
  return `
    insert into customers (id, email, first_name, last_name, accepts_marketing, status, version, created_at, updated_at)
      values ('${CUSTOMER}', 'ada@bench.example', 'Ada', 'Bench', false, 'Active', ${STAMP});
    insert into locations (id, number, code, name, priority, version, created_at, updated_at)
      values ('${LOCATION}', 1, 'MAIN', 'Main', 100, ${STAMP});
    insert into inventory_items (id, number, sku, sku_key, unit, version, created_at, updated_at)
      ${numbers} select ${id}, i, 'B' || i, 'b' || i, 'EA', ${STAMP} from n;
    insert into stock_levels (item_id, location_id, on_hand, reserved, version, updated_at)
      ${numbers} select ${id}, '${LOCATION}', 1000000000, 0, 1, ${INSTANT} from n;`
}

/** What the two engines write differently. */
type Values = {
  order: string
  /** A new id; the kinds are told apart by a number. */
  id: (kind: number) => string
  items: readonly [string, string]
  number: string
  now: string
  key: string
}

const ADDRESS = `'{"street":"1 Main Street","city":"Springfield","state":"IL","postal_code":"62701","country":"US"}'`
const CREATED = `'{"order_id":"${uuidOf(1)}","customer_id":"${CUSTOMER}","currency":"USD","total_amount":5997,"lines":[{"sku":"B0000001-Small","quantity":1,"unit_amount":1999},{"sku":"B0000002-Large","quantity":2,"unit_amount":1999}]}'`
const LINE = `{"reservation_id":"${uuidOf(1)}","item_id":"${uuidOf(2)}","location_id":"${LOCATION}","quantity":1}`
const RESERVED = `'{"reference_type":"order","reference_id":"${uuidOf(1)}","lines":[${LINE},${LINE}],"expires_at":null}'`
/** As long as an answer with two lines and an address. */
const BODY = `'${''.padEnd(1_500, '.')}'`
const FINGERPRINT = `'j/tGBvArnpGeM8juylp5tHoAayJpLj0Elvj+5wbLrfQ='`
const ACTOR = `'api_key:${uuidOf(3)}'`

/** pgbench takes a colon before a letter or digit for a variable, also in JSON. */
function statementsWith({ order, id, items, number, now, key }: Values): string[] {
  const lines = items.map((item, nth) => ({ item, nth, quantity: nth + 1 }))
  const rows = (row: (line: (typeof lines)[number]) => string) => lines.map(row).join(', ')
  const event = (nth: number, [name, type, payload]: readonly string[]) =>
    `(${id(6 + nth)}, '${name}', 1, '${type}', ${order}, ${nth + 1}, ${payload}, ${ACTOR}, '${uuidOf(4)}',
      ${now}, 'delivered', 0, ${now}, ${now})`
  return [
    ...lines.map(
      ({ item, quantity }) =>
        `update stock_levels set reserved = reserved + ${quantity}, version = version + 1, updated_at = ${now}
          where item_id = ${item} and location_id = '${LOCATION}' and reserved + ${quantity} between 0 and on_hand`,
    ),
    `insert into orders (id, number, customer_id, status, payment_status, fulfillment_status, currency,
        total_amount, shipping_address, version, placed_at, created_at, updated_at)
      values (${order}, ${number}, '${CUSTOMER}', 'pending', 'pending', 'unfulfilled', 'USD', 5997, ${ADDRESS},
        1, ${now}, ${now}, ${now})`,
    `insert into order_lines (id, order_id, position, product_id, variant_id, item_id, sku, name, quantity,
        unit_amount, total_amount)
      values ${rows(
        ({ item, nth, quantity }) =>
          `(${id(2 + nth)}, ${order}, ${quantity}, ${item}, ${item}, ${item}, 'B000000${nth}-Small',
            'Amber Linen Blanket - Small', ${quantity}, 1999, ${1999 * quantity})`,
      )}`,
    `insert into reservations (id, reference_type, reference_id, item_id, location_id, quantity, status,
        created_at, updated_at)
      values ${rows(
        ({ item, nth, quantity }) =>
          `(${id(4 + nth)}, 'order', ${order}, ${item}, '${LOCATION}', ${quantity}, 'pending', ${now}, ${now})`,
      )}`,
    `insert into events (id, name, schema_version, entity_type, entity_id, sequence, payload, actor, request_id,
        occurred_at, status, attempts, available_at, delivered_at)
      values ${event(0, ['order.created', 'order', CREATED])}, ${event(1, ['inventory.reserved', 'inventory', RESERVED])}`,
    `insert into idempotency_keys (scope, fingerprint, status, body, created_at)
      values (${ACTOR} || ' POST /api/v1/orders bench-' || ${key}, ${FINGERPRINT}, 201, ${BODY}, ${now})`,
  ].map((sql) => sql.replaceAll(/\s+/g, ' ').replaceAll('":', '": '))
}

/** The last twenty digits of an id on PostgreSQL; the first twelve are its time. */
const postgresId = (kind: number): string =>
  `(lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '700${kind}' || lpad(to_hex(:n::bigint), 16, '0'))::uuid`
const postgresItem = (variable: string): string =>
  `('00000000-0000-7000-8000-' || lpad(${variable}::text, 12, '0'))::uuid`

/**
 * The statements on PostgreSQL with `:a` and `:b` (numbers of two items), and `:n` (a random number
 * that identifies the order); pgbench and the `pg` client fill them in.
 */
export const POSTGRES_STATEMENTS = statementsWith({
  order: postgresId(1),
  id: postgresId,
  items: [postgresItem(':a'), postgresItem(':b')],
  number: `nextval('orders_numbers')`,
  now: 'now()',
  key: ':n::text',
})

/** The same as one data-modifying statement; the foreign key is checked at its end. */
export const POSTGRES_ONE_STATEMENT = `with ${POSTGRES_STATEMENTS.map(
  (sql, nth) => `w${nth} as (${sql})`,
).join(', ')} select 1`

/** The statements on SQLite; parameters by name: the items `a` and `b`, and the ids `x1` … `x7`. */
export const SQLITE_STATEMENTS = statementsWith({
  order: ':x1',
  id: (kind) => `:x${kind}`,
  items: [':a', ':b'],
  number: '(select coalesce(max(number), 1000000) + 1 from orders)',
  now: INSTANT,
  key: ':x1',
})
