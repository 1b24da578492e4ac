import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { DESTROYS, READS, SETS, tool } from '../tool.ts'
import * as told from './shapes.ts'

const { idempotency_key, page } = told
const text = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description && { description }) })
const Order = text(64, 'Id or number, such as ORD-1000001.')
const confirm = Type.Literal(true, { description: 'Say true once a person has agreed.' })

/** What staff, and assistants for them, ask about the running shop. */
export const operatorTools = [
  tool({
    name: 'find_orders',
    title: 'Find orders',
    description: 'Orders by state, hold or text, newest first.',
    operations: ['orders.list'],
    forStaff: true,
    input: Type.Object({
      status: Type.Optional(Type.Array(text(40), { minItems: 1, maxItems: 10 })),
      hold: Type.Optional(text(40, 'The code of what holds them.')),
      search: Type.Optional(text(100, 'A number, an e-mail address, words of the notes.')),
      ...page,
    }),
    output: told.listOf(told.OrderSummary),
    annotations: READS,
    run: ({ ask }, { limit = 10, ...input }) => ask('orders.list', { ...input, limit }),
  }),
  tool({
    name: 'find_shipments',
    title: 'Find shipments',
    description: 'What was sent, by order or state: carrier, tracking, when it should arrive.',
    operations: ['shipments.list'],
    forStaff: true,
    input: Type.Object({
      order_id: Type.Optional(IdSchema('order')),
      status: Type.Optional(text(40)),
      ...page,
    }),
    output: told.listOf(told.Shipment),
    annotations: READS,
    run: ({ ask }, { limit = 10, ...input }) => ask('shipments.list', { ...input, limit }),
  }),
  tool({
    name: 'find_returns',
    title: 'Find returns',
    description: 'Returns by order, state or RMA number, newest first, with what is paid back.',
    operations: ['returns.list'],
    forStaff: true,
    input: Type.Object({
      order: Type.Optional(Order),
      status: Type.Optional(text(20)),
      search: Type.Optional(text(100, 'An RMA number.')),
      ...page,
    }),
    output: told.listOf(told.Return),
    annotations: READS,
    run: ({ ask }, { order: order_id, limit = 10, ...input }) =>
      ask('returns.list', { ...input, order_id, limit }),
  }),
  tool({
    name: 'why_is_this_order_on_hold',
    title: 'Why is this order on hold?',
    description: 'What stops an order: reasons, who said so and when, and where it goes on.',
    operations: ['orders.list_holds'],
    forStaff: true,
    input: Type.Object({ order: Order }),
    output: told.Holds,
    annotations: READS,
    run: ({ ask }, { order: id }) => ask('orders.list_holds', { id }),
  }),
  tool({
    name: 'release_order_hold',
    title: 'Release an order',
    description: 'Takes a hold away, or all of them; the order goes on.',
    operations: ['orders.release'],
    forStaff: true,
    input: Type.Object({
      order: Order,
      code: Type.Optional(text(40, 'The hold to release; all without it.')),
      note: Type.Optional(text(500)),
      confirm,
      idempotency_key,
    }),
    output: told.Order,
    annotations: SETS,
    run: ({ ask }, { order: id, code, note }) => ask('orders.release', { id, code, note }),
  }),
  tool({
    name: 'cancel_order',
    title: 'Cancel an order',
    description: 'Withdraws an order: stock and money go back.',
    operations: ['orders.cancel'],
    forStaff: true,
    input: Type.Object({ order: Order, reason: text(500), confirm, idempotency_key }),
    output: told.Order,
    annotations: DESTROYS,
    run: ({ ask }, { order: id, reason }) => ask('orders.cancel', { id, reason }),
  }),
  tool({
    name: 'get_stock',
    title: 'Read the stock of an item',
    description: 'Units on hand, promised and available, by location.',
    operations: ['inventory.get'],
    forStaff: true,
    input: Type.Object({ item: text(100, 'SKU, number or id.') }),
    output: told.Stock,
    annotations: READS,
    run: ({ ask }, { item: id }) => ask('inventory.get', { id }),
  }),
  tool({
    name: 'low_stock',
    title: 'List what runs low',
    description: 'Items at or below their reorder point, or a threshold.',
    operations: ['inventory.list_low_stock'],
    forStaff: true,
    input: Type.Object({
      threshold: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      location_id: Type.Optional(text(64, 'Id or code of a location.')),
      ...page,
    }),
    output: told.listOf(told.Stock),
    annotations: READS,
    run: ({ ask }, { limit = 10, ...input }) =>
      ask('inventory.list_low_stock', { ...input, limit }),
  }),
]
