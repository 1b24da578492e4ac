import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { csvLine } from '#kit/csv'
import { isUuid } from '#kit/ids'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { authorize, processContext } from '#platform/execute'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { COLUMNS } from './columns.ts'
import { importErrors } from './errors.ts'
import { askForTurn } from './job.ts'
import { errorsAfter, importOf } from './queries.ts'
import { findImport } from './run.ts'
import { type ImportOptions, stageImport } from './stage.ts'

export const IMPORT_PATH = '/api/v1/products/import'
const PERMISSION = 'inventory:adjust'
const CSV = 'text/csv; charset=utf-8'

/**
 * Where files of products come in and go out. No operation, because a file is read as it arrives:
 * no body limit but the one of imports, and no more of it in memory than a thousand rows.
 */
export async function importDoor(http: FastifyInstance, app: App): Promise<void> {
  http.register(async (door) => {
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
    door.addContentTypeParser('*', (_request, _payload, done) => done(importErrors.wrong_type()))
    const onRequest = async (request: FastifyRequest) => {
      request.actor = await signedIn(app, request)
    }
    door.post(IMPORT_PATH, { onRequest }, async (request, reply) => {
      if (!(request.body instanceof Readable)) throw importErrors.wrong_type()
      const ctx = contextFor(app, request)
      const id = await stageImport(ctx, request.body, optionsOf(request), { whenIn: askForTurn })
      const row = await ctx.read((tx) => findImport(tx, id))
      const now = app.clock().toISOString()
      const meta = { request_id: request.id, timestamp: now }
      return reply.code(202).send({ success: true, data: importOf(row, now), meta })
    })
    door.get(`${IMPORT_PATH}/template.csv`, { onRequest }, async (_request, reply) => {
      const names = COLUMNS.map(({ name }) => name)
      const example = COLUMNS.map((column) => column.example)
      const head = [...names, 'option:colour']
      const disposition = 'attachment; filename="products.csv"'
      reply.header('content-type', CSV).header('content-disposition', disposition)
      return csvLine(head) + csvLine([...example, 'blue'])
    })
    door.get('/api/v1/imports/:id/errors.csv', { onRequest }, async (request, reply) => {
      const { id } = request.params as { id: string }
      const ctx = contextFor(app, request)
      if (!isUuid(id)) throw importErrors.not_found({ import_id: id })
      await ctx.read((tx) => findImport(tx, id))
      const disposition = `attachment; filename="errors-${id}.csv"`
      reply.header('content-type', CSV).header('content-disposition', disposition)
      return reply.send(Readable.from(errorLines(ctx, id)))
    })
  })
}

async function signedIn(app: App, { headers }: FastifyRequest): Promise<Actor> {
  const { authorization, 'x-api-key': api_key } = headers as Record<string, string>
  const actor = await app.authenticate({ authorization, api_key })
  authorize({ permission: PERMISSION } as never, actor)
  return actor
}

const contextFor = (app: App, request: FastifyRequest): ProcessContext => {
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

async function* errorLines(ctx: ProcessContext, id: string): AsyncGenerator<string> {
  yield csvLine(['line', 'column', 'code', 'message', 'value'])
  for (let after = 0; ; ) {
    const rows = await ctx.read((tx) => errorsAfter(tx, { id, after }))
    if (rows.length === 0) return
    after = rows.at(-1)?.number ?? after
    yield rows
      .map(({ line, column_name, code, message, value }) =>
        csvLine([line, column_name, code, message, value]),
      )
      .join('')
  }
}
