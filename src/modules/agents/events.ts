import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const agent_id = IdSchema('agent')

export const agentEvents = defineEvents('agent', {
  registered: {
    description: 'An agent is known by its API key from now on.',
    entity: 'agent_id',
    payload: Type.Object({ agent_id, name: Type.String() }),
  },
  changed: {
    description: 'Name, key or limits of an agent are others now.',
    entity: 'agent_id',
    payload: Type.Object({ agent_id, name: Type.String(), paused: Type.Boolean() }),
  },
  added_to_cart: {
    description: 'An agent put units into the cart of a customer; minor units.',
    entity: 'agent_id',
    payload: Type.Object({
      agent_id,
      cart_id: IdSchema('cart'),
      customer_id: IdSchema('customer'),
      variant_id: Nullable(IdSchema('variant')),
      quantity: Type.Integer(),
      amount: Amount,
      currency: Currency,
    }),
  },
})
