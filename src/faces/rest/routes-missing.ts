import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { httpErrors } from './errors.ts'

type Known = { methods: readonly string[]; url: string; pattern?: RegExp }

/**
 * Remembers every route, and answers what none of them does: 405 with `Allow` where the path is
 * known by another method, 204 to OPTIONS, 404 for the rest. Call before routes are added.
 */
export function answerUnknownRoutes(
  http: FastifyInstance,
  limit: (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined,
): void {
  const known: Known[] = []
  http.addHook('onRoute', ({ method, url }) => {
    const methods = Array.isArray(method) ? method : [method]
    known.push({ methods, url })
  })

  http.setNotFoundHandler(async (request, reply) => {
    await limit(request, reply)
    const { method } = request
    const path = (request.url.split('?')[0] ?? '').replace(/(?<=.)\/$/, '')
    const allowed = new Set(known.flatMap((route) => (fits(route, path) ? route.methods : [])))
    if (allowed.size === 0) throw httpErrors.not_found({ path: path.slice(0, 200) })
    const allow = [...allowed, 'OPTIONS'].toSorted().join(', ')
    reply.header('allow', allow)
    if (method === 'OPTIONS') return reply.code(204).send()
    throw httpErrors.wrong_method({ path: path.slice(0, 200), method, allow })
  })
}

/** Most servers never need the expressions; making all of them at the start would be felt. */
function fits(route: Known, path: string): boolean {
  route.pattern ??= patternOf(route.url)
  return route.pattern.test(path)
}

/** `/orders/:id` as an expression. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/(?<=.)\/$/, '')
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[^\w-]/g, '\\$&'),
      )
      .join('/')}$`,
  )
