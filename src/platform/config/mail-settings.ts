import { Type } from 'typebox'

/** Who mails are from, and which server sends them. */
export const mailSettings = {
  shop_name: Type.String({
    description: 'What the shop calls itself in mails.',
    default: 'Our shop',
    minLength: 1,
    maxLength: 100,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  }),
  smtp_url: Type.Optional(
    Type.String({
      description:
        'The mail server: smtp://USER:PASSWORD@HOST:587, or smtps://…:465. Unset, mails are kept in the outbox and not sent.',
      minLength: 1,
      pattern: '^smtps?://',
      secret: true,
    }),
  ),
  mail_from: Type.Optional(
    Type.String({
      description: 'From whom mails are, such as `Our shop <orders@shop.example>`.',
      minLength: 3,
      maxLength: 300,
      pattern: '^[^\\r\\n]*[^@\\s<>]+@[^@\\s<>]+>?$',
    }),
  ),
  mails_kept_days: Type.Integer({
    description: 'How long mails can be read in the outbox, in days.',
    default: 90,
    minimum: 1,
    maximum: 3650,
  }),
}
