import type { FastifyInstance } from 'fastify'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { paymentErrors } from '../errors.ts'
import { paymentProviders } from '../provider.ts'
import { receive } from './inbox.ts'
import { checkSignature } from './signature.ts'

export const WEBHOOK_PATH = '/api/v1/payments/webhook'

/**
 * Where the payment provider tells us what happened. Not an operation, because the signature is
 * made over the raw body; no credential but the signature counts. Anything well signed is kept,
 * also what is not understood yet, so the provider need not send it again.
 */
export async function webhookDoor(http: FastifyInstance, app: App): Promise<void> {
  http.register(async (door) => {
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    door.post(WEBHOOK_PATH, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      checkSignature(
        { body, headers: request.headers },
        {
          secret: app.settings.payment_webhook_secret,
          tolerance_secs: app.settings.payment_webhook_tolerance_secs,
          now: app.clock(),
        },
      )
      await keepWebhook(app, body.toString('utf8'))
      return reply.code(200).header('content-type', 'text/plain; charset=utf-8').send('ok')
    })
  })
  paymentProviders.of(app).active?.connect?.(async ({ headers, body }) => {
    const { statusCode } = await http.inject({
      method: 'POST',
      url: WEBHOOK_PATH,
      headers,
      payload: body,
    })
    return statusCode
  })
}

async function keepWebhook(app: App, body: string): Promise<void> {
  const provider = paymentProviders.of(app).active
  if (!provider) throw paymentErrors.not_configured({ payment_method: 'webhooks' })
  const news = provider.readWebhook(body)
  await transactAsSystem(app, (ctx) => receive(ctx, provider, { news, body }), 'read committed')
}
