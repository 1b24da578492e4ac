import type { FastifyRequest } from 'fastify'
import { anonymous } from '#modules/access'
import type { App } from '#platform/app'
import { type Caller, callerOf } from '../../mcp/caller.ts'

/** Asks the house for someone of whom nothing is known yet. */
export const anonymousOf = (app: App, { id: request_id }: FastifyRequest): Caller =>
  callerOf({
    app,
    actor: anonymous,
    headers: {},
    request_id,
    tool: { name: 'ucp.oauth', input: {} },
    key: undefined,
  })
