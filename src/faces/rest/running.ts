import type { FastifyReply } from 'fastify'
import { httpErrors } from './errors.ts'

/**
 * Answers 503 to requests that run too long. One look at the oldest every so often: a timer for
 * each request would cost more than many a request itself.
 */
export class Running {
  readonly #limit_ms: number
  readonly #started = new Map<FastifyReply, number>()
  readonly #watch: NodeJS.Timeout
  /** What runs is finished, what comes is refused, and connections close after their answer. */
  closing = false

  constructor(limit_ms: number) {
    this.#limit_ms = limit_ms
    this.#watch = setInterval(() => this.#stopOverdue(), Math.min(1000, limit_ms / 4)).unref()
  }

  get count(): number {
    return this.#started.size
  }

  add(reply: FastifyReply): void {
    this.#started.set(reply, performance.now())
  }

  /** False if the request was answered already because it took too long. */
  remove(reply: FastifyReply): boolean {
    return this.#started.delete(reply)
  }

  close(): void {
    clearInterval(this.#watch)
  }

  #stopOverdue(): void {
    const since = performance.now() - this.#limit_ms
    for (const [reply, started] of this.#started) {
      if (started > since) return
      this.#started.delete(reply)
      reply.send(httpErrors.took_too_long({ seconds: this.#limit_ms / 1000 }))
    }
  }
}
