import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUuid } from '#kit/ids'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { authorize, processContext } from '#platform/execute'
import type { ProcessContext } from '#platform/processes'
import { shipmentErrors } from '../errors.ts'
import { getManifestPaper } from '../manifests/queries.ts'
import { packingSlip } from '../packing-slip.ts'
import { getLabelPaper } from './queries.ts'
import type { Paper } from './schemas.ts'

const PERMISSION = 'shipments:update'

/** Where papers are printed from. No operations, because what comes out is no JSON. */
export async function paperDoor(http: FastifyInstance, app: App): Promise<void> {
  const onRequest = async (request: FastifyRequest) => {
    const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
    const actor = await app.authenticate({ authorization, api_key })
    authorize({ permission: PERMISSION } as never, actor)
    request.actor = actor
  }
  http.get('/api/v1/labels/:id.pdf', { onRequest }, async (request, reply) => {
    const id = uuidIn(request, (label_id) => shipmentErrors.label_not_found({ label_id }))
    return send(reply, await contextFor(app, request).read((tx) => getLabelPaper(tx, { id })))
  })
  http.get('/api/v1/manifests/:id.pdf', { onRequest }, async (request, reply) => {
    const id = uuidIn(request, (manifest_id) => shipmentErrors.manifest_not_found({ manifest_id }))
    return send(reply, await contextFor(app, request).read((tx) => getManifestPaper(tx, { id })))
  })
  http.get('/api/v1/shipments/:id/packing-slip.pdf', { onRequest }, async (request, reply) => {
    const { id } = request.params as { id: string }
    return send(reply, await packingSlip(contextFor(app, request), id))
  })
}

function uuidIn(request: FastifyRequest, refusal: (id: string) => Error): never {
  const { id } = request.params as { id: string }
  if (!isUuid(id)) throw refusal(id)
  return id as never
}

const contextFor = (app: App, request: FastifyRequest): ProcessContext => {
  const call = { actor: request.actor as Actor, request_id: request.id, log: app.log }
  return processContext(app, call, request.id)
}

function send(reply: FastifyReply, { file_name, media_type, content }: Paper): FastifyReply {
  return reply
    .header('content-type', media_type)
    .header('content-disposition', `inline; filename="${file_name}"`)
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(content, 'base64'))
}
