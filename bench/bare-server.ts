import fastify from 'fastify'

// The yardstick of reads: what Node and Fastify cost when nobody asks for anything.
const server = fastify()
server.get('/', async () => ({ success: true, data: { status: 'ok' } }))
await server.listen({ host: '127.0.0.1', port: 0 })
const address = server.server.address()
if (process.send && address && typeof address === 'object') process.send({ port: address.port })
// When its parent ends or disconnects, it ends.
process.once('disconnect', () => server.close())
