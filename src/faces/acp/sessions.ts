import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { operationNamed } from '#faces/agentic-dialect/asking'
import type { DomainError } from '#kit/errors'
import { isUuid } from '#kit/ids'
import { type AgentSession, agenticErrors } from '#modules/agentic'
import type { App } from '#platform/app'
import type { Operation } from '#platform/operations'
import { limitedByAgent } from './admission.ts'
import { answering } from './answering.ts'
import { refusal } from './refusals.ts'
import { renderSession } from './render.ts'
import { type Requests, requestsOf } from './requests.ts'

type Step = keyof Requests

/** Checkout sessions below a path: create, read, update, complete, cancel. */
export function serveSessions(scope: FastifyInstance, app: App, base: string): void {
  const config = { face: 'acp', ...limitedByAgent }
  const read = operationNamed(app, 'agentic.get_session')
  const step = (name: Step, status: number) => {
    const operation = operationNamed(app, `agentic.${name}_session`)
    return (request: FastifyRequest, reply: FastifyReply) =>
      change(app, { name, operation, status, request, reply })
  }

  scope.post(base, { config }, step('create', 201))
  scope.post(`${base}/:id`, { config }, step('update', 200))
  scope.post(`${base}/:id/complete`, { config }, step('complete', 200))
  scope.post(`${base}/:id/cancel`, { config }, step('cancel', 200))
  scope.get(`${base}/:id`, { config, exposeHeadRoute: false }, (request, reply) =>
    answering<AgentSession>(
      app,
      { request, reply },
      {
        operation: read,
        status: 200,
        read: () => ({ id: idOf(request) }),
        render: (session, version) => renderSession(session, version, app.settings),
      },
    ),
  )
}

type Change = {
  name: Step
  operation: Operation
  status: number
  request: FastifyRequest
  reply: FastifyReply
}

function change(app: App, asked: Change): Promise<FastifyReply> {
  const { name, operation, status, request, reply } = asked
  return answering<AgentSession>(
    app,
    { request, reply },
    {
      operation,
      status,
      keyed: true,
      read: (body, version) => {
        const said = requestsOf(version)[name](body, request)
        return name === 'create' ? said : { ...said, id: idOf(request) }
      },
      render: (session, version) => renderSession(session, version, app.settings),
      ...(name === 'cancel' && { translate: notCancelable }),
    },
  )
}

/** What cannot be any session's id is not there, whatever is asked of it. */
function idOf({ params }: FastifyRequest): string {
  const { id } = params as { id: string }
  if (!isUuid(id)) throw agenticErrors.not_found({ session_id: id.slice(0, 100) })
  return id
}

/** A session that has ended does not answer this method any more (checkout RFC, 4.5). */
function notCancelable(error: DomainError): DomainError {
  if (error.code !== agenticErrors.ended.spec.code) return error
  return refusal({ status: 405, code: 'not_cancelable', message: error.message })
}
