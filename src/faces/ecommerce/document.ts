import type { TSchema } from 'typebox'
import { ecommerceOperations } from '#modules/storefronts'
import { build } from '#platform/build'
import type { Operation } from '#platform/operations'
import { type Route, routes } from './routes.ts'

type Json = Record<string, unknown>

const DETAIL = {
  type: 'object',
  properties: { detail: { type: 'string' } },
  required: ['detail'],
}
const FAULTS = {
  type: 'object',
  properties: {
    detail: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          loc: { type: 'array' },
          msg: { type: 'string' },
          input: {},
          ctx: { type: 'object' },
        },
        required: ['type', 'loc', 'msg'],
      },
    },
  },
  required: ['detail'],
}
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })

/** The OpenAPI document of this face, made from its routes and the operations behind them. */
export function openApi(prefix: string): Json {
  const paths: Record<string, Json> = {}
  const event = { method: 'POST', path: '/webhooks/payments', operation: 'receiveEvent' } as const
  for (const route of [...routes, event]) {
    const path = `${prefix}${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: described(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tradepost, e-commerce interface',
      version: build().version,
      description: 'Money is a text with two decimals; instants end in +00:00.',
    },
    paths,
  }
}

function described(route: Route): Json {
  const operation = ecommerceOperations[route.operation] as Operation
  const { properties = {}, required = [] } = operation.input as {
    properties?: Record<string, TSchema>
    required?: string[]
  }
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const members = Object.entries(properties).filter(
    ([name]) => name !== 'session_id' && !inPath.includes(name),
  )
  const parameter = (name: string, where: 'path' | 'query') => ({
    name,
    in: where,
    required: where === 'path',
    schema: properties[name],
  })
  const body = route.method === 'POST' && members.length > 0
  const query = route.query ? members.map(([name]) => parameter(name, 'query')) : []
  return {
    operationId: operation.name,
    summary: operation.summary,
    parameters: [...inPath.map((name) => parameter(name, 'path')), ...query],
    ...(body && {
      requestBody: {
        required: true,
        ...json({
          type: 'object',
          properties: Object.fromEntries(members),
          required: required.filter((name) => members.some(([member]) => member === name)),
        }),
      },
    }),
    responses: responsesOf(route, operation),
  }
}

function responsesOf(route: Route, { output, status, errors = [] }: Operation): Json {
  const items = (output as { properties?: { items?: TSchema } }).properties?.items
  const refusals = Map.groupBy(errors, ({ spec }) => spec.status)
  return {
    [status]: { description: 'Done.', ...json(route.list ? items : output) },
    ...Object.fromEntries(
      [...refusals].map(([code, known]) => [
        code,
        { description: known.map(({ spec }) => spec.message).join(' · '), ...json(DETAIL) },
      ]),
    ),
    401: { description: 'Not authenticated', ...json(DETAIL) },
    422: { description: 'Validation Error', ...json(FAULTS) },
  }
}
