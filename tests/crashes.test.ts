import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onEveryEngine } from '#testing'
import { letTimePass } from './crash/death.ts'
import { Load, type Sent } from './crash/load.ts'
import { type Reply, ServerProcess } from './crash/server.ts'

const ROUNDS = 3
const SHOPPERS = 8
/** Requests of each round before the server may die. */
const ANSWERED_MIN = 60
const PRODUCTS = ['MUG', 'TEA']
const UNITS = 1_000_000

// Goal: whatever the server has answered is true after its death at any moment, and whatever it has
// not answered is done once or not at all.
// Method: the real program under load, kill -9, start again; replay every key that was answered,
// send again every one that was not, let the sweepers work, and ask the doctor.
onEveryEngine('a server that is killed under load', (engine) => {
  it('keeps every word it gave, and does nothing by half', { timeout: 240_000 }, async () => {
    const server = await ServerProcess.open(engine)
    try {
      const load = new Load(server, await openShop(server))
      for (let round = 0; round < ROUNDS; round++) {
        const begun = load.sent.length
        const running = load.run(SHOPPERS)
        await untilBusy(load, begun + ANSWERED_MIN)
        await sleep(Math.random() * 400)
        await server.kill()
        await running
        await server.start()
        await checkAnswered(server, load.sent.slice(begun))
      }
      await server.kill()
      await letTimePass(engine, server.url)
      await server.start()
      await untilSettled(server)
      const unanswered = load.sent.filter(({ reply }) => !reply)
      assert.ok(unanswered.length > 0, 'every request was answered: the server died too late')
      for (const sent of unanswered) await sendAgain(server, sent)
      await untilSettled(server)
      await checkAnswered(server, load.sent)
      await checkBooks(server, load.sent)
    } finally {
      await server.close()
    }
  })
})

/** Resolves when so many requests have been sent, in the middle of serving them. */
async function untilBusy(load: Load, count: number): Promise<void> {
  for (let waited = 0; load.sent.length < count; waited += 20) {
    assert.ok(waited < 30_000, `only ${load.sent.length} requests in 30 s`)
    await sleep(20)
  }
}

async function openShop(server: ServerProcess) {
  const made = async (path: string, body: object) => {
    const { status, data, text } = await server.ask('POST', path, body)
    assert.equal(status, 201, text)
    return data
  }
  await made('/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const sku of PRODUCTS) {
    await made('/products', { name: `The ${sku}`, sku, price: '10.00' })
    await made('/inventory', { item_number: sku, location_id: 'MAIN', quantity_on_hand: UNITS })
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made('/customers', person)
  return { customer_id, products: PRODUCTS }
}

/** Each acknowledged order exists with its lines; each key answers the bytes it answered. */
async function checkAnswered(server: ServerProcess, all: readonly Sent[]): Promise<void> {
  const answered = all.filter(({ reply }) => reply)
  const remaining = [...answered]
  const check = async () => {
    for (let one = remaining.pop(); one; one = remaining.pop()) await checkOne(server, one)
  }
  await Promise.all(Array.from({ length: SHOPPERS }, check))
}

async function checkOne(server: ServerProcess, sent: Sent): Promise<void> {
  const { kind, path, body, key } = sent
  const reply = sent.reply as Reply
  const again = await server.ask('POST', path, body, key)
  assert.deepEqual([again.status, again.text], [reply.status, reply.text], `${kind} ${key}`)
  if (kind !== 'order') return
  assert.equal(reply.status, 201, reply.text)
  const { data } = await server.ask('GET', `/orders/${reply.data.id}`)
  assert.deepEqual(
    [data.items.map(agreed), data.order_number, data.total_amount],
    [reply.data.items.map(agreed), reply.data.order_number, reply.data.total_amount],
  )
}

/** What of a line was agreed; how many of its units were cancelled since is another matter. */
const agreed = ({ cancelled_quantity: _, ...line }: { cancelled_quantity: number }) => line

/** Whoever got no answer asks again with the same key, and gets one. */
async function sendAgain(server: ServerProcess, sent: Sent): Promise<void> {
  const reply = await server.ask('POST', sent.path, sent.body, sent.key)
  // Killed after it was written down and before the provider was called: no money was taken.
  const isVoid = sent.kind === 'payment' && reply.error?.details.decline_code === 'not_executed'
  assert.ok(reply.status < 300 || isVoid, `${sent.kind} ${sent.key}: ${reply.text}`)
  const again = await server.ask('POST', sent.path, sent.body, sent.key)
  assert.deepEqual([again.status, again.text], [reply.status, reply.text])
  sent.reply = reply
}

async function checkBooks(server: ServerProcess, all: readonly Sent[]): Promise<void> {
  const orders = all.filter(({ kind, reply }) => kind === 'order' && reply?.status === 201)
  assert.equal(new Set(orders.map(({ reply }) => reply?.data.id)).size, orders.length)
  assert.equal(await countOrders(server), orders.length, 'an order was made twice, or by half')
  for (const { reply } of orders) {
    const { data } = await server.ask('GET', `/payments/order/${reply?.data.id}`)
    const taken = data.filter((one: { captured_amount: string }) => Number(one.captured_amount) > 0)
    assert.ok(taken.length <= 1, `order ${reply?.data.id} was paid twice: ${JSON.stringify(data)}`)
  }
  const { code, said } = await server.doctor()
  assert.equal(code, 0, said)
}

async function countOrders(server: ServerProcess): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await server.ask('GET', `/orders?limit=100${cursor ? `&cursor=${cursor}` : ''}`)
    assert.equal(page.status, 200, page.text)
    count += page.data.items.length
    cursor = page.data.next_cursor
  } while (cursor)
  return count
}

/** Waits until nothing of money is under way: the sweeper has found out how everything ended. */
async function untilSettled(server: ServerProcess): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    const open: string[] = []
    for (const status of ['pending', 'processing']) {
      const { data } = await server.ask('GET', `/payments?limit=1&status=${status}`)
      open.push(...data.items.map(({ id }: { id: string }) => id))
    }
    if (open.length === 0) return
    assert.ok(waited < 60_000, `payments are still open: ${open}`)
    await sleep(500)
  }
}
