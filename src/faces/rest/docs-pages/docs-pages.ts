import { crc32 } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '#platform/app'
import { build } from '#platform/build'
import { encodingFor } from '../compression.ts'
import { JSON_TYPE } from '../headers.ts'
import { openApiDocument } from '../openapi/document.ts'
import { isKnown } from '../versions.ts'
import { Asset, assets, frontPage } from './assets.ts'

/** These pages run scripts from here and may ask this server; nothing comes from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'"

/** Under the operations API's name and under that of the users-products-orders API. */
export const DOCUMENT_PATHS = ['/api-docs/openapi.json', '/api/v1/openapi.json']

/** Serves the OpenAPI document and the pages that show it; all is made at its first request. */
export function serveDocs(http: FastifyInstance, app: App): void {
  const document = new Asset(JSON_TYPE, async () => JSON.stringify(documentOf(app)))
  for (const path of DOCUMENT_PATHS) {
    http.get(path, (request, reply) => sendAsset(request, reply, document))
  }
  for (const [path, asset] of Object.entries(assets)) {
    http.get(path, (request, reply) => {
      reply.header('content-security-policy', PAGE_POLICY)
      return sendAsset(request, reply, asset)
    })
  }
  http.get('/redoc', (_, reply) => reply.redirect('/docs', 302))
}

/** The bare address: two words for programs, and a way on for whoever opened it in a browser. */
export function serveFront(http: FastifyInstance, { hasDocs }: { hasDocs: boolean }): void {
  http.get('/', (request, reply) => {
    const isBrowser = /\btext\/html\b/.test(String(request.headers.accept))
    if (!hasDocs || !isBrowser) {
      return reply.header('vary', 'accept').type('text/plain; charset=utf-8').send('tradepost up')
    }
    reply.header('content-security-policy', PAGE_POLICY)
    return sendAsset(request, reply, frontPage)
  })
}

const documentOf = (app: App) =>
  openApiDocument({
    modules: app.modules,
    version: build().version,
    server: app.settings.public_url,
  })

async function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset) {
  const packed = await asset.packed()
  const etag = `"${crc32(packed).toString(16)}"`
  reply
    .removeHeader('pragma')
    .header('cache-control', 'public, max-age=300')
    .header('vary', 'accept, accept-encoding')
    .header('etag', etag)
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
  reply.header('content-type', asset.type)
  const accepted = encodingFor(request.headers['accept-encoding'] as string | undefined)
  if (accepted === undefined) return reply.send(await asset.plain())
  // A browser that takes brotli takes gzip too; what takes brotli alone gets it unpacked.
  if (!/gzip|\*/.test(String(request.headers['accept-encoding'])))
    return reply.send(await asset.plain())
  return reply.header('content-encoding', 'gzip').header('etag', `W/${etag}`).send(packed)
}
