import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'

/** A way to a server that a test can cut and mend. */
export async function breakableWay(port: number, host = '127.0.0.1') {
  const sockets = new Set<Socket>()
  let cut = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const way = createServer((near) => {
    keep(near)
    if (cut) return void near.destroy()
    const far = dial(port, host)
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((done) => way.listen(0, '127.0.0.1', done))
  return {
    port: (way.address() as AddressInfo).port,
    cut() {
      cut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      cut = false
    },
    async close() {
      this.cut()
      await new Promise((done) => way.close(done))
    },
  }
}
