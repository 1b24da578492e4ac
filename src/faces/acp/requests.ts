import type { FastifyRequest } from 'fastify'
import type { CancelSession, CompleteSession, CreateSession, UpdateSession } from '#modules/agentic'
import { browserOf } from './browser.ts'
import { Cancel, readerOf } from './reading.ts'
import * as early from './requests-2025.ts'
import * as late from './requests-2026.ts'
import { type AcpVersion, since } from './versions.ts'

type Without<T> = Omit<T, 'id'>
type Seen = Pick<FastifyRequest, 'headers' | 'ip'>

/** What requests of a version say, as the core is told it. Each throws a 400 with the member. */
export type Requests = {
  create(body: unknown): CreateSession
  update(body: unknown): Without<UpdateSession>
  /** `request` is what brought the body: it shows a browser where nobody tells of one. */
  complete(body: unknown, request: Seen): Without<CompleteSession>
  cancel(body: unknown): Without<CancelSession>
}

const readCancel = readerOf(Cancel)

/** A cancel may come without a body; before 2025-12-12 none was defined, and one is ignored. */
const cancel = (body: unknown) => (body === undefined || body === null ? {} : readCancel(body))

/** The parser of a version. */
export function requestsOf(version: AcpVersion): Requests {
  if (since(version, '2026-01-30')) {
    return {
      create: (body) => late.readCreate(body, version),
      update: (body) => late.readUpdate(body, version),
      complete: (body, request) => late.readComplete(body, { version, request }),
      cancel,
    }
  }
  return {
    create: (body) => early.readCreate(body, version),
    update: (body) => early.readUpdate(body, version),
    complete: (body, request) => ({
      ...early.readComplete(body, version),
      browser: browserOf(request),
    }),
    cancel: version === '2025-09-29' ? () => ({}) : cancel,
  }
}
