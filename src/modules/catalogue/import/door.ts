import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { csvLine } from '#kit/csv'
import { isUuid } from '#kit/ids'
import type { App } from '#platform/app'
import { admit, CSV, contextFor } from '#platform/imports/door'
import { importErrors } from '#platform/imports/errors'
import { errorsAfter } from '#platform/imports/queries'
import { findImport } from '#platform/imports/run'
import type { ProcessContext } from '#platform/processes'

/** What is wrong with the rows of an import, as a file: written while it is read. */
export async function errorsDoor(http: FastifyInstance, app: App): Promise<void> {
  http.get('/api/v1/imports/:id/errors.csv', { onRequest: admit(app) }, async (request, reply) => {
    const { id } = request.params as { id: string }
    const ctx = contextFor(app, request)
    if (!isUuid(id)) throw importErrors.not_found({ import_id: id })
    await ctx.read((tx) => findImport(tx, id))
    const disposition = `attachment; filename="errors-${id}.csv"`
    reply.header('content-type', CSV).header('content-disposition', disposition)
    return reply.send(Readable.from(errorLines(ctx, id)))
  })
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
