/**
 * The rows that creating one order of two lines writes, as bare SQL on tables of their own: two
 * guarded stock updates, the order, its lines, two reservations, two events and the answer kept for
 * the idempotency key. The yardstick of writes: no server writes these rows faster than its
 * database.
 */
export const ITEMS = 1_000

type Types = { id: string; text: string; integer: string; instant: string; json: string }

const TYPES: Record<'sqlite' | 'postgres', Types> = {
  sqlite: { id: 'text', text: 'text', integer: 'integer', instant: 'text', json: 'text' },
  postgres: {
    id: 'uuid',
    text: 'text collate "C"',
    integer: 'bigint',
    instant: 'timestamptz(3)',
    json: 'json',
  },
}

/** Creates the tables and their indexes, and stock of `ITEMS` items that never runs out. */
export function schemaOf(engine: 'sqlite' | 'postgres'): string {
  const { id, text, integer, instant, json } = TYPES[engine]
  return `
    create table levels (item ${integer} not null primary key, on_hand ${integer} not null,
      reserved ${integer} not null, updated_at ${instant} not null, check (reserved <= on_hand));
    create table orders (id ${id} not null primary key, number ${text} not null unique,
      customer_id ${id} not null, status ${text} not null, currency ${text} not null,
      total_amount ${integer} not null, shipping_address ${json} not null, created_at ${instant} not null);
    create index orders_by_customer on orders (customer_id, created_at);
    create index orders_by_status on orders (status, created_at);
    create table lines (id ${id} not null primary key, order_id ${id} not null references orders (id),
      item ${integer} not null, name ${text} not null, quantity ${integer} not null,
      unit_amount ${integer} not null);
    create index lines_by_order on lines (order_id);
    create table reservations (id ${id} not null primary key, item ${integer} not null,
      order_id ${id} not null, quantity ${integer} not null, status ${text} not null,
      expires_at ${instant} not null);
    create index reservations_by_order on reservations (order_id);
    create table events (id ${id} not null primary key, name ${text} not null, entity_id ${id} not null,
      sequence ${integer} not null, payload ${json} not null, status ${text} not null,
      occurred_at ${instant} not null, unique (entity_id, sequence));
    create table idempotency_keys (scope ${text} not null primary key, fingerprint ${text} not null,
      status ${integer} not null, body ${text} not null, created_at ${instant} not null);
    insert into levels with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ITEMS})
      select i, 1000000000, 0, '2026-01-01T00:00:00.000Z' from n;`
}

const INSTANT = "'2026-01-01T00:00:00.000Z'"
const ADDRESS = `'{"street":"1 Main Street","city":"Springfield","state":"IL","postal_code":"62701","country":"US"}'`
const PAYLOAD = `'{"order_number":"ORD-00000001","currency":"USD","total_amount":"59.97"}'`
/** As long as an answer with two lines and an address. */
const BODY = `'${'.'.padEnd(1_100, '.')}'`

/**
 * The statements on PostgreSQL with `:a` and `:b` (two items), and `:n` (a random number that
 * identifies the order); pgbench and the `pg` client fill them in.
 */
export const POSTGRES_STATEMENTS = [
  'update levels set reserved = reserved + 1 where item = :a and on_hand - reserved >= 1',
  'update levels set reserved = reserved + 2 where item = :b and on_hand - reserved >= 2',
  `insert into orders values (md5(:n::text)::uuid, md5(:n::text), gen_random_uuid(), 'pending', 'USD',
     5997, ${ADDRESS}, now())`,
  `insert into lines values
     (gen_random_uuid(), md5(:n::text)::uuid, :a, 'A mug of some kind', 1, 1999),
     (gen_random_uuid(), md5(:n::text)::uuid, :b, 'A mug of another kind', 2, 1999)`,
  `insert into reservations values
     (gen_random_uuid(), :a, md5(:n::text)::uuid, 1, 'held', now()),
     (gen_random_uuid(), :b, md5(:n::text)::uuid, 2, 'held', now())`,
  `insert into events values
     (gen_random_uuid(), 'order.created', md5(:n::text)::uuid, 1, ${PAYLOAD}, 'pending', now()),
     (gen_random_uuid(), 'inventory.reserved', md5(:n::text)::uuid, 2, ${PAYLOAD}, 'pending', now())`,
  `insert into idempotency_keys values ('bench:' || :n::text, md5(:n::text), 201, ${BODY}, now())`,
].map((sql) => sql.replaceAll(/\s+/g, ' '))

/** The same as one data-modifying statement; the foreign key is checked at its end. */
export const POSTGRES_ONE_STATEMENT = `with ${POSTGRES_STATEMENTS.map(
  (sql, nth) => `w${nth} as (${sql})`,
).join(', ')} select 1`

/** The statements on SQLite; parameters by name: `a`, `b`, `order` and the ids `x0` … `x5`. */
export const SQLITE_STATEMENTS = [
  'update levels set reserved = reserved + 1 where item = :a and on_hand - reserved >= 1',
  'update levels set reserved = reserved + 2 where item = :b and on_hand - reserved >= 2',
  `insert into orders values (:order, :order, :x0, 'pending', 'USD', 5997, ${ADDRESS}, ${INSTANT})`,
  `insert into lines values (:x0, :order, :a, 'A mug of some kind', 1, 1999),
     (:x1, :order, :b, 'A mug of another kind', 2, 1999)`,
  `insert into reservations values (:x2, :a, :order, 1, 'held', ${INSTANT}),
     (:x3, :b, :order, 2, 'held', ${INSTANT})`,
  `insert into events values (:x4, 'order.created', :order, 1, ${PAYLOAD}, 'pending', ${INSTANT}),
     (:x5, 'inventory.reserved', :order, 2, ${PAYLOAD}, 'pending', ${INSTANT})`,
  `insert into idempotency_keys values (:order, :x0, 201, ${BODY}, ${INSTANT})`,
]
