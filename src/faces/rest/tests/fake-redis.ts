import { type AddressInfo, createServer, type Socket } from 'node:net'

type Entry = { count: number; ends_at: number }

/**
 * Enough of Redis for the limiter, over real sockets: it speaks RESP2, and instead of running the
 * script it does what the script says. Tests use it where no Redis is at hand.
 */
export async function startFakeRedis() {
  const entries = new Map<string, Entry>()
  const sockets = new Set<Socket>()

  function hit(key: string, window_ms: number): number[] {
    const now = Date.now()
    const known = entries.get(key)
    const entry = known && known.ends_at > now ? known : { count: 0, ends_at: now + window_ms }
    entry.count++
    entries.set(key, entry)
    return [entry.count, entry.ends_at - now]
  }

  function answer([name = '', , count, ...rest]: string[]): string {
    if (name.toLowerCase() === 'evalsha') return '-NOSCRIPT No matching script\r\n'
    if (name.toLowerCase() !== 'eval') return '+OK\r\n'
    const keys = rest.slice(0, Number(count))
    const windows = rest.slice(Number(count))
    const counts = keys.flatMap((key, nth) => hit(key, Number(windows[nth])))
    return `*${counts.length}\r\n${counts.map((number) => `:${number}\r\n`).join('')}`
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    let unread = ''
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      unread += chunk.toString()
      for (;;) {
        const command = parseCommand(unread)
        if (!command) return
        unread = unread.slice(command.length)
        socket.write(answer(command.words))
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** One whole `*n $length word …` at the start of the text, if it is there. */
function parseCommand(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (!head) return undefined
  let at = head[0].length
  const words: string[] = []
  for (let nth = 0; nth < Number(head[1]); nth++) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (!size) return undefined
    const from = at + size[0].length
    const to = from + Number(size[1])
    if (text.length < to + 2) return undefined
    words.push(text.slice(from, to))
    at = to + 2
  }
  return { words, length: at }
}
