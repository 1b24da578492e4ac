import type { FastifyInstance } from 'fastify'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { shipmentErrors } from '../../errors.ts'
import { carriers } from '../../labels/carriers.ts'
import { receive } from './inbox.ts'

export const WEBHOOK_PATH = '/api/v1/shipments/webhooks/:carrier'

/**
 * Where carriers tell what happened to parcels. Not an operation, because the signature is made
 * over the raw body; no credential but the signature counts. Anything well signed is kept, so a
 * carrier need not send it again.
 */
export async function webhookDoor(http: FastifyInstance, app: App): Promise<void> {
  http.register(async (door) => {
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    door.post(WEBHOOK_PATH, async (request, reply) => {
      const { carrier: name } = request.params as { carrier: string }
      const carrier = carriers.of(app).named(name)
      if (!carrier?.readWebhook) throw shipmentErrors.carrier_unknown({ carrier: name })
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const webhook = carrier.readWebhook({ headers: request.headers, body })
      const said = { webhook, body: body.toString('utf8') }
      await transactAsSystem(app, (ctx) => receive(ctx, name, said), 'read committed')
      return reply.code(200).header('content-type', 'text/plain; charset=utf-8').send('ok')
    })
  })
}
