import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Operation } from '#platform/operations'

type Schema = { [word: string]: unknown }

/**
 * Compares every 2xx answer of an operation with the output that it declares; a member that is not
 * declared is wrong too. Call before the server is ready; the result tells, once, what was wrong.
 */
export function watchAnswers(
  http: FastifyInstance,
  operations: readonly Operation[],
): () => string[] {
  const byName = new Map(operations.map((operation) => [operation.name, operation]))
  const checks = new Map<string, ReturnType<typeof Compile>>()
  const wrong: string[] = []

  http.addHook('onSend', async (request, reply, payload) => {
    const operation = byName.get(request.routeOptions.config.operation ?? '')
    if (!operation || reply.statusCode >= 300 || operation.status === 204) return
    if (typeof payload !== 'string' || request.method === 'HEAD') return
    const { data } = JSON.parse(payload) as { data: unknown }
    const check =
      checks.get(operation.name) ?? Compile(closed(operation.output as Schema) as TSchema)
    checks.set(operation.name, check)
    if (check.Check(data)) return
    for (const { instancePath, message, params } of check.Errors(data)) {
      const extra = JSON.stringify(params)
      wrong.push(`${operation.name} answers ${instancePath || 'data'}: ${message} ${extra}`)
    }
  })
  return () => wrong.splice(0)
}

/** The same schema with every object closed. One that declares no member is open on purpose. */
function closed(schema: Schema): Schema {
  const copy: Schema = {}
  for (const [word, value] of Object.entries(schema)) copy[word] = closedWord(word, value)
  const { properties, additionalProperties } = copy
  const declares = properties !== undefined && Object.keys(properties as object).length > 0
  if (declares && additionalProperties === undefined) copy.additionalProperties = false
  return copy
}

function closedWord(word: string, value: unknown): unknown {
  if (word === 'properties' || word === 'patternProperties') {
    const members = Object.entries(value as Record<string, Schema>)
    return Object.fromEntries(members.map(([name, schema]) => [name, closed(schema)]))
  }
  if (word === 'items' && typeof value === 'object') return closed(value as Schema)
  if (word === 'anyOf' || word === 'oneOf') return (value as Schema[]).map(closed)
  return value
}
