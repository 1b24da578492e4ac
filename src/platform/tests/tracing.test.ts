import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import { createApp } from '#app'
import { buildRest } from '#faces/rest/rest'
import { modules } from '#modules'
import { loadSettings } from '#platform/config/load'
import { migrate } from '#platform/database/migrate'
import { silentLog } from '#platform/log'
import { openTracing } from '#platform/tracing'
import { admin, engines, openEmptyDatabase } from '#testing'

type Attribute = { key: string; value: { stringValue?: string; intValue?: number } }
type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: Attribute[]
  status: { code?: number }
}

/** A receiver of OTLP over HTTP that keeps what it is sent. */
async function openReceiver() {
  const spans: Span[] = []
  const resources: Attribute[][] = []
  const paths: string[] = []
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    paths.push(request.url ?? '')
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      resources.push(resource.attributes)
      for (const scope of scopeSpans) spans.push(...scope.spans)
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    resources,
    paths,
    close: () => new Promise((done) => server.close(done)),
  }
}

const engine = engines[0] ?? 'sqlite'
const env = { APP__ENVIRONMENT: 'test', APP__RATE_LIMIT_ENABLED: 'false' }

it('sends a span for the request, its operation and its transaction, below the caller’s own', async () => {
  const receiver = await openReceiver()
  const settings = loadSettings({ env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } })
  const tracing = await openTracing(settings)
  assert.ok(tracing)
  const { database, drop } = await openEmptyDatabase(engine)
  await migrate(
    database,
    modules.map((module) => module.migrations),
  )
  const app = createApp({ settings, database, log: silentLog, tracer: tracing.tracer })
  app.authenticate = async () => admin
  const http = await buildRest(app)

  const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
  const answer = await http.inject({
    method: 'POST',
    url: '/api/v1/admin/jobs/01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10/retry',
    headers: { traceparent: `00-${caller.trace}-${caller.span}-01` },
    payload: {},
  })
  assert.equal(answer.statusCode, 404)
  await http.close()
  await tracing.close()
  await database.close()
  await drop()
  await receiver.close()

  assert.deepEqual([...new Set(receiver.paths)], ['/v1/traces'])
  const named = (name: string) => {
    const found = receiver.spans.filter((span) => span.name === name)
    assert.equal(found.length, 1, name)
    return found[0] as Span
  }
  const request = named('POST /api/v1/admin/jobs/:id/retry')
  const operation = named('admin.retry_job')
  const transaction = named('transaction')
  assert.equal(request.traceId, caller.trace)
  assert.equal(request.parentSpanId, caller.span)
  assert.equal(operation.parentSpanId, request.spanId)
  assert.equal(transaction.parentSpanId, operation.spanId)
  const told = Object.fromEntries(request.attributes.map(({ key, value }) => [key, value]))
  assert.equal(Number(told['http.response.status_code']?.intValue), 404)
  assert.notEqual(request.status.code, 2, 'a refusal is no fault')
  const service = receiver.resources[0]?.find(({ key }) => key === 'service.name')
  assert.equal(service?.value.stringValue, 'tradepost')
})

it('opens nothing where no endpoint is set', async () => {
  assert.equal(await openTracing(loadSettings({ env })), undefined)
})
