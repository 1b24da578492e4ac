import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openApiDocument } from '../openapi/document.ts'
import { plainPaths } from '../openapi/plain-paths.ts'
import { openScene, thingOperations } from './scene.ts'

const module = {
  name: 'things',
  tables: {},
  migrations: {},
  operations: thingOperations().operations,
}
const documentOf = () =>
  openApiDocument({ modules: [module], version: '1.2.3' }) as never as Document
type Told = {
  operationId: string
  security?: object[]
  parameters: { $ref?: string; name?: string; in?: string; required?: boolean }[]
  requestBody?: { required: boolean; content: { 'application/json': { schema: { $ref: string } } } }
  responses: Record<string, { $ref?: string; description?: string; content?: object }>
  'x-permission': string
}
type Document = {
  openapi: string
  info: { version: string }
  paths: Record<string, Record<string, Told>>
  components: { schemas: Record<string, { properties?: object; required?: string[] }> }
}

describe('the OpenAPI document', () => {
  const { paths, components, openapi, info } = documentOf()
  const update = paths['/api/v1/things/{id}']?.put as Told
  const read = paths['/api/v1/things/{id}']?.get as Told

  it('says which parameters come by path, query and header', () => {
    assert.deepEqual([openapi, info.version], ['3.1.0', '1.2.3'])
    const named = read.parameters.map(
      ({ $ref, name, in: place, required }) => $ref ?? [name, place, required],
    )
    assert.deepEqual(named, [
      ['id', 'path', true],
      ['limit', 'query', false],
      ['tags', 'query', false],
      '#/components/parameters/IfNoneMatch',
    ])
    const refs = update.parameters.flatMap(({ $ref }) => $ref ?? [])
    assert.deepEqual(refs, [
      '#/components/parameters/IdempotencyKey',
      '#/components/parameters/IfMatch',
    ])
  })

  it('has the body without what comes by path, and the answer as one shared schema', () => {
    const { $ref } = update.requestBody?.content['application/json'].schema ?? { $ref: '' }
    assert.deepEqual(components.schemas[$ref.split('/').at(-1) ?? '']?.required, ['note'])
    const shown = [read, update].map(({ responses }) => JSON.stringify(responses['200']?.content))
    assert.equal(shown[0], shown[1])
    assert.match(String(shown[0]), /#\/components\/schemas\/Thing"/)
  })

  it('says who may call, and lists every code of every refusal', () => {
    assert.deepEqual([read.security, update.security], [[], undefined])
    assert.equal(update['x-permission'], 'things:update')
    assert.deepEqual(Object.keys(update.responses), [
      '200',
      '400',
      '401',
      '403',
      '409',
      '412',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ])
    assert.deepEqual(Object.keys(paths['/api/v1/things/{id}']?.delete?.responses ?? {})[0], '204')
    assert.equal(read.responses['403'], undefined)
  })

  it('has an alias as a path of its own', () => {
    const alias = paths['/things/{id}']?.get as Told
    assert.equal(alias.operationId, 'things_get_2')
  })
})

describe('the server', () => {
  it('gives the document under both published names, with a tag', async () => {
    await using scene = await openScene()
    const first = await scene.http.inject('/api-docs/openapi.json')
    const second = await scene.http.inject('/api/v1/openapi.json')
    assert.equal(first.json().openapi, '3.1.0')
    assert.equal(first.body, second.body)
    const headers = { 'if-none-match': String(first.headers.etag) }
    const again = await scene.http.inject({ url: '/api-docs/openapi.json', headers })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
    const packed = await scene.http.inject({
      url: '/api-docs/openapi.json',
      headers: { 'accept-encoding': 'gzip, br' },
    })
    assert.equal(packed.headers['content-encoding'], 'gzip')
  })

  it('documents exactly the routes that are no operations', async () => {
    await using scene = await openScene()
    await scene.http.ready()
    // Those of modules come with their modules, which this scene has none of.
    const documented = Object.entries(plainPaths())
      .filter(([, methods]) => Object.values(methods).some(({ tags }: any) => tags[0] === 'Server'))
      .map(([path]) => path)
    for (const path of documented) {
      assert.ok(scene.http.hasRoute({ method: 'GET', url: path }), path)
    }
    const operations = new Set(
      thingOperations().operations.flatMap(({ rest, aliases = [] }) =>
        [rest, ...aliases].map((route) => route.split(' ')[1]),
      ),
    )
    const pages = /^\/(api-docs|api\/v1\/openapi|swagger-ui|scalar|docs|redoc)/
    const others = pathsIn(scene.http.printRoutes({ commonPrefix: false })).filter(
      (path) => !operations.has(path) && !pages.test(path),
    )
    assert.deepEqual(others.toSorted(), documented.toSorted())
  })

  it('has pages that show it, wholly from here and with a policy that says so', async () => {
    await using scene = await openScene()
    for (const url of ['/swagger-ui', '/swagger-ui/', '/docs', '/scalar']) {
      const page = await scene.http.inject(url)
      assert.equal(page.statusCode, 200, url)
      assert.match(String(page.headers['content-type']), /^text\/html/)
      assert.match(String(page.headers['content-security-policy']), /script-src 'self';/)
      assert.doesNotMatch(
        String(page.headers['content-security-policy']),
        /unsafe-eval|script-src[^;]*unsafe/,
      )
      const linked = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => String(to))
      assert.ok(linked.length >= 3)
      for (const to of linked.filter((link) => link !== 'data:,')) {
        const part = await scene.http.inject(to)
        assert.equal(part.statusCode, 200, to)
        assert.match(
          String(part.headers['content-type']),
          to.endsWith('.css') ? /css/ : /javascript/,
        )
        assert.ok(part.body.length > 10, to)
      }
    }
    assert.match((await scene.http.inject('/swagger-ui/bundle.js')).body, /SwaggerUIBundle/)
    assert.match((await scene.http.inject('/scalar/bundle.js')).body, /createApiReference/)
    const redoc = await scene.http.inject('/redoc')
    assert.deepEqual([redoc.statusCode, redoc.headers.location], [302, '/docs'])
  })
})

/** The paths in the tree that Fastify prints. */
function pathsIn(tree: string): string[] {
  const open: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part] = /^(.*?)[├└]── (\S+)(?: \(|$)/.exec(line) ?? []
    if (part === undefined) return []
    open.length = indent.length / 4
    open.push(part)
    return line.includes('(') ? [open.join('').replace(/^\/{2,}/, '/')] : []
  })
}
