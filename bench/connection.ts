import { connect, type Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')
const CHUNKED_END = Buffer.from('\r\n0\r\n\r\n')
const READ_BYTES = 64 * 1024

/**
 * Called once an answer is complete; `body` is valid during the call, and only if it was wanted.
 */
export type OnAnswer = (status: number, body: Buffer | undefined) => void

/** One keep-alive HTTP/1.1 connection that has at most one request in flight. */
export type Connection = {
  /** Sends one whole request (latin1); the body of the answer is kept only if `wantBody`. */
  send(request: string, wantBody: boolean): void
  close(): void
}

type Head = { status: number; headBytes: number; bodyBytes: number | 'chunked' }

/**
 * Opens a connection that costs as little CPU as Node allows: one reused read buffer, no header
 * objects, no body unless somebody asks for it. It understands what a JSON API sends: an HTTP/1.1
 * status line, `content-length` or chunks, nothing before the answer is asked for.
 * A body that is not 2xx is always kept. `onLost` is called when the server closes the connection.
 */
export function openConnection(
  address: { host: string; port: number },
  onAnswer: OnAnswer,
  onLost: (error: Error | undefined) => void,
): Connection {
  let wantBody = false
  let carried: Buffer | undefined
  let toSkip = 0
  let status = 0

  const onRead = (bytes: number, buffer: Uint8Array): boolean => {
    const chunk = (buffer as Buffer).subarray(0, bytes)
    if (toSkip > 0) {
      toSkip -= bytes
      if (toSkip <= 0) finish(undefined)
      return true
    }
    const data = carried ? Buffer.concat([carried, chunk]) : chunk
    const head = readHead(data)
    if (!head) {
      carried = Buffer.from(data)
      return true
    }
    status = head.status
    const keep = wantBody || status < 200 || status > 299
    if (head.bodyBytes === 'chunked') {
      if (endsWith(data, CHUNKED_END))
        finish(keep ? withoutChunks(data.subarray(head.headBytes)) : undefined)
      else carried = Buffer.from(data)
      return true
    }
    const missing = head.headBytes + head.bodyBytes - data.length
    if (missing <= 0) finish(keep ? data.subarray(head.headBytes) : undefined)
    else if (keep) carried = Buffer.from(data)
    else toSkip = missing
    return true
  }

  const finish = (body: Buffer | undefined): void => {
    carried = undefined
    toSkip = 0
    onAnswer(status, body)
  }

  const socket = openSocket(address, onRead, onLost)
  return {
    send(request, wanted) {
      wantBody = wanted
      socket.write(request, 'latin1')
    },
    close() {
      socket.removeAllListeners('close')
      socket.destroy()
    },
  }
}

function openSocket(
  address: { host: string; port: number },
  onRead: (bytes: number, buffer: Uint8Array) => boolean,
  onLost: (error: Error | undefined) => void,
): Socket {
  let lostWith: Error | undefined
  const socket = connect({
    ...address,
    noDelay: true,
    onread: { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: onRead },
  })
  socket.on('error', (error) => {
    lostWith = error
  })
  socket.on('close', () => onLost(lostWith))
  return socket
}

function readHead(data: Buffer): Head | undefined {
  const end = data.indexOf(HEAD_END)
  if (end < 0) return undefined
  // "HTTP/1.1 200 OK": the three digits stand at 9, 10 and 11.
  const status =
    ((data[9] as number) - 48) * 100 +
    ((data[10] as number) - 48) * 10 +
    ((data[11] as number) - 48)
  const headBytes = end + 4
  let at = data.indexOf(LENGTH)
  if (at >= 0 && at < end) {
    at += LENGTH.length
    let bodyBytes = 0
    while ((data[at] as number) >= 48) bodyBytes = bodyBytes * 10 + (data[at++] as number) - 48
    return { status, headBytes, bodyBytes }
  }
  return { status, headBytes, bodyBytes: readLength(data.toString('latin1', 0, end), status) }
}

/** The slow way, for what Fastify never sends: other cases of letters, chunks, no body at all. */
function readLength(head: string, status: number): number | 'chunked' {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length) return Number(length)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return 'chunked'
  if (status === 204 || status === 304) return 0
  throw new Error(`an answer without a length:\n${head}`)
}

function withoutChunks(body: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  while (at < body.length) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}

function endsWith(data: Buffer, end: Buffer): boolean {
  return (
    data.length >= end.length && data.compare(end, 0, end.length, data.length - end.length) === 0
  )
}
