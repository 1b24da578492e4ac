import type { FastifyInstance } from 'fastify'
import type { App } from '#platform/app'

/** `/metrics` for Prometheus and `/metrics/json` for people and scripts. */
export async function serveMetrics(http: FastifyInstance, app: App): Promise<void> {
  let opened: Promise<import('#platform/prometheus').Prometheus> | undefined
  const open = () => {
    opened ??= import('#platform/prometheus').then(({ Prometheus }) => new Prometheus(app))
    return opened
  }
  http.get('/metrics', async (_, reply) => {
    const prometheus = await open()
    return reply.type(prometheus.contentType).send(await prometheus.text())
  })
  http.get('/metrics/json', async () => (await open()).json())
}
