import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { authorize, processContext } from '#platform/execute'
import { importErrors } from '#platform/imports/errors'
import { askForTurn } from '#platform/imports/job'
import type { ImportKind } from '#platform/imports/kind'
import { importOf } from '#platform/imports/queries'
import { findImport } from '#platform/imports/run'
import { type ImportOptions, stageImport } from '#platform/imports/stage'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'

const PERMISSION = 'inventory:adjust'
export const CSV = 'text/csv; charset=utf-8'

/**
 * Where files of a kind come in, and where their template is. No operation, because a file is read
 * as it arrives: no body limit but the one of imports, and no more of it in memory than a thousand
 * rows.
 */
export const importDoor =
  (kind: ImportKind) =>
  async (http: FastifyInstance, app: App): Promise<void> => {
    http.register(async (door) => {
      door.removeAllContentTypeParsers()
      door.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
      door.addContentTypeParser('*', (_request, _payload, done) => done(importErrors.wrong_type()))
      const onRequest = admit(app)
      door.post(kind.path, { onRequest }, async (request, reply) => {
        if (!(request.body instanceof Readable)) throw importErrors.wrong_type()
        const ctx = contextFor(app, request)
        const options = optionsOf(request)
        const id = await stageImport(ctx, request.body, options, { kind, whenIn: askForTurn })
        const row = await ctx.read((tx) => findImport(tx, id))
        const now = app.clock().toISOString()
        const meta = { request_id: request.id, timestamp: now }
        return reply.code(202).send({ success: true, data: importOf(row, now), meta })
      })
      door.get(`${kind.path}/template.csv`, { onRequest }, async (_request, reply) => {
        const disposition = `attachment; filename="${kind.name}.csv"`
        reply.header('content-type', CSV).header('content-disposition', disposition)
        return kind.template()
      })
    })
  }

/** Lets in who may import, and notes who they are. */
export const admit = (app: App) => async (request: FastifyRequest) => {
  request.actor = await signedIn(app, request)
}

async function signedIn(app: App, { headers }: FastifyRequest): Promise<Actor> {
  const { authorization, 'x-api-key': api_key } = headers as Record<string, string>
  const actor = await app.authenticate({ authorization, api_key })
  authorize({ permission: PERMISSION } as never, actor)
  return actor
}

export const contextFor = (app: App, request: FastifyRequest): ProcessContext => {
  const call = { actor: request.actor as Actor, request_id: request.id, log: app.log }
  return processContext(app, call, request.id)
}

function optionsOf({ query }: FastifyRequest): ImportOptions {
  const given = query as Record<string, string | undefined>
  const isSaid = (name: string) => {
    const text = given[name] ?? 'false'
    if (text === 'true' || text === 'false') return text === 'true'
    throw invalidField(name, 'must be true or false')
  }
  const { file_name, currency } = given
  if (file_name !== undefined && !/^\P{Cc}{1,255}$/u.test(file_name)) {
    throw invalidField('file_name', 'must be one line of up to 255 characters')
  }
  return { dry_run: isSaid('dry_run'), skip_invalid: isSaid('skip_invalid'), file_name, currency }
}
