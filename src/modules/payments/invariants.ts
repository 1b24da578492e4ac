import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

/** The newest news of each object, by the rule of `payment-state.ts`, said once more in SQL. */
const NEWEST = sql`
  select * from (
    select e.*, row_number() over (
      partition by e.payment_id, e.operation, e.provider_ref
      order by e.sequence desc, e.occurred_at desc,
        case e.outcome when 'succeeded' then 3 when 'failed' then 2 when 'action_required' then 1 else 0 end desc
    ) as nth from payment_events e
  ) as ranked where nth = 1`

const total = (operations: string[]) =>
  sql`sum(case when n.operation in (${sql.join(operations.map((operation) => sql.lit(operation)))})
    then n.amount else 0 end)`

/** Sum of a payment's open requests of one operation. */
const asked = (operation: string) =>
  sql`coalesce((select sum(r.amount) from payment_requests r where r.payment_id = p.id
    and r.operation = ${sql.lit(operation)} and r.state in ('requested', 'sent', 'unknown')), 0)`

/** What a part of another payment began with. */
const BEGUN_WITH = sql`case when p.part_of_id is null then 0 else p.amount end`

const refunds = (status: string) =>
  sql`coalesce((select sum(f.amount) from refunds f where f.payment_id = p.id
    and f.status = ${sql.lit(status)}), 0)`

export const paymentInvariants = defineInvariants('payments', {
  // I-10
  'refunds never exceed what was captured': (ctx) =>
    db(ctx)
      .selectFrom('payments')
      .select(['id', 'captured_amount', 'refunded_amount'])
      .whereRef('refunded_amount', '>', 'captured_amount')
      .execute(),

  // I-11
  'captures and voids, also those under way, never exceed what was authorised': async (ctx) =>
    (
      await sql<object>`
        select id, authorized_amount, captured_amount, voided_amount from payments
        where captured_amount + voided_amount + capture_pending_amount + void_pending_amount
          > authorized_amount`.execute(db(ctx))
    ).rows,

  // I-12, the amounts
  'amounts are the fold of the payment events': async (ctx) =>
    (
      await sql<object>`
        with facts as (
          select n.payment_id, ${total(['sale', 'authorize'])} as authorized,
            ${total(['sale', 'capture'])} as captured, ${total(['void'])} as voided,
            ${total(['refund'])} as refunded
          from (${NEWEST}) as n where n.outcome = 'succeeded' group by n.payment_id)
        select p.id, p.authorized_amount, p.captured_amount, p.voided_amount, p.refunded_amount
        from payments p left join facts f on f.payment_id = p.id
        where p.authorized_amount <> coalesce(f.authorized, 0) + ${BEGUN_WITH}
          or p.captured_amount <> coalesce(f.captured, 0) + ${BEGUN_WITH}
          or p.voided_amount <> coalesce(f.voided, 0)
          or p.refunded_amount <> coalesce(f.refunded, 0)`.execute(db(ctx))
    ).rows,

  // I-12, the status
  'the status says what the amounts say': async (ctx) =>
    (
      await sql<object>`
        select id, status from payments where
          (captured_amount > 0 and status <> case
            when refunded_amount = 0 then 'succeeded'
            when refunded_amount < captured_amount then 'partially_refunded'
            else 'refunded' end)
          or (captured_amount = 0 and authorized_amount > voided_amount and status <> 'authorized')
          or (captured_amount = 0 and authorized_amount = voided_amount
            and status in ('authorized', 'succeeded', 'partially_refunded', 'refunded'))
          or (processed_at is null)
            <> (status in ('pending', 'processing', 'requires_action'))`.execute(db(ctx))
    ).rows,

  // I-13, as far as refunds have no lines yet
  'refunded is the sum of the refunds, and so is what is set aside for them': async (ctx) =>
    (
      await sql<object>`
        select p.id, p.refunded_amount, p.refund_pending_amount from payments p
        where p.refunded_amount <> ${refunds('succeeded')}
          or p.refund_pending_amount <> ${refunds('pending')}`.execute(db(ctx))
    ).rows,

  'what is set aside is what open requests ask for': async (ctx) =>
    (
      await sql<object>`
        select p.id from payments p
        where p.capture_pending_amount <> ${asked('capture')}
          or p.void_pending_amount <> ${asked('void')}
          or p.refund_pending_amount <> ${asked('refund')}`.execute(db(ctx))
    ).rows,

  // I-15
  'one request has at most one thing at the provider': async (ctx) =>
    (
      await sql<object>`
        select request_id, operation, count(distinct provider_ref) as objects from payment_events
        where request_id is not null and outcome = 'succeeded'
        group by request_id, operation having count(distinct provider_ref) > 1`.execute(db(ctx))
    ).rows,

  'a request is closed exactly when it has an instant of it': (ctx) =>
    db(ctx)
      .selectFrom('payment_requests')
      .select(['id', 'state', 'resolved_at'])
      .where(({ or, and, eb }) =>
        or([
          and([eb('state', 'in', ['confirmed', 'failed']), eb('resolved_at', 'is', null)]),
          and([
            eb('state', 'in', ['requested', 'sent', 'unknown']),
            eb('resolved_at', 'is not', null),
          ]),
        ]),
      )
      .execute(),

  'a dispute is about its payment: provider, order and currency are the same': async (ctx) =>
    (
      await sql<object>`
        select d.id, d.payment_id from payment_disputes d join payments p on p.id = d.payment_id
        where d.provider <> p.provider or d.order_id <> p.order_id or d.currency <> p.currency
      `.execute(db(ctx))
    ).rows,

  'evidence that waits has what is in its files': async (ctx) =>
    (
      await db(ctx)
        .selectFrom('payment_evidence')
        .select(['id', 'files', 'contents'])
        .where('state', '=', 'waiting')
        .execute()
    ).filter(({ files, contents }) => contents?.length !== files.length),

  'what is told of a page is told at once, and never waits': async (ctx) =>
    (
      await sql<object>`
        select w.id, w.type, w.hosted_ref from payment_webhooks w
        where w.hosted_ref is not null and w.status <> 'applied'`.execute(db(ctx))
    ).rows,

  'an order has at most one undecided payment': async (ctx) =>
    (
      await sql<object>`
        select order_id, count(*) as undecided from payments where processed_at is null
        group by order_id having count(*) > 1`.execute(db(ctx))
    ).rows,

  // I-17
  'money never changes its currency inside a payment': async (ctx) =>
    (
      await sql<object>`
        select p.id, p.currency from payments p where
          exists (select 1 from payment_events e
            where e.payment_id = p.id and e.currency <> p.currency)
          or exists (select 1 from payment_requests r
            where r.payment_id = p.id and r.currency <> p.currency)
          or exists (select 1 from refunds f
            where f.payment_id = p.id and f.currency <> p.currency)
      `.execute(db(ctx))
    ).rows,

  'what a payment gave to other orders is the sum of its parts': async (ctx) =>
    (
      await sql<object>`
        select p.id, p.parted_amount, coalesce(s.amount, 0) as parts from payments p
        left join (select part_of_id, sum(amount) as amount from payments
          where part_of_id is not null group by part_of_id) s on s.part_of_id = p.id
        where p.parted_amount <> coalesce(s.amount, 0)`.execute(db(ctx))
    ).rows,

  'a part is of its whole: provider, charge, currency and buyer are the same': async (ctx) =>
    (
      await sql<object>`
        select s.id, s.part_of_id from payments s join payments p on p.id = s.part_of_id
        where s.provider <> p.provider or s.currency <> p.currency or s.method <> p.method
          or s.part_of_ref <> coalesce(p.provider_ref, p.part_of_ref)
          or coalesce(cast(s.customer_id as text), '') <> coalesce(cast(p.customer_id as text), '')
      `.execute(db(ctx))
    ).rows,

  // I-16, from the side of the payments
  'what was paid by credit is what its ledger took and gave back': async (ctx) =>
    (
      await sql<object>`
        select p.id, p.authorized_amount, p.voided_amount, p.refunded_amount from payments p
        where p.provider = 'credit'
          and not exists (select 1 from payment_requests q where q.payment_id = p.id
            and q.state in ('requested', 'sent', 'unknown'))
          and p.authorized_amount - ${BEGUN_WITH} - p.voided_amount - p.refunded_amount <> coalesce((
            select -sum(e.amount) from payment_requests q
            join credit_entries e on e.reference_id = cast(q.id as text)
              and e.reference_type like 'payment%'
            where q.payment_id = p.id), 0)`.execute(db(ctx))
    ).rows,
})
