import { defineLifecycle } from '#kit/lifecycle'

export const mailLifecycle = defineLifecycle('mail', {
  states: {
    waiting: 'Is to be sent.',
    kept: 'Is to be read here: no mail server was set when it was written.',
    sent: 'A mail server took it.',
    failed: 'Could not be sent; a person should look at it.',
  },
  moves: {
    keep: { from: ['waiting'], to: 'kept', when: 'No mail server is set.' },
    deliver: { from: ['waiting'], to: 'sent', when: 'A mail server takes it.' },
    give_up: {
      from: ['waiting'],
      to: 'failed',
      when: 'It is refused for good, or was tried for the last time.',
    },
    send: {
      from: ['kept', 'failed', 'sent'],
      to: 'waiting',
      when: 'Staff asks for it to be sent, once more if it was.',
    },
  },
})

/** What a mail is about. */
export const MAIL_KINDS = [
  'order_confirmed',
  'payment_failed',
  'payment_refunded',
  'order_shipped',
  'checkout_payment_failed',
  'gift_card',
] as const
export type MailKind = (typeof MAIL_KINDS)[number]
