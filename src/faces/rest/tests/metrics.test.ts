import assert from 'node:assert/strict'
import { it } from 'node:test'
import { emit } from '#platform/events'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse, someoneWho } from '#testing'

const nobody = { as: 'nobody' } as const

/** The samples of one metric by their labels, as Prometheus would read them. */
function samples(text: string, name: string): Map<string, number> {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ''))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(name.length, space), Number(line.slice(space + 1))]
    }),
  )
}

onEveryEngine('metrics', (engine) => {
  it('count each request by method, route, status and face, and how long it took', async () => {
    await using house = await openHouse(engine)
    await house.ask('GET /api/v1/admin/outbox?limit=1')
    await house.ask('GET /api/v1/admin/outbox?limit=2')
    await house.ask('GET /api/v1/admin/outbox?limit=0')
    await house.send('GET /no/such/place', nobody)

    const { body: text, headers } = await house.send('GET /metrics', nobody)
    assert.match(headers['content-type'] as string, /^text\/plain; version=0\.0\.4/)
    const requests = samples(text, 'http_requests_total')
    const of = (status: number) =>
      requests.get(`{method="GET",route="/api/v1/admin/outbox",face="rest",status="${status}"}`)
    assert.equal(of(200), 2)
    assert.equal(of(400), 1)
    assert.equal(requests.get('{method="GET",route="unmatched",face="rest",status="404"}'), 1)

    const route = 'method="GET",route="/api/v1/admin/outbox",face="rest",status="200"'
    for (const name of ['http_request_duration_ms', 'http_request_duration_seconds']) {
      assert.equal(samples(text, `${name}_count`).get(`{${route}}`), 2)
      assert.equal(samples(text, `${name}_bucket`).get(`{${route},le="+Inf"}`), 2)
    }
    const ms = samples(text, 'http_request_duration_ms_sum').get(`{${route}}`) as number
    const seconds = samples(text, 'http_request_duration_seconds_sum').get(`{${route}}`) as number
    assert.ok(ms > 0 && Math.abs(ms / 1000 - seconds) < 1e-9)
  })

  it('count refusals of credentials and of permissions', async () => {
    await using house = await openHouse(engine)
    await house.ask('GET /api/v1/admin/outbox', undefined, nobody)
    await house.ask('GET /api/v1/admin/outbox', undefined, { as: someoneWho('orders:read') })
    const { body: text } = await house.send('GET /metrics', nobody)
    assert.equal(samples(text, 'auth_failures_total').get('{code="AUTH_MISSING",status="401"}'), 1)
    assert.equal(samples(text, 'permission_denials_total').get(''), 1)
  })

  it('count business by the events that commit, and not what is rolled back', async () => {
    await using house = await openHouse(engine)
    const order_id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    const order = {
      name: 'order.created',
      version: 1,
      entity: { type: 'order', id: order_id },
      payload: { order_id },
    }
    await transactAsSystem(house.app, async (ctx) => emit(ctx, order))
    await transactAsSystem(house.app, async (ctx) => {
      emit(ctx, order)
      throw new Error('no')
    }).catch(() => {})
    const { body: text } = await house.send('GET /metrics', nobody)
    assert.equal(samples(text, 'orders_created_total').get(''), 1)
    assert.equal(samples(text, 'domain_events_total').get('{event="order.created"}'), 1)
    assert.ok((samples(text, 'db_queries_total').get('') as number) > 0)
    assert.ok((samples(text, 'db_transactions_total').get('') as number) > 0)
    assert.ok(samples(text, 'process_cpu_seconds_total').size > 0)
    assert.ok(samples(text, 'nodejs_eventloop_lag_p99_seconds').size > 0)

    const { body: json } = await house.send('GET /metrics/json', nobody)
    assert.equal(json.counters.orders_created_total, 1)
    assert.equal(typeof json.gauges.db_connections_active, 'number')
    assert.ok(json.histograms.http_request_duration_ms.count >= 1)
  })

  it('name, as business counters, only events that a module declares', async () => {
    await using house = await openHouse(engine)
    const declared = new Set(
      house.app.modules.flatMap((module) =>
        (module.events ?? []).flatMap((events) => Object.values(events).map(({ type }) => type)),
      ),
    )
    for (const { name, on } of house.app.metrics.eventCounters) {
      for (const event of on)
        assert.ok(declared.has(event), `${name} counts ${event}, which nobody emits`)
    }
  })
})
