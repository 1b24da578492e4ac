import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

const require = createRequire(import.meta.url)
const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** A file of a documents page: read at its first request and kept packed from then on. */
export class Asset {
  readonly type: string
  readonly #load: () => Promise<string | Buffer>
  #packed: Promise<Buffer> | undefined

  constructor(type: string, load: () => Promise<string | Buffer>) {
    this.type = type
    this.#load = load
  }

  packed(): Promise<Buffer> {
    this.#packed ??= this.#load().then((content) => pack(content))
    return this.#packed
  }

  async plain(): Promise<Buffer> {
    return unpack(await this.packed())
  }
}

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'
const PAGE = 'text/html; charset=utf-8'

const swaggerFile = (name: string) => () => readFile(require.resolve(`swagger-ui-dist/${name}`))
const given = (text: string) => async () => text

const SCALAR = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  // On localhost it would offer to share and deploy this document by its maker's service.
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
}

/** Where a person who opened the bare address goes on. */
const FRONT = [
  ['/docs', 'API reference', 'every operation of every interface, with its errors'],
  ['/swagger-ui', 'Swagger UI', 'the same, to try out'],
  ['/api-docs/openapi.json', 'OpenAPI document', 'the same, for programs'],
  ['/health/detailed', 'Health', 'how each part of this server is'],
  ['/.well-known/acp.json', 'For agents', 'what agents may do here'],
]

/** The documents of the faces that have one, the house's own first: `/docs` shows them all. */
export const FACE_DOCUMENTS = [
  { title: 'Tradepost', slug: 'tradepost', url: '/api-docs/openapi.json', default: true },
  { title: 'E-commerce interface', slug: 'ecommerce', url: '/openapi.json' },
  { title: 'Shop interface', slug: 'shop', url: '/api/openapi.json' },
]

const scalar = (which: object) =>
  given(`Scalar.createApiReference('#app', ${JSON.stringify({ ...which, ...SCALAR })})\n`)

/** What is served beside the OpenAPI document, by path. Nothing of it comes from another host. */
export const assets: Record<string, Asset> = {
  '/swagger-ui': new Asset(
    PAGE,
    given(
      page(
        'Swagger UI',
        ['/swagger-ui/bundle.js', '/swagger-ui/start.js'],
        '/swagger-ui/style.css',
      ),
    ),
  ),
  '/swagger-ui/bundle.js': new Asset(SCRIPT, swaggerFile('swagger-ui-bundle.js')),
  '/swagger-ui/style.css': new Asset(STYLE, swaggerFile('swagger-ui.css')),
  '/swagger-ui/start.js': new Asset(
    SCRIPT,
    given(
      `SwaggerUIBundle({ url: '/api-docs/openapi.json', dom_id: '#app', deepLinking: true, docExpansion: 'none', filter: true, persistAuthorization: true, validatorUrl: null })\n`,
    ),
  ),
  '/docs': new Asset(
    PAGE,
    given(page('API reference', ['/scalar/bundle.js', '/docs/start.js'], '/scalar/style.css')),
  ),
  '/docs/start.js': new Asset(SCRIPT, scalar({ sources: FACE_DOCUMENTS })),
  '/scalar': new Asset(
    PAGE,
    given(page('API reference', ['/scalar/bundle.js', '/scalar/start.js'], '/scalar/style.css')),
  ),
  '/scalar/bundle.js': new Asset(SCRIPT, scalarBundle),
  '/scalar/style.css': new Asset(STYLE, given('body { margin: 0 }\n')),
  '/scalar/start.js': new Asset(SCRIPT, scalar({ url: '/api-docs/openapi.json' })),
}

/** Shown at the bare address to browsers; everybody else is told in two words that it is up. */
export const frontPage = new Asset(
  PAGE,
  given(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 3rem 1rem }
h1 { font-size: 1.6rem; margin: 0 0 .25rem } p { margin: 0 0 1.5rem; opacity: .75 }
dl { margin: 0 } dt { font-weight: 600 } dd { margin: 0 0 1rem; opacity: .75 }
</style>
<h1>Tradepost is up</h1>
<p>The backend for commerce and operations. There is no shop to see here; shops speak to it.</p>
<dl>
${FRONT.map(([path, name, about]) => `<dt><a href="${path}">${name}</a></dt><dd>${about}</dd>`).join('\n')}
</dl>
</html>
`),
)

function page(title: string, scripts: readonly string[], style: string): string {
  const tags = scripts.map((script) => `<script src="${script}"></script>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost: ${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<div id="app"></div>
${tags.join('\n')}
</html>
`
}

/** The package offers its bundle only as a route, so a server without a socket is asked for it. */
async function scalarBundle(): Promise<Buffer> {
  const [{ default: Fastify }, { default: reference }] = await Promise.all([
    import('fastify'),
    import('@scalar/fastify-api-reference'),
  ])
  const inner = Fastify()
  await inner.register(reference, { routePrefix: '/scalar', configuration: { content: {} } })
  const { rawPayload, statusCode } = await inner.inject('/scalar/js/scalar.js')
  await inner.close()
  if (statusCode !== 200) throw new Error(`the Scalar bundle answered ${statusCode}`)
  return rawPayload
}
