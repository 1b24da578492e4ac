import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { operationNamed } from '#faces/agentic-dialect/asking'
import { isUuid } from '#kit/ids'
import { type AgentCart, agenticErrors } from '#modules/agentic'
import type { App } from '#platform/app'
import { limitedByAgent } from './admission.ts'
import { answering } from './answering.ts'
import { itemsOf } from './parsing.ts'
import { plainBuyer } from './people.ts'
import { Items, or, readerOf, text } from './reading.ts'
import { refusal } from './refusals.ts'
import { lineOf, messageOf } from './render-2026.ts'
import { Buyer, wholeBuyer } from './requests-2026.ts'
import { type AcpVersion, since } from './versions.ts'
import { totalsOf, whole } from './words.ts'

const readCart = readerOf(
  Type.Object({ line_items: Items, buyer: or(Buyer), locale: or(text(35)) }),
)

/** Carts, which only 2026-04-17 knows: open, read, replace, give up. */
export function serveCarts(scope: FastifyInstance, app: App, base: string): void {
  const config = { face: 'acp', ...limitedByAgent }
  const step = (name: Step, status: number) => {
    const operation = operationNamed(app, `agentic.${name}_cart`)
    return (request: FastifyRequest, reply: FastifyReply) =>
      answering<AgentCart>(
        app,
        { request, reply },
        {
          operation,
          status,
          keyed: name !== 'get',
          read: (body, version) => {
            requireCarts(version)
            if (name === 'create') return wishesOf(body)
            const id = idOf(request)
            return name === 'update' ? { id, ...wishesOf(body) } : { id }
          },
          render: renderCart,
        },
      )
  }

  scope.post(base, { config }, step('create', 201))
  scope.get(`${base}/:id`, { config, exposeHeadRoute: false }, step('get', 200))
  scope.put(`${base}/:id`, { config }, step('update', 200))
  scope.post(`${base}/:id/cancel`, { config }, step('cancel', 200))
}

type Step = 'create' | 'get' | 'update' | 'cancel'

function requireCarts(version: AcpVersion): void {
  if (since(version, '2026-04-17')) return
  const message = 'Carts are served since API-Version 2026-04-17.'
  throw refusal({ status: 404, code: 'not_found', message })
}

function wishesOf(body: unknown) {
  const { line_items, buyer, locale } = readCart(body)
  return {
    items: itemsOf(line_items, '$.line_items'),
    ...(buyer && { buyer: wholeBuyer(buyer) }),
    ...(locale && { locale }),
  }
}

function idOf({ params }: FastifyRequest): string {
  const { id } = params as { id: string }
  if (!isUuid(id)) throw agenticErrors.cart_not_found({ cart_id: id.slice(0, 100) })
  return id
}

const renderCart = (cart: AgentCart) =>
  whole({
    id: cart.id,
    line_items: cart.lines.map(lineOf),
    buyer: plainBuyer(cart.buyer),
    currency: cart.currency.toLowerCase(),
    totals: totalsOf(cart.totals, cart.currency),
    messages: cart.messages.map((message) => messageOf(message, true)),
    expires_at: cart.expires_at,
  })
