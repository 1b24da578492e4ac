import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { wooErrors } from '../errors.ts'
import { instantOf } from '../products/remote.ts'
import { receive } from './inbox.ts'
import { checkSignature } from './signature.ts'

export const WEBHOOK_PATH = '/api/v1/woocommerce/webhooks'

/**
 * Where WooCommerce tells what changed there. Not an operation, because the signature is made over
 * the raw body; no credential but the signature counts. Everything well signed is answered 200,
 * also what means nothing here: after five failures in a row WooCommerce would send nothing more.
 */
export async function wooWebhookDoor(http: FastifyInstance, app: App): Promise<void> {
  http.register(async (door) => {
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    door.post(WEBHOOK_PATH, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const answer = reply.code(200).header('content-type', 'text/plain; charset=utf-8')
      if (isPing(body)) return answer.send('pong')
      const secret = app.settings.woocommerce_webhook_secret
      checkSignature(secret, request.headers['x-wc-webhook-signature'], body)
      const news = newsIn(request, body)
      await transactAsSystem(app, (ctx) => receive(ctx, news), 'read committed')
      return answer.send('ok')
    })
  })
}

/** When a webhook is made WooCommerce asks, unsigned, whether anybody is there. No effect. */
function isPing(body: Buffer): boolean {
  const text = body.subarray(0, 100).toString('utf8').trim()
  return text === '' || text === '{}' || /^webhook_id=\d+$/.test(text)
}

function newsIn({ headers }: FastifyRequest, body: Buffer) {
  const said = parsed(body)
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const topic = text('x-wc-webhook-topic').slice(0, 100)
  const id = Number.isSafeInteger(said.id) ? String(said.id) : null
  return {
    // One delivery has one id; without it the same words are the same news.
    delivery_id:
      text('x-wc-webhook-delivery-id').slice(0, 100) ||
      createHash('sha256').update(topic).update(body).digest('hex'),
    topic,
    external_id: id,
    modified_at: instantOf(said.date_modified_gmt),
  }
}

function parsed(body: Buffer): { id?: unknown; date_modified_gmt?: unknown } {
  try {
    const read: unknown = JSON.parse(body.toString('utf8'))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read
  } catch {
    // Refused below like anything that is no resource.
  }
  throw wooErrors.bad_webhook({ problem: 'it is not a JSON object' })
}
