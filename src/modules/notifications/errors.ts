import { defineErrors } from '#kit/errors'

export const notificationErrors = defineErrors({
  not_found: {
    code: 'MAIL_NOT_FOUND',
    status: 404,
    message: 'There is no mail {mail_id}.',
  },
  no_mail_server: {
    code: 'MAIL_SERVER_MISSING',
    status: 409,
    message: 'No mail server is set (smtp_url): mails are kept here and not sent.',
  },
  erased: {
    code: 'MAIL_ERASED',
    status: 410,
    message: 'Mail {mail_id} was to a person whose data were erased.',
  },
})
