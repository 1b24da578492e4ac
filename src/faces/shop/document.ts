import { type TSchema, Type } from 'typebox'
import type { App } from '#platform/app'
import { build } from '#platform/build'
import type { Operation } from '#platform/operations'
import { type Category, limitOf } from './limits.ts'
import { type Route, routesOf } from './routes.ts'
import { ShopError, shopWordOf } from './words.ts'

type Json = Record<string, unknown>

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const TAGS: Record<Category, string> = {
  cart: 'Cart',
  checkout: 'Checkout',
  sync: 'WooCommerce',
  login: 'Login',
}

/** The OpenAPI document of this face, made from its routes and the operations behind them. */
export function openApi(app: App): Json {
  const paths: Record<string, Json> = {}
  for (const route of routesOf(app)) {
    const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: described(app, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tradepost, shop interface',
      version: build().version,
      description:
        'Money in carts is a number with cents; where the payment provider is spoken of it is whole minor units. Every path is served below `/api/v1` too, but where the house itself answers there.',
    },
    components: {
      schemas: { Error: ShopError },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
    paths: { ...paths, '/api/webhooks/stripe': { post: WEBHOOK } },
  }
}

const refused = (description: string) => ({
  description,
  ...json({ $ref: '#/components/schemas/Error' }),
})

const WEBHOOK = {
  operationId: 'shop.receive_stripe_event',
  summary: 'Where Stripe tells what happened',
  tags: ['Webhooks'],
  security: [],
  parameters: [
    { name: 'Stripe-Signature', in: 'header', required: true, schema: { type: 'string' } },
  ],
  requestBody: { required: true, ...json({ type: 'object' }) },
  responses: {
    200: { description: 'It is kept.', ...json(Type.Object({ received: Type.Literal(true) })) },
    400: refused('webhook_verification_failed'),
  },
}

function described(app: App, { method, path, operation, category, answer }: Route): Json {
  const { properties = {}, required = [] } = operation.input as {
    properties?: Record<string, TSchema>
    required?: string[]
  }
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const others = Object.entries(properties).filter(([name]) => !inPath.includes(name))
  const inQuery = method === 'GET' || method === 'DELETE' ? others : []
  const inBody = inQuery.length > 0 || method === 'GET' || method === 'DELETE' ? [] : others
  const parameter = (name: string, where: 'path' | 'query') => ({
    name,
    in: where,
    required: where === 'path',
    schema: properties[name],
  })
  return {
    operationId: operation.name,
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    tags: [TAGS[category]],
    security: operation.permission === 'public' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...inQuery.map(([name]) => parameter(name, 'query')),
    ],
    ...(inBody.length > 0 && {
      requestBody: {
        required: true,
        ...json({
          type: 'object',
          properties: Object.fromEntries(inBody),
          required: required.filter((name) => inBody.some(([member]) => member === name)),
        }),
      },
    }),
    responses: {
      200: { description: 'Done.', ...json(answer ?? operation.output) },
      ...refusalsOf(operation),
      429: refused(`rate_limit_exceeded: more than ${limitOf(app.settings, category)} in a minute`),
    },
  }
}

/** The refusals of an operation in this face's words, by status. */
function refusalsOf({ errors = [], permission }: Operation): Json {
  const words = errors.map(({ spec }) => shopWordOf(spec))
  words.push({ error: 'invalid_request', status: 400 })
  if (permission !== 'public') words.push({ error: 'authentication_required', status: 401 })
  const byStatus = Map.groupBy(words, ({ status }) => status)
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, found]) => [
        status,
        refused([...new Set(found.map(({ error }) => error))].join(' · ')),
      ]),
  )
}
