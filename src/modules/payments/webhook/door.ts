import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { paymentErrors } from '../errors.ts'
import { type PaymentProvider, paymentProviders } from '../provider.ts'
import { receive } from './inbox.ts'
import { checkSignature } from './signature.ts'

export const WEBHOOK_PATH = '/api/v1/payments/webhook'
/** Where the shop's published interface has Stripe's webhooks. */
export const STRIPE_PATHS = ['/api/webhooks/stripe', '/api/v1/webhooks/stripe'] as const

/**
 * Where the payment provider tells us what happened. Not an operation, because the signature is
 * made over the raw body; no credential but the signature counts. Anything well signed is kept,
 * also what is not understood yet, so the provider need not send it again.
 */
export async function webhookDoor(http: FastifyInstance, app: App): Promise<void> {
  const providers = paymentProviders.of(app)
  http.register(async (door) => {
    readRawBodies(door)
    door.post(WEBHOOK_PATH, async (request, reply) => {
      await take(app, providers.active, request)
      return reply.code(200).header('content-type', 'text/plain; charset=utf-8').send('ok')
    })
  })
  http.register(async (door) => {
    readRawBodies(door)
    door.setErrorHandler(refuseAsShop(app))
    for (const path of STRIPE_PATHS) {
      door.post(path, async (request) => {
        await take(app, providers.named('stripe') ?? providers.active, request)
        return { received: true }
      })
    }
  })
  providers.active?.connect?.(async ({ headers, body }) => {
    const { statusCode } = await http.inject({
      method: 'POST',
      url: WEBHOOK_PATH,
      headers,
      payload: body,
    })
    return statusCode
  })
}

function readRawBodies(door: FastifyInstance): void {
  door.removeAllContentTypeParsers()
  door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

async function take(
  app: App,
  provider: PaymentProvider | undefined,
  { body, headers }: FastifyRequest,
): Promise<void> {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const { settings } = app
  checkSignature(
    { body: raw, headers },
    {
      secret: provider?.webhook_secret ?? settings.payment_webhook_secret,
      tolerance_secs: settings.payment_webhook_tolerance_secs,
      now: app.clock(),
    },
  )
  if (!provider) throw paymentErrors.not_configured({ payment_method: 'webhooks' })
  const text = raw.toString('utf8')
  const news = provider.readWebhook(text)
  await transactAsSystem(
    app,
    (ctx) => receive(ctx, provider, { news, body: text }),
    'read committed',
  )
}

const UNBELIEVED = new Set([paymentErrors.bad_signature, paymentErrors.bad_webhook].map(codeOf))
function codeOf({ spec }: { spec: { code: string } }): string {
  return spec.code
}

/**
 * The shop's interface has one answer to a webhook that it does not believe or cannot read, and a
 * flat body for it. Everything else is printed as everywhere.
 */
const refuseAsShop =
  ({ clock }: App) =>
  (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    if (!(error instanceof DomainError) || !UNBELIEVED.has(error.code)) throw error
    return reply.code(400).send({
      error: 'webhook_verification_failed',
      message: error.message,
      details: {},
      request_id: request.id,
      timestamp: clock().toISOString(),
    })
  }
