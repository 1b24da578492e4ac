import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Got = {
  path: string
  headers: Record<string, string>
  text: string
  body: any
}
type Answer = (got: Got, response: ServerResponse) => void

const WAIT_MS = 30_000

/** A receiver of webhooks on a free port, which answers as a test wants. */
export class Receiver {
  readonly got: Got[] = []
  url = ''
  /** How it answers; 204 unless a test says otherwise. */
  answer: Answer = (_, response) => void response.writeHead(204).end()
  readonly #server = createServer((request, response) => void this.#take(request, response))
  #changed = Promise.withResolvers<void>()

  static async open(): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    receiver.url = `http://127.0.0.1:${(receiver.#server.address() as AddressInfo).port}/hook`
    return receiver
  }

  /** The types of what came, in order. */
  get types(): string[] {
    return this.got.map(({ body }) => body.type)
  }

  /** Waits until so much has come, or something is so. */
  async until(isSo: number | (() => boolean)): Promise<void> {
    const is = typeof isSo === 'number' ? () => this.got.length >= isSo : isSo
    const late = setTimeout(() => this.#changed.reject(new Error('it never came')), WAIT_MS)
    try {
      while (!is()) await this.#changed.promise
    } catch {
      assert.fail(`it never came; what came: ${JSON.stringify(this.types)}`)
    } finally {
      clearTimeout(late)
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString('utf8')
    const headers = request.headers as Record<string, string>
    const got = { path: request.url ?? '', headers, text, body: JSON.parse(text) }
    this.got.push(got)
    this.answer(got, response)
    const changed = this.#changed
    this.#changed = Promise.withResolvers()
    changed.resolve()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
