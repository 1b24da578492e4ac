import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openDatabaseAt } from '#testing'
import { EasyPostDouble } from '../../../../tests/doubles/easypost/server.ts'
import { pollTracking, sweepLabels } from '../index.ts'
import { type Dock, openDock } from './dock.ts'

const HOOK = '/api/v1/shipments/webhooks/easypost'

async function openBoth(engine: 'sqlite' | 'postgres') {
  const easypost = await EasyPostDouble.open()
  const dock = await openDock(
    engine,
    { MUG: { EAST: 50 } },
    { settings: easypost.settings as never },
  )
  return { easypost, dock }
}

/** Everything that waits for its time is due now. */
async function letTimePass(dock: Dock): Promise<void> {
  const database = openDatabaseAt(dock.database.engine, dock.url)
  const past = '2020-01-01T00:00:00.000Z'
  await database.write(async (session) => {
    for (const sql of [
      `update labels set check_at = '${past}'`,
      `update parcels set poll_at = '${past}' where poll_at is not null`,
      `update tracking_webhooks set check_at = '${past}'`,
    ]) {
      await session.run({ sql, parameters: [] })
    }
  })
  await database.close()
}
const sweep = async (dock: Dock) => {
  await letTimePass(dock)
  return sweepLabels(systemProcess(dock.app))
}

onEveryEngine('labels of EasyPost', (engine) => {
  it('are bought by the best offer; the others stand beside it', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const { id } = await dock.create(await dock.place({ MUG: 2 }))

    const asked = await dock.made(`POST /api/v1/shipments/${id}/rates`, {
      deliver_by: new Date(Date.now() + 2.5 * 86_400_000).toISOString(),
    })
    const named = (rate_id: string) => asked.rates.find((rate: any) => rate.id === rate_id)?.service
    assert.equal(named(asked.cheapest), 'GroundAdvantage')
    assert.ok(['Express', 'PRIORITY_OVERNIGHT'].includes(named(asked.fastest)))
    assert.equal(named(asked.promise), 'Priority')

    const bought = await dock.made(`POST /api/v1/shipments/${id}/label`, { rate_id: asked.promise })
    const [label] = bought.labels
    assert.deepEqual(
      [label.state, label.carrier_name, label.service],
      ['bought', 'USPS', 'Priority'],
    )
    assert.equal(label.cost, bought.rate.amount)
    const after = await dock.shipment(id)
    assert.deepEqual(
      [after.status, after.carrier, after.tracking_number],
      ['Ready to Ship', 'USPS', label.tracking_number],
    )
    const { items } = await dock.made(`GET /api/v1/shipments/${id}/rates`)
    assert.equal(items.length, 6)
    assert.deepEqual(
      items
        .filter((rate: any) => rate.chosen_at)
        .map((rate: any) => [rate.service, rate.chosen_by]),
      [['Priority', 'chosen']],
    )
    const paper = await dock.send(`GET /api/v1/labels/${label.id}.pdf`)
    assert.equal(paper.headers['content-type'], 'application/pdf')
    assert.match(paper.body, /^%PDF/)
    assert.equal(easypost.books.sold, 1)
    assert.deepEqual(await dock.violations(), [])
  })

  it('are one for each parcel, however often they are asked for', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const parcels = [{ weight_grams: 500 }, { weight_grams: 900 }]
    const { id } = await dock.create(await dock.place({ MUG: 2 }), { parcels })
    const headers = { 'idempotency-key': randomUUID() }
    const buy = () =>
      dock.ask(`POST /api/v1/shipments/${id}/label`, { strategy: 'fastest' }, { headers })
    const [first, second] = [await buy(), await buy()]
    assert.equal(first.status, 201, JSON.stringify(first.body))
    assert.deepEqual(second.data, first.data)
    assert.equal(first.data.labels.length, 2)
    const other = await dock.post(id, 'label')
    assert.deepEqual([other.status, other.error.code], [409, 'LABEL_EXISTS'])
    assert.equal(easypost.books.sold, 2)
    assert.deepEqual(await dock.violations(), [])
  })

  for (const fault of ['lost after', 'lost before', 'broken', 'busy', 'html'] as const) {
    it(`of which nobody knows (${fault}) are found out, and are one`, async () => {
      const { easypost, dock } = await openBoth(engine)
      await using _ = easypost
      await using __ = dock
      const { id } = await dock.create(await dock.place({ MUG: 1 }))
      easypost.fail('buy', fault)
      const headers = { 'idempotency-key': randomUUID() }
      const bought = await dock.ask(`POST /api/v1/shipments/${id}/label`, {}, { headers })
      assert.deepEqual([bought.status, bought.data.labels[0].state], [201, 'unknown'])
      assert.equal((await dock.shipment(id)).status, 'Processing')
      const meanwhile = await dock.post(id, 'label')
      assert.equal(meanwhile.error.code, 'LABEL_IN_PROGRESS')

      assert.equal(await sweep(dock), 1)

      const { items } = await dock.made(`GET /api/v1/shipments/${id}/labels`)
      assert.deepEqual(
        items.map((one: any) => one.state),
        ['bought'],
      )
      assert.equal(easypost.books.sold, 1)
      assert.equal((await dock.shipment(id)).status, 'Ready to Ship')
      assert.deepEqual(await dock.violations(), [])
    })
  }

  it('that are refused cost nothing, and another can be bought', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const order = await dock.place({ MUG: 1 })
    const { id } = await dock.create(order, { recipient_name: 'Nobody Pays' })
    const refused = await dock.post(id, 'label')
    assert.deepEqual([refused.status, refused.error.code], [422, 'LABEL_REFUSED'])
    assert.match(refused.error.message, /Insufficient funds/)
    assert.equal((await dock.shipment(id)).status, 'Pending')
    await dock.made(`PUT /api/v1/shipments/${id}`, { recipient_name: 'Ada Brook' })
    assert.equal((await dock.post(id, 'label')).status, 201)
    assert.equal(easypost.books.sold, 1)
    assert.deepEqual(await dock.violations(), [])
  })

  it('are given back when their shipment is cancelled, also one that is bought too late', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const [one, other] = [await dock.place({ MUG: 1 }), await dock.place({ MUG: 1 })]
    const [first, late] = [await dock.create(one), await dock.create(other)]
    await dock.made(`POST /api/v1/shipments/${first.id}/label`, {})
    easypost.fail('buy', 'lost after')
    await dock.made(`POST /api/v1/shipments/${late.id}/label`, {})
    for (const { id } of [first, late]) await dock.made(`POST /api/v1/shipments/${id}/cancel`, {})
    await sweep(dock)
    await sweep(dock)
    for (const { id } of [first, late]) {
      const { items } = await dock.made(`GET /api/v1/shipments/${id}/labels`)
      assert.deepEqual(
        items.map((label: any) => [label.state, label.refund_status]),
        [['voided', 'submitted']],
      )
    }
    assert.deepEqual(await dock.violations(), [])
  })

  it('are told with customs where they cross a border', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const order = await dock.place({ MUG: 2 })
    const { id } = await dock.create(order, {
      shipping_address: {
        name: 'Zofia',
        street: 'ul. Piotrkowska 1',
        city: 'Łódź',
        postal_code: '90-001',
        country: 'PL',
      },
      items: [
        {
          order_item_id: order.items[0].id,
          quantity: 2,
          hs_code: '6912.00',
          origin_country: 'pt',
          unit_value: '7.50',
        },
      ],
    })
    const bought = await dock.made(`POST /api/v1/shipments/${id}/label`, { carrier: 'DHLExpress' })
    assert.equal(bought.labels[0].carrier_name, 'DHLExpress')
    assert.equal((await dock.shipment(id)).carrier, 'DHL')
    const [told] = [...easypost.books.shipments.values()]
    const [item] = told?.customs_info.customs_items ?? []
    assert.deepEqual(
      [item.value, item.currency, item.hs_tariff_number, item.origin_country, item.quantity],
      ['15.00', 'USD', '6912.00', 'PT', 2],
    )
    assert.deepEqual(await dock.violations(), [])
  })

  it('cannot be had while EasyPost is away: 503, and nothing is written', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using __ = dock
    const { id } = await dock.create(await dock.place({ MUG: 1 }))
    await easypost.close()
    const away = await dock.post(id, 'rates')
    assert.deepEqual([away.status, away.error.code], [503, 'CARRIER_UNAVAILABLE'])
    assert.equal((await dock.post(id, 'label')).status, 503)
    assert.equal((await dock.shipment(id)).status, 'Pending')
  })
})

onEveryEngine('news of EasyPost', (engine) => {
  /** A shipment that has left with a label. */
  async function sent(dock: Dock) {
    const order = await dock.place({ MUG: 1 })
    const { id } = await dock.create(order)
    await dock.made(`POST /api/v1/shipments/${id}/label`, {})
    const shipped = await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    return { id, order, code: shipped.tracking_number as string }
  }
  const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`
  const tell = async (dock: Dock, { headers, body }: { headers: object; body: string }) =>
    (await dock.send(`POST ${HOOK}`, { as: 'nobody', headers: headers as never, body })).status

  it('may come in any order, twice, and from nobody else', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const { id, order, code } = await sent(dock)
    const secret = easypost.settings.easypost_webhook_secret
    const events = [
      easypost.scan(code, { status: 'in_transit', datetime: at(8), message: 'Accepted' }),
      easypost.scan(code, { status: 'out_for_delivery', datetime: at(12) }),
      easypost.scan(code, { status: 'delivered', datetime: at(15), signed_by: 'A BROOK' }),
    ]
    const [transit, out, delivered] = events.map((event) => easypost.signed(event, secret))
    const forged = easypost.signed(events[2] as never, 'another secret')
    assert.equal(await tell(dock, forged as never), 401)
    assert.equal((await dock.shipment(id)).status, 'Shipped')

    for (const news of [delivered, delivered, transit, out, transit]) {
      assert.equal(await tell(dock, news as never), 200)
    }

    const tracked = await dock.made(`GET /api/v1/shipments/${id}/track`)
    assert.deepEqual(
      [tracked.status, tracked.delivered_at, tracked.signed_by],
      ['Delivered', '2026-11-20T15:00:00.000Z', 'A BROOK'],
    )
    const happened = tracked.events.filter((event: any) => event.kind !== 'info')
    assert.deepEqual(
      happened.map((event: any) => event.kind),
      ['delivered', 'out_for_delivery', 'in_transit'],
    )
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    const arrivals = (await dock.events()).filter((name) => name === 'shipment.delivered')
    assert.equal(arrivals.length, 1)
    assert.deepEqual(await dock.violations(), [])
  })

  it('wait for their parcel, and are asked for when none come', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const { id, code } = await sent(dock)
    const secret = easypost.settings.easypost_webhook_secret
    const strange = easypost.signed(
      easypost.scan(code, { status: 'in_transit', datetime: at(7) }),
      secret,
    )
    const body = strange.body.replaceAll(code, 'UNKNOWN-1').replaceAll(/shp_\w+/g, 'shp_unknown')
    assert.equal(await tell(dock, easypost.signed({ id: '', body }, secret)), 200)
    const inbox = await dock.rows<any>('select status from tracking_webhooks')
    assert.deepEqual(
      inbox.map(({ status }) => status),
      ['parked'],
    )

    easypost.scan(code, { status: 'failure', datetime: at(9), message: 'Address is vacant' })
    await letTimePass(dock)
    assert.equal(await pollTracking(systemProcess(dock.app)), 1)
    const failed = await dock.shipment(id)
    assert.deepEqual([failed.status, failed.exception], ['Failed', 'Address is vacant'])
    assert.ok((await dock.events()).includes('shipment.exception'))
    assert.deepEqual(await dock.violations(), [])
  })

  it('stand on a scan form at the end of the day', async () => {
    const { easypost, dock } = await openBoth(engine)
    await using _ = easypost
    await using __ = dock
    const first = await sent(dock)
    const waiting = await dock.create(await dock.place({ MUG: 1 }))
    await dock.made(`POST /api/v1/shipments/${waiting.id}/label`, {})
    easypost.fail('scan_form', 'lost after')
    const closing = await dock.made('POST /api/v1/manifests', {
      carrier: 'easypost',
      location_id: 'EAST',
    })
    assert.deepEqual([closing.state, closing.parcels], ['sent', 2])
    const none = { carrier: 'easypost', location_id: 'EAST' }
    assert.equal((await dock.ask('POST /api/v1/manifests', none)).error.code, 'MANIFEST_EMPTY')
    const on = await dock.post(waiting.id, 'cancel')
    assert.deepEqual([on.status, on.error.code], [409, 'SHIPMENT_ON_MANIFEST'])

    const database = openDatabaseAt(engine, dock.url)
    await database.write((session) =>
      session.run({ sql: `update manifests set check_at = '2020-01-01'`, parameters: [] }),
    )
    await database.close()
    const { sweepManifests } = await import('../manifests/close-manifest.ts')
    assert.equal(await sweepManifests(systemProcess(dock.app)), 1)
    const closed = await dock.made(`GET /api/v1/manifests/${closing.id}`)
    assert.equal(closed.state, 'closed')
    assert.equal(easypost.books.forms.size, 1)
    const paper = await dock.send(`GET /api/v1/manifests/${closing.id}.pdf`)
    assert.match(paper.body, /^%PDF/)
    assert.equal((await dock.post(first.id, 'cancel')).status, 409)
    assert.deepEqual(await dock.violations(), [])
  })
})
