import { sql } from 'kysely'
import { db } from '#platform/events'
import { defineInvariants } from '#platform/invariants'

export const platformInvariants = defineInvariants('platform', {
  'the events of one thing are numbered from 1 without a hole': (ctx) =>
    db(ctx)
      .selectFrom('events')
      .select(({ fn }) => [
        'entity_id',
        fn.countAll<number>().as('events'),
        fn.min('sequence').as('first'),
        fn.max('sequence').as('last'),
      ])
      .groupBy('entity_id')
      .having(({ eb, fn }) =>
        eb.or([eb(fn.countAll(), '!=', fn.max('sequence')), eb(fn.min('sequence'), '!=', 1)]),
      )
      .limit(100)
      .execute(),

  'an event has an instant of delivery exactly if it is delivered': (ctx) =>
    db(ctx)
      .selectFrom('events')
      .select(['id', 'status', 'delivered_at'])
      .where(sql<boolean>`(status = 'delivered') <> (delivered_at is not null)`)
      .limit(100)
      .execute(),
})
