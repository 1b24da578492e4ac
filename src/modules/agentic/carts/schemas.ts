import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { SessionLine, SessionMessage, Totals } from '../parts.ts'
import { AgentBuyer, Item } from '../schemas.ts'

/**
 * What a buyer thinks of having, told to an agent: estimates, nothing held, nothing promised.
 * Amounts are minor units.
 */
export const AgentCart = Type.Object({
  id: IdSchema('agent_cart'),
  currency: Currency,
  buyer: Nullable(AgentBuyer),
  lines: Type.Array(SessionLine),
  totals: Totals,
  messages: Type.Array(SessionMessage),
  locale: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  expires_at: Instant,
})
export type AgentCart = Static<typeof AgentCart>

const said = {
  items: Type.Array(Item, { minItems: 1, maxItems: 500 }),
  buyer: Type.Optional(Nullable(AgentBuyer)),
  locale: Type.Optional(Nullable(Text(35))),
}

export const CreateAgentCart = Type.Object(said)
export type CreateAgentCart = Static<typeof CreateAgentCart>

export const GetAgentCart = Type.Object({ id: IdSchema('agent_cart') })
export type GetAgentCart = Static<typeof GetAgentCart>

export const UpdateAgentCart = Type.Object({ ...GetAgentCart.properties, ...said })
export type UpdateAgentCart = Static<typeof UpdateAgentCart>
