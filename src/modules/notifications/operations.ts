import { command, Nothing, query } from '#platform/operations'
import { notificationErrors as errors } from './errors.ts'
import { mailLifecycle } from './lifecycle.ts'
import { deleteMail, getMail, listMails, markMail, sendAgain } from './mails.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const operations = [
  query('notifications.list', {
    rest: 'GET /api/v1/notifications',
    permission: 'notifications:read',
    summary: 'List the mails of the outbox, newest first',
    description: 'All that was written to buyers, sent or kept, until it is purged.',
    input: of.ListMails,
    output: of.Mails,
    example: { status: 'failed', limit: 20 },
    run: listMails,
  }),
  query('notifications.get', {
    rest: 'GET /api/v1/notifications/:id',
    permission: 'notifications:read',
    summary: 'Read a mail',
    description:
      'The code of a gift card is told to its reader alone; here only in a mail that is kept, ' +
      'because no mail server is set.',
    input: of.GetMail,
    output: of.Mail,
    errors: [errors.not_found],
    example: { id },
    run: getMail,
  }),
  command('notifications.send', {
    rest: 'POST /api/v1/notifications/:id/send',
    permission: 'notifications:write',
    summary: 'Send a mail that was kept, has failed, or is wanted once more',
    status: 202,
    input: of.GetMail,
    output: of.Mail,
    errors: [
      errors.not_found,
      errors.no_mail_server,
      errors.erased,
      ...mailLifecycle.refusals('send'),
    ],
    example: { id },
    run: sendAgain,
  }),
  command('notifications.mark_read', {
    rest: 'POST /api/v1/notifications/:id/read',
    permission: 'notifications:write',
    summary: 'Mark a mail as read',
    input: of.GetMail,
    output: of.MailEntry,
    errors: [errors.not_found],
    example: { id },
    run: (ctx, input) => markMail(ctx, input, 'read'),
  }),
  command('notifications.mark_unread', {
    rest: 'POST /api/v1/notifications/:id/unread',
    permission: 'notifications:write',
    summary: 'Mark a mail as unread',
    input: of.GetMail,
    output: of.MailEntry,
    errors: [errors.not_found],
    example: { id },
    run: (ctx, input) => markMail(ctx, input, 'unread'),
  }),
  command('notifications.delete', {
    rest: 'DELETE /api/v1/notifications/:id',
    aliases: ['DELETE /api/v1/notifications/:id/delete'],
    permission: 'notifications:write',
    summary: 'Take a mail out of the outbox',
    description: 'One that waits to be sent is not sent.',
    status: 204,
    input: of.GetMail,
    output: Nothing,
    errors: [errors.not_found],
    example: { id },
    run: deleteMail,
  }),
]
