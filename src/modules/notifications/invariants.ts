import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

export const notificationInvariants = defineInvariants('notifications', {
  'a mail that was sent says when, and has something to say': (ctx) =>
    db(ctx)
      .selectFrom('mails')
      .select(['id', 'status'])
      .where((eb) =>
        eb.or([
          eb.and([eb('status', '=', 'sent'), eb('sent_at', 'is', null)]),
          eb.and([eb('status', '=', 'waiting'), eb('text', '=', '')]),
        ]),
      )
      .execute(),
})
