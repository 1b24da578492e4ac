import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { notificationErrors } from './errors.ts'
import { mailEvents } from './events.ts'
import { notificationInvariants } from './invariants.ts'
import { mailLifecycle } from './lifecycle.ts'
import { createMails } from './migrations/2026-11-22-12-create-mails.ts'
import { mailGiftCards } from './migrations/2026-11-22-53-mail-gift-cards.ts'
import { findMailedRecipients } from './migrations/2026-11-22-94-find-mailed-recipients.ts'
import { operations } from './operations.ts'
import { mailPurge } from './schedules.ts'
import { sendMail } from './send-mail.ts'
import { db } from './tables.ts'
import { writtenMails } from './write-mails.ts'

// What others may use.
export { type Mailer, MailRefused, mailServer, type OutgoingMail } from './mailer.ts'
export { personalDataOfNotifications } from './personal-data.ts'
export { type NewMail, queueMails } from './queue-mail.ts'

// What this module adds to the house.
export const notifications: Module = {
  name: 'notifications',
  tables: db.tables,
  migrations: {
    '2026-11-22-12-create-mails': createMails,
    '2026-11-22-53-mail-gift-cards': mailGiftCards,
    '2026-11-22-94-find-mailed-recipients': findMailedRecipients,
  },
  lifecycles: [mailLifecycle],
  errors: [notificationErrors],
  events: [mailEvents],
  invariants: notificationInvariants,
  jobs: [writtenMails.job, sendMail as Job],
  workers: [writtenMails.worker],
  schedules: [mailPurge],
  operations,
}
