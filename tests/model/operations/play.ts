import assert from 'node:assert/strict'
import type { Step, StepOf } from './steps.ts'
import type { Kind, Sku, Warehouse } from './world.ts'

/** The answer to one call; its status may be any but a fault. */
type Told = { ok: boolean; data: any }

const DAY_MS = 86_400_000

/** Does one step through the API, and keeps count of the units that came, went and were lost. */
export async function play(world: Warehouse, step: Step): Promise<void> {
  const before = world.transcript.length
  world.clock.ms += 1000
  await (plays[step.do] as (world: Warehouse, step: Step) => Promise<unknown>)(world, step)
  const last = world.transcript.at(-1)
  if (world.transcript.length > before && last?.includes(' 2')) {
    world.done.set(step.do, (world.done.get(step.do) ?? 0) + 1)
  }
}

async function ask(world: Warehouse, route: string, body: object = {}): Promise<Told> {
  const { status, data, error } = await world.house.ask(route, body)
  const named = route.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
  assert.ok(status < 500, `${named} ${JSON.stringify(body)}: ${status} ${JSON.stringify(error)}`)
  world.transcript.push(`${named} ${status} ${error?.code ?? ''}`)
  return { ok: status < 300, data }
}

const read = async ({ house }: Warehouse, path: string) => (await house.ask(`GET ${path}`)).data

/** The thing made as the `nth` last; undefined if there are not so many. */
const idOf = ({ ids }: Warehouse, kind: Kind, nth: number) => ids[kind]?.at(-1 - nth)

function keep({ ids }: Warehouse, kind: Kind, { ok, data }: Told): void {
  if (!ok) return
  const known = ids[kind] ?? []
  ids[kind] = known
  known.push(data.id)
}

type Units = { line: number; quantity: number }
type OrderItem = {
  id: string
  sku: Sku
  quantity: number
  fulfilled_quantity: number
  returned_quantity: number
}

/** An order with the line that is meant; undefined if there is none. */
async function lineOf(world: Warehouse, nth: number, { line, quantity }: Units) {
  const id = idOf(world, 'order', nth)
  if (!id) return undefined
  const order = await read(world, `/api/v1/orders/${id}`)
  const items = order.items as OrderItem[]
  const item = items[line % Math.max(1, items.length)]
  return item && { id, order, item, quantity }
}

/** A line of which units are at the buyer's, of the last orders; the one that is meant, if none. */
async function soldLineOf(world: Warehouse, nth: number, units: Units) {
  for (let back = nth; back < nth + 4; back++) {
    for (let line = 0; line < 3; line++) {
      const found = await lineOf(world, back, { ...units, line: units.line + line })
      if (!found) continue
      const { fulfilled_quantity, returned_quantity } = found.item
      if (fulfilled_quantity > returned_quantity) return found
    }
  }
  return lineOf(world, nth, units)
}

type Line = { sku: Sku; quantity: number }
const add = ({ expected }: Warehouse, lines: readonly Line[], sign: 1 | -1): void => {
  for (const { sku, quantity } of lines) expected[sku] += sign * quantity
}

/** Acts on one thing, if it is there. */
const on =
  <K extends Step['do']>(kind: Kind, act: (id: string, step: StepOf<K>) => [string, object?]) =>
  async (world: Warehouse, step: StepOf<K>): Promise<Told | undefined> => {
    const id = idOf(world, kind, (step as unknown as { nth: number }).nth)
    if (!id) return undefined
    const [route, body] = act(id, step)
    return ask(world, route, body)
  }

/** The work for one location of an order, the newest first. */
async function workOf(world: Warehouse, nth: number) {
  const id = idOf(world, 'order', nth)
  if (!id) return undefined
  const { items } = await read(world, `/api/v1/fulfilment-orders?order_id=${id}&limit=100`)
  return (items as any[]).find(({ status }) => !['closed', 'cancelled'].includes(status))
}

/** What is in the house now and on the road, as its own tables say it. */
const unitsOf = async (world: Warehouse, sku: Sku, at: string) => {
  const { locations } = await read(world, `/api/v1/inventory/${sku}`)
  const place = (locations as any[]).find(({ location_code, location_name }) =>
    [location_code, location_name].includes(at),
  )
  return Number(place?.quantities.on_hand ?? 0)
}

const plays: { [K in Step['do']]: (world: Warehouse, step: StepOf<K>) => Promise<unknown> } = {
  async receive(world, { sku, at, quantity }) {
    const body = { item_number: sku, location_id: at, quantity_on_hand: quantity }
    const { ok } = await ask(world, 'POST /api/v1/inventory', body)
    if (ok) add(world, [{ sku, quantity }], 1)
  },
  async place(world, { lines }) {
    const { customer_id, address } = world
    const body = { customer_id, items: lines, shipping_address: address }
    keep(world, 'order', await ask(world, 'POST /api/v1/orders', body))
  },
  async sell(world, { sku, quantity, by }) {
    await plays.place(world, { do: 'place', lines: [{ sku, quantity }] })
    await plays.pay(world, { do: 'pay', nth: 0, by, amount: undefined })
    await plays.ship(world, { do: 'ship', nth: 0, units: undefined })
    await plays.deliver(world, { do: 'deliver', nth: 0 })
  },
  pay: async (world, { nth, by, amount }) => {
    const order_id = idOf(world, 'order', nth)
    if (!order_id) return
    const card = by === 'credit_card' && { payment_method_id: 'pm_test_success' }
    const code = by === 'gift_card' && { code: world.code }
    const how = { order_id, payment_method: by, ...card, ...code }
    const { balance } = await read(world, `/api/v1/payments/order/${order_id}/total`)
    const part =
      amount === undefined ? { amount: balance } : { amount: `${amount}.00`, partial: true }
    await ask(world, 'POST /api/v1/payments', { ...how, ...part })
  },
  async refund(world, { nth, units }) {
    const found = await soldLineOf(world, nth, units)
    if (!found) return
    const items = [{ item_id: found.item.id, quantity: found.quantity }]
    await ask(world, `POST /api/v1/orders/${found.id}/refund`, { items })
  },
  hold: on<'hold'>('order', (id) => [`POST /api/v1/orders/${id}/hold`, { code: 'address_check' }]),
  release: on<'release'>('order', (id) => [`POST /api/v1/orders/${id}/release`]),
  cancel: on<'cancel'>('order', (id) => [`POST /api/v1/orders/${id}/cancel`]),
  async cancel_items(world, { nth, units, refund }) {
    const found = await lineOf(world, nth, units)
    if (!found) return
    const items = [{ item_id: found.item.id, quantity: found.quantity }]
    await ask(world, `POST /api/v1/orders/${found.id}/cancel-items`, { items, refund })
  },
  async move(world, { nth, to }) {
    const id = idOf(world, 'order', nth)
    if (!id) return
    const held = await heldUnits(world, id)
    const { ok } = await ask(world, `PUT /api/v1/orders/${id}/status`, { status: to })
    if (ok && to === 'shipped') add(world, held, -1)
  },
  async change(world, { nth, set, add: added, apply }) {
    const found = await lineOf(world, nth, set)
    if (!found) return
    const actions: object[] = [
      { action: 'set_quantity', item_id: found.item.id, quantity: found.quantity },
    ]
    if (added) actions.push({ action: 'add_item', ...added })
    const begun = await ask(world, `POST /api/v1/orders/${found.id}/changes`, { actions })
    if (!begun.ok || !apply) return
    await ask(world, `POST /api/v1/orders/${found.id}/changes/${begun.data.id}/apply`)
  },
  async apply_change(world, { nth }) {
    const id = idOf(world, 'order', nth)
    if (!id) return
    const { items } = await read(world, `/api/v1/orders/${id}/changes`)
    const open = (items as any[]).find(({ status }) => status === 'open')
    if (open) await ask(world, `POST /api/v1/orders/${id}/changes/${open.id}/apply`)
  },
  async merge(world, { nth }) {
    const [id, other] = [idOf(world, 'order', nth), idOf(world, 'order', nth + 1)]
    if (id && other) await ask(world, `POST /api/v1/orders/${id}/merge`, { orders: [other] })
  },
  async split(world, { nth, units }) {
    const found = await lineOf(world, nth, units)
    if (!found) return
    const items = [{ item_id: found.item.id, quantity: found.quantity }]
    const { ok, data } = await ask(world, `POST /api/v1/orders/${found.id}/split`, { items })
    keep(world, 'order', { ok, data: data?.new_order })
  },
  async route(world, { nth, to }) {
    const work = await workOf(world, nth)
    if (!work) return
    await ask(world, `POST /api/v1/fulfilment-orders/${work.id}/move`, { location_id: to })
  },
  async hold_work(world, { nth }) {
    const work = await workOf(world, nth)
    if (!work) return
    await ask(world, `POST /api/v1/fulfilment-orders/${work.id}/hold`, { reason: 'address' })
  },
  async release_work(world, { nth }) {
    const work = await workOf(world, nth)
    if (work) await ask(world, `POST /api/v1/fulfilment-orders/${work.id}/release`)
  },
  async split_work(world, { nth, units }) {
    const work = await workOf(world, nth)
    const line = work?.items[units.line % work.items.length]
    if (!line) return
    const items = [{ order_line_id: line.order_line_id, quantity: units.quantity }]
    await ask(world, `POST /api/v1/fulfilment-orders/${work.id}/split`, { items })
  },
  async give_up_work(world, { nth }) {
    const work = await workOf(world, nth)
    if (work) await ask(world, `POST /api/v1/fulfilment-orders/${work.id}/give-up`)
  },
  pick: on<'pick'>('order', (id) => [`POST /api/v1/orders/${id}/pick`]),
  async ship(world, { nth, units }) {
    const order_id = idOf(world, 'order', nth)
    if (!order_id) return
    const found = units && (await lineOf(world, nth, units))
    const items = found && [{ order_item_id: found.item.id, quantity: found.quantity }]
    const body = { order_id, ...(items && { items }) }
    const made = await ask(world, 'POST /api/v1/shipments', body)
    keep(world, 'shipment', made)
    if (made.ok) await send(world, made.data.id)
  },
  async ship_later(world, { nth }) {
    const id = idOf(world, 'shipment', nth)
    if (id) await send(world, id)
  },
  async cancel_shipment(world, { nth }) {
    const id = idOf(world, 'shipment', nth)
    if (!id) return
    const before = await read(world, `/api/v1/shipments/${id}`)
    const { ok } = await ask(world, `POST /api/v1/shipments/${id}/cancel`)
    if (ok && before.shipped_at && before.status !== 'Cancelled') add(world, before.items, 1)
  },
  deliver: on<'deliver'>('shipment', (id) => [`POST /api/v1/shipments/${id}/deliver`]),
  async come_back(world, { nth, outcome, state }) {
    const id = idOf(world, 'shipment', nth)
    if (!id) return
    const before = await read(world, `/api/v1/shipments/${id}`)
    const body = { outcome, state }
    const { ok } = await ask(world, `POST /api/v1/shipments/${id}/return-to-stock`, body)
    if (ok && before.status !== 'Returned') add(world, before.items, 1)
  },
  async ask_return(world, { nth, units }) {
    const found = await soldLineOf(world, nth, units)
    if (!found) return
    const items = [{ order_item_id: found.item.id, quantity: found.quantity }]
    const body = { order_id: found.id, reason: 'too small', items }
    keep(world, 'return', await ask(world, 'POST /api/v1/returns', body))
  },
  async bring_back(world, { nth, units, taken, over, disposition, to }) {
    await plays.ask_return(world, { do: 'ask_return', nth, units })
    await plays.decide_return(world, { do: 'decide_return', nth: 0, how: 'approve' })
    await plays.take_in(world, { do: 'take_in', nth: 0, quantity: taken, over })
    await plays.inspect(world, { do: 'inspect', nth: 0, quantity: 1, disposition })
    await plays.refund_return(world, { do: 'refund_return', nth: 0, to })
  },
  decide_return: on<'decide_return'>('return', (id, { how }) => [
    `POST /api/v1/returns/${id}/${how}`,
    { reason: 'so it was said' },
  ]),
  async take_in(world, { nth, quantity, over }) {
    const id = idOf(world, 'return', nth)
    if (!id) return
    const { items } = await read(world, `/api/v1/returns/${id}`)
    const sku = items[0]?.sku as Sku
    const body = { location: 'NEAR', items: [{ sku, quantity }], over_receipt: over }
    const { ok } = await ask(world, `POST /api/v1/returns/${id}/receive`, body)
    if (ok) add(world, [{ sku, quantity }], 1)
  },
  async inspect(world, { nth, quantity, disposition }) {
    const id = idOf(world, 'return', nth)
    if (!id) return
    const { items } = await read(world, `/api/v1/returns/${id}`)
    const sku = items[0]?.sku as Sku
    const body = { items: [{ sku, quantity, disposition }] }
    const { ok } = await ask(world, `POST /api/v1/returns/${id}/inspect`, body)
    if (ok && ['scrap', 'send_back'].includes(disposition)) add(world, [{ sku, quantity }], -1)
  },
  refund_return: on<'refund_return'>('return', (id, { to }) => [
    `POST /api/v1/returns/${id}/refund`,
    { to },
  ]),
  async swap(world, { nth, units, sku, quantity, taken }) {
    await plays.ask_exchange(world, { do: 'ask_exchange', nth, units, sku, quantity })
    await plays.decide_exchange(world, { do: 'decide_exchange', nth: 0, how: 'approve' })
    await plays.take_in(world, { do: 'take_in', nth: 0, quantity: taken, over: false })
    await plays.inspect(world, { do: 'inspect', nth: 0, quantity: 1, disposition: 'restock' })
    await plays.decide_exchange(world, { do: 'decide_exchange', nth: 0, how: 'settle' })
  },
  async ask_exchange(world, { nth, units, sku, quantity }) {
    const found = await soldLineOf(world, nth, units)
    if (!found) return
    const items = [{ order_item_id: found.item.id, quantity: found.quantity }]
    const new_items = [{ sku, quantity }]
    const body = { order_id: found.id, reason: 'too small', items, new_items }
    keep(world, 'exchange', await ask(world, 'POST /api/v1/exchanges', body))
  },
  async decide_exchange(world, { nth, how }) {
    const id = idOf(world, 'exchange', nth)
    if (!id) return
    const body = how === 'settle' ? {} : { reason: 'so it was said' }
    const { ok, data } = await ask(world, `POST /api/v1/exchanges/${id}/${how}`, body)
    if (!ok) return
    // What goes out is an order like any other, and what comes back is a return.
    for (const [kind, of] of Object.entries({
      order: data.new_order_id,
      return: data.return?.id,
    })) {
      const known = world.ids[kind as Kind] ?? []
      if (of && !known.includes(of)) keep(world, kind as Kind, { ok, data: { id: of } })
    }
  },
  async claim(world, { nth, units }) {
    const found = await soldLineOf(world, nth, units)
    if (!found) return
    const items = [{ sku: found.item.sku, quantity: found.quantity, problem: 'damaged' }]
    const body = { order_id: found.id, description: 'in pieces', items }
    keep(world, 'claim', await ask(world, 'POST /api/v1/claims', body))
  },
  decide_claim: on<'decide_claim'>('claim', (id, { how }) => [
    `POST /api/v1/claims/${id}/${how}`,
    how === 'approve' ? { remedy: 'refund', goods: 'stay' } : { reason: 'so it was said' },
  ]),
  async transfer(world, { sku, from, quantity, hold }) {
    const to = from === 'NEAR' ? 'FAR' : 'NEAR'
    const lines = [{ item_number: sku, quantity }]
    const body = { from_location_id: from, to_location_id: to, lines, hold_stock: hold }
    keep(world, 'transfer', await ask(world, 'POST /api/v1/inventory/transfers', body))
  },
  dispatch: on<'dispatch'>('transfer', (id) => [`POST /api/v1/inventory/transfers/${id}/dispatch`]),
  async arrive(world, { nth, quantity, lost }) {
    const id = idOf(world, 'transfer', nth)
    if (!id) return
    const { items } = await read(world, `/api/v1/inventory/transfers/${id}/lines`)
    const sku = items[0].item_number as Sku
    const line = {
      item_number: sku,
      quantity,
      ...(lost && { lost_quantity: lost, reason: 'lost' }),
    }
    const { ok } = await ask(world, `POST /api/v1/inventory/transfers/${id}/receive`, {
      lines: [line],
    })
    if (ok && lost > 0) add(world, [{ sku, quantity: lost }], -1)
  },
  async lose(world, { nth }) {
    const id = idOf(world, 'transfer', nth)
    if (!id) return
    const [line] = (await read(world, `/api/v1/inventory/transfers/${id}/lines`)).items
    const left = line.in_transit_quantity
    const path = `POST /api/v1/inventory/transfers/${id}/write-off`
    const { ok } = await ask(world, path, { reason: 'the van burned' })
    if (ok) add(world, [{ sku: line.item_number, quantity: left }], -1)
  },
  give_up_transfer: on<'give_up_transfer'>('transfer', (id) => [
    `POST /api/v1/inventory/transfers/${id}/cancel`,
  ]),
  async plan_count(world, { at }) {
    const body = { location_id: at, blind: true }
    keep(world, 'count', await ask(world, 'POST /api/v1/cycle-counts', body))
  },
  async count(world, { nth, wrong }) {
    const id = idOf(world, 'count', nth)
    if (!id) return
    const { location_id } = await read(world, `/api/v1/cycle-counts/${id}`)
    const { name } = await read(world, `/api/v1/locations/${location_id}`)
    const { items } = await read(world, `/api/v1/cycle-counts/${id}/sheet?status=pending`)
    const [line] = items as any[]
    if (!line) return
    const there = await unitsOf(world, line.item_number, name)
    const lines = [{ line_id: line.id, quantity: Math.max(0, there + wrong) }]
    await ask(world, `POST /api/v1/cycle-counts/${id}/entries`, { lines })
  },
  async approve_count(world, { nth }) {
    const id = idOf(world, 'count', nth)
    if (!id) return
    const body = { skip_uncounted: true }
    const { ok } = await ask(world, `POST /api/v1/cycle-counts/${id}/approve`, body)
    if (!ok) return
    const { items } = await read(world, `/api/v1/cycle-counts/${id}/variances?limit=100`)
    for (const { item_number, adjusted_quantity } of items as any[]) {
      add(world, [{ sku: item_number, quantity: adjusted_quantity ?? 0 }], 1)
    }
  },
  async wait(world, { days }) {
    world.clock.ms += days * DAY_MS
  },
}

async function send(world: Warehouse, id: string): Promise<void> {
  const { ok } = await ask(world, `POST /api/v1/shipments/${id}/ship`)
  if (!ok) return
  const { items } = await read(world, `/api/v1/shipments/${id}`)
  add(world, items, -1)
}

/** What is promised to an order now: what `shipped` by its status takes off the shelves. */
async function heldUnits(world: Warehouse, order_id: string): Promise<Line[]> {
  const order = await read(world, `/api/v1/orders/${order_id}`)
  return (order.items as any[]).map((item) => ({
    sku: item.sku,
    quantity: item.quantity - item.cancelled_quantity - item.fulfilled_quantity,
  }))
}
