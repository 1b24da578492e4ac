import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { defineEvents } from '#platform/events'

const session_id = IdSchema('agent_session')

export const agenticEvents = defineEvents('agent_session', {
  created: {
    description: 'An agent began a purchase. Amounts are minor units.',
    entity: 'session_id',
    payload: Type.Object({
      session_id,
      agent: Type.String(),
      protocol: Type.String(),
      currency: Currency,
      total_amount: Amount,
    }),
  },
  completed: {
    description: 'Its order is placed, and paid or authorised.',
    entity: 'session_id',
    payload: Type.Object({ session_id, agent: Type.String(), order_id: IdSchema('order') }),
  },
  declined: {
    description: 'Its payment failed; it can be paid with another token.',
    entity: 'session_id',
    payload: Type.Object({ session_id, order_id: IdSchema('order'), reason: Type.String() }),
  },
  canceled: {
    description: 'It was given up; what it held was given back.',
    entity: 'session_id',
    payload: Type.Object({ session_id }),
  },
  expired: {
    description: 'Nobody completed it in time; what it held was given back.',
    entity: 'session_id',
    payload: Type.Object({ session_id }),
  },
})
