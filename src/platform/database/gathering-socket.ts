import { Socket } from 'node:net'

/**
 * A socket that holds back what is written until the event loop moves on, and sends it in one
 * packet: `begin` with the first statement, the last writes with `commit`. Each packet costs both
 * sides system calls and a wake-up.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket()
  // `connect` puts Node's own `write` back, so ours comes after it.
  socket.once('connect', () => {
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
    let isGathering = false
    socket.write = (...given: unknown[]) => {
      if (!isGathering) {
        isGathering = true
        socket.cork()
        process.nextTick(() => {
          isGathering = false
          socket.uncork()
        })
      }
      return write(...given)
    }
  })
  return socket
}
