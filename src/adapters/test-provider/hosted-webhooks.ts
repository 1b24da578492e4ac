import { type Static, Type } from 'typebox'
import { checker } from '#kit/checker'
import { AMOUNT_MAX } from '#kit/money'
import { LongText, Nullable, Text } from '#kit/schemas'
import type { HostedNews, WebhookNews } from '#modules/payments'

const name = Text(255)
const Webhook = Type.Object({
  id: name,
  type: Type.Literal('hosted.changed'),
  data: Type.Object({
    ref: name,
    payment_ref: Nullable(name),
    status: Type.Enum(['open', 'complete', 'expired']),
    payment_status: Type.Enum(['paid', 'unpaid', 'no_payment_required']),
    amount: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    customer_email: Nullable(Text(320)),
    metadata: Type.Record(Type.String({ maxLength: 100 }), LongText(500)),
    occurred_at: Type.String({ format: 'date-time', maxLength: 40 }),
    failure: Type.Optional(Type.Object({ code: name, message: LongText(500) })),
  }),
})
const validator = checker(Webhook)
type HostedWebhook = Static<typeof Webhook>

/** The body of a webhook about a page; the same news are the same event. */
export function hostedWebhookBody(news: HostedNews): string {
  const { ref, status, payment_status, failure } = news
  // A payer may fail again and again, and each time is news.
  const word = failure ? `failed_${news.occurred_at}` : `${status}_${payment_status}`
  return JSON.stringify({ id: `evt_${ref}_${word}`, type: 'hosted.changed', data: news })
}

/** Reads a webhook about a page; undefined where it is another one, or not as it should be. */
export function readHostedWebhook(value: unknown): WebhookNews | undefined {
  if (!validator.Check(value)) return undefined
  const { id, type, data }: HostedWebhook = value
  const { failure, ...told } = data
  return {
    event_id: id,
    type,
    answer: undefined,
    hosted: { ...told, ...(failure && { failure }) },
  }
}
