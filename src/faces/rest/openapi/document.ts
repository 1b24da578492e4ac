import type { Module } from '#platform/module'
import { Components, type Json } from './components.ts'
import { answerName, pascal, readsFirst, requestName } from './names.ts'
import { addOperation } from './paths.ts'
import { plainPaths } from './plain-paths.ts'
import { envelopeSchemas, headers } from './responses.ts'

const DESCRIPTION = `Commerce and operations over HTTP and JSON.

**Answers** are \`{"success":true,"data":…,"meta":{…}}\`, refusals
\`{"success":false,"error":{"code","message","status","details"},"meta":{…}}\`. Deciding by \`code\` is safe.

**Who asks**: \`Authorization: Bearer …\` from \`POST /auth/login\`, or \`X-API-Key\`.

**Lists** take \`page\` and \`limit\`, or \`cursor\` from \`next_cursor\`, which stays fast at any depth.

**Changes** take an \`Idempotency-Key\`: sent again with the same key, the kept answer comes back and
nothing happens twice. \`If-Match\` with an \`ETag\` refuses (412) what somebody else has changed meanwhile.

**Money** is a decimal string beside its currency. **Times** are RFC 3339 in UTC. Members that an
operation does not know are ignored. A trailing slash makes no difference.

**Limits** are told in the \`RateLimit-*\` headers; beyond them the answer is 429 with \`Retry-After\`.`

const parameters: Record<string, Json> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Makes it safe to ask again: 1 to 255 visible ASCII characters, kept for a day.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
    example: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag that this change is meant for; 412 if the resource has another version.',
    schema: { type: 'string' },
    example: '"v3"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag already known; 304 if it still holds.',
    schema: { type: 'string' },
  },
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  api_key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
}

export type DocumentParts = {
  modules: readonly Module[]
  version: string
  server?: string | undefined
}

/** The OpenAPI 3.1 document of everything that the modules can do. */
export function openApiDocument({ modules, version, server = '/' }: DocumentParts): Json {
  const components = new Components()
  components.addLifecycles(modules.flatMap((module) => module.lifecycles ?? []))
  const operations = modules.flatMap((module) => module.operations)
  for (const { name, output, status } of operations.toSorted(byReads)) {
    const object = (output as Json).properties as Record<string, Json> | undefined
    const items = object?.next_cursor ? (object.items?.items as never) : undefined
    if (status !== 204 && object) {
      components.share(items ?? output, answerName(name), `${requestName(name)}Result`)
    }
  }
  const paths: Record<string, Record<string, Json>> = {}
  const responses: Record<string, Json> = {}
  for (const module of modules) {
    const shared = { components, responses, tag: pascal(module.name) }
    for (const operation of module.operations) addOperation(paths, operation, shared)
  }
  const plain = plainPaths()
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tradepost API',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    security: [{ bearer: [] }, { api_key: [] }],
    tags: tagsOf(modules),
    paths: sorted({ ...paths, ...plain }),
    components: {
      securitySchemes,
      parameters,
      headers,
      responses: sorted(responses),
      schemas: sorted({ ...components.schemas, ...envelopeSchemas }),
    },
  }
}

const byReads = (a: { name: string }, b: { name: string }) =>
  readsFirst(a.name) - readsFirst(b.name)

const tagsOf = (modules: readonly Module[]): Json[] => [
  ...modules
    .filter(({ operations }) => operations.length > 0)
    .map(({ name }) => ({ name: pascal(name) })),
  { name: 'Server', description: 'Whether it lives, what it counts, and its documents.' },
]

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
