import type { FastifyInstance } from 'fastify'
import type { App } from '#platform/app'
import { acp } from '../acp/acp.ts'
import { delegatePayment } from '../acp/delegate-payment.ts'
import { acpDiscovery } from '../acp/discovery.ts'
import { productFeed } from '../acp/feed.ts'
import { agenticDialect } from '../agentic-dialect/dialect.ts'
import { ecommerce } from '../ecommerce/ecommerce.ts'
import { mcp } from '../mcp/mcp.ts'
import { shop } from '../shop/shop.ts'
import { ucp } from '../ucp/ucp.ts'

/**
 * Another way of speaking HTTP with the same house: its paths, its shapes, its errors. It calls
 * operations through `execute` and holds no rule of the domain. What it adds to the server (hooks,
 * error handlers) it adds inside `http.register`, so that it holds for its own paths alone.
 */
export type Face = (http: FastifyInstance, app: App) => Promise<void>

/** Every face beside the canonical one, in the order in which their routes are added. */
export const faces: readonly Face[] = [
  acp,
  acpDiscovery,
  delegatePayment,
  productFeed,
  agenticDialect,
  ecommerce,
  mcp,
  shop,
  ucp,
]
