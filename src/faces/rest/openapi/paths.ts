import type { TSchema } from 'typebox'
import { IsOptional } from 'typebox'
import type { Operation, RestRoute } from '#platform/operations'
import { csvListOf } from '../csv/csv-lists.ts'
import { partsOf } from '../serve.ts'
import type { Components, Json } from './components.ts'
import { answerName, pascal, requestName } from './names.ts'
import { errorResponse, isVersioned, refusalsOf, successResponse } from './responses.ts'

type Shared = { components: Components; responses: Record<string, Json>; tag: string }
type Paths = Record<string, Record<string, Json>>

/** Adds an operation under its path and its aliases. */
export function addOperation(paths: Paths, operation: Operation, shared: Shared): void {
  const routes = [operation.rest, ...(operation.aliases ?? [])]
  for (const [nth, route] of routes.entries()) {
    const [method, url] = partsOf(route)
    const { path, names } = templateOf(paths, url)
    const told = describe(operation, { route, names, nth, shared })
    paths[path] = { ...paths[path], [method.toLowerCase()]: told }
  }
}

/**
 * `/orders/:id` as `/orders/{id}`. Templates that differ in their names only are one path to
 * OpenAPI, so the first one's names are used for all; `names` says which is which.
 */
function templateOf(paths: Paths, url: string): { path: string; names: Map<string, string> } {
  const path = url.replace(/:(\w+)/g, '{$1}')
  const shape = path.replace(/\{\w+\}/g, '{}')
  const same = Object.keys(paths).find((known) => known.replace(/\{\w+\}/g, '{}') === shape) ?? path
  const own = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const shown = [...same.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  return { path: same, names: new Map(own.map((name, nth) => [name, shown[nth] ?? name])) }
}

type Place = { route: RestRoute; names: Map<string, string>; nth: number; shared: Shared }

function describe(operation: Operation, { route, names, nth, shared }: Place): Json {
  const [method] = partsOf(route)
  const id = operation.name.replaceAll('.', '_')
  const fromBody = bodyMembers(operation, method, names)
  const body = fromBody.length > 0 && { requestBody: requestBody(operation, fromBody, shared) }
  const alias = nth > 0 && `The same as \`${operation.rest.replace(/:(\w+)/g, '{$1}')}\`.`
  return {
    operationId: nth === 0 ? id : `${id}_${nth + 1}`,
    tags: [shared.tag],
    summary: operation.summary,
    description: [operation.description, needs(operation), alias].filter(Boolean).join('\n\n'),
    ...(operation.permission === 'public' && { security: [] }),
    parameters: parametersOf(operation, { method, names, fromBody, components: shared.components }),
    ...body,
    responses: responsesOf(operation, shared),
    'x-permission': operation.permission,
  }
}

function needs({ permission }: Operation): string {
  if (permission === 'public') return 'Open to anyone.'
  if (permission === 'signed_in') return 'Needs any valid credential.'
  return `Needs the permission \`${permission}\`.`
}

function bodyMembers(operation: Operation, method: string, names: Map<string, string>): string[] {
  if (method === 'GET' || method === 'DELETE') return []
  const fromQuery = new Set(operation.query ?? [])
  return Object.keys(operation.input.properties).filter(
    (name) => !names.has(name) && !fromQuery.has(name),
  )
}

const isRequired = (schema: TSchema): boolean => !IsOptional(schema)

function requestBody(
  operation: Operation,
  members: readonly string[],
  { components }: Shared,
): Json {
  const { properties } = operation.input
  const own = Object.fromEntries(members.map((name) => [name, properties[name] as TSchema]))
  const required = members.filter((name) => isRequired(own[name] as TSchema))
  const object = { type: 'object', ...(required.length > 0 && { required }), properties: own }
  const example =
    operation.example &&
    Object.fromEntries(Object.entries(operation.example).filter(([name]) => name in own))
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: components.share(object as unknown as TSchema, requestName(operation.name)),
        ...(example && { example }),
      },
    },
  }
}

type Asked = {
  method: string
  names: Map<string, string>
  fromBody: readonly string[]
  components: Components
}

function parametersOf(operation: Operation, asked: Asked): Json[] {
  const { method, names, fromBody, components } = asked
  const { properties } = operation.input
  const parameters: Json[] = []
  for (const [name, schema] of Object.entries(properties)) {
    if (fromBody.includes(name)) continue
    const shown = components.inline(schema, pascal(name))
    const { description, ...rest } = shown
    const inPath = names.has(name)
    const example = operation.example?.[name]
    parameters.push({
      name: names.get(name) ?? name,
      in: inPath ? 'path' : 'query',
      ...(typeof description === 'string' && { description }),
      required: inPath || isRequired(schema),
      ...(rest.type === 'array' && { style: 'form', explode: false }),
      schema: rest,
      ...(example !== undefined && { example }),
    })
  }
  if (csvListOf(operation) && !('format' in properties)) parameters.push(FORMAT)
  if (operation.kind !== 'query') parameters.push(parameterRef('IdempotencyKey'))
  if (isVersioned(operation)) {
    if (operation.kind !== 'query') parameters.push(parameterRef('IfMatch'))
    else if (method === 'GET') parameters.push(parameterRef('IfNoneMatch'))
  }
  return parameters
}

const FORMAT: Json = {
  name: 'format',
  in: 'query',
  description:
    'How it is told. `csv` (or `Accept: text/csv`): all pages from `cursor` on as one table, members of members as `a.b`.',
  required: false,
  schema: { type: 'string', enum: ['json', 'csv'], default: 'json' },
}

const parameterRef = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })

/** Statuses with the same codes everywhere are written once. */
function responsesOf(operation: Operation, { components, responses }: Shared): Json {
  const data =
    operation.status === 204
      ? undefined
      : components.share(
          operation.output,
          dataName(operation),
          `${requestName(operation.name)}Result`,
        )
  const found: Json = { [operation.status]: successResponse(operation, data) }
  for (const [status, specs] of refusalsOf(operation)) {
    const codes = specs.map(({ code }) => code)
    const name = pascal(codes.map((code) => code.toLowerCase()).join('_or_'))
    if (codes.length > 3) {
      found[status] = errorResponse(status, specs)
      continue
    }
    responses[name] ??= errorResponse(status, specs)
    found[status] = { $ref: `#/components/responses/${name}` }
  }
  return found
}

function dataName(operation: Operation): string {
  const name = answerName(operation.name)
  const { properties } = operation.output as { properties?: object }
  return properties && 'next_cursor' in properties ? `${name}Page` : name
}
