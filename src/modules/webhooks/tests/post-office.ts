import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Settings } from '#platform/config/settings'
import type { Engine } from '#platform/database/database'
import { openHouse } from '#testing'
import { Receiver } from './receiver.ts'

type Options = {
  settings?: Partial<Settings>
  clock?: () => Date
  at?: string
  background?: boolean
}

const WAIT_MS = 30_000

/** A house with its background running, whose webhooks may go to this machine. */
export async function openPostOffice(engine: Engine, options: Options = {}) {
  const house = await openHouse(engine, {
    background: true,
    ...options,
    settings: {
      webhook_private_addresses: true,
      outbox_poll_interval_ms: 50,
      ...options.settings,
    },
  })
  const receiver = await Receiver.open()

  return {
    ...house,
    receiver,
    /** Subscribes the receiver; the answer has the secret. */
    async subscribe(events: string[], more: object = {}) {
      const { status, data, error } = await house.ask('POST /api/v1/webhooks', {
        url: receiver.url,
        events,
        ...more,
      })
      assert.equal(status, 201, JSON.stringify(error))
      return data
    },
    /** A customer: an entity of its own, with `customer.created` as its first event. */
    async addCustomer(name = 'ada') {
      const { data, error } = await house.ask('POST /api/v1/customers', {
        email: `${name}.${Math.random().toString(36).slice(2)}@example.com`,
        first_name: 'Ada',
        last_name: 'Brook',
      })
      assert.ok(data, JSON.stringify(error))
      return data as { id: string }
    },
    /** Changes a customer: one more event of that entity. */
    async rename({ id }: { id: string }, first_name: string) {
      const ask = () => house.ask(`PUT /api/v1/customers/${id}`, { first_name })
      let answer = await ask()
      // Where a crowd changes customers, a slow machine may refuse one and ask to try again.
      for (const end = Date.now() + WAIT_MS; answer.status === 503 && Date.now() < end; ) {
        answer = await ask()
      }
      assert.equal(answer.status, 200, JSON.stringify(answer.error))
    },
    /** Deliveries as the API tells them, the oldest first. */
    async deliveries(query = '') {
      const { data } = await house.ask(`GET /api/v1/webhooks/deliveries?limit=100${query}`)
      return data.items.toReversed()
    },
    /** Waits until something is so; a busy machine may take its time. */
    async eventually(isSo: () => Promise<boolean>) {
      for (const end = Date.now() + WAIT_MS; !(await isSo()); await sleep(10)) {
        assert.ok(Date.now() < end, 'it never came to be so')
      }
    },
    /** Everything that waits is due now, as if the pauses between tries were over. */
    async letPausesPass() {
      await house.database.write(async ({ kysely }) => {
        const past = '2020-01-01T00:00:00.000Z'
        await sql`update webhook_deliveries set next_at = ${past}
          where status = 'pending'`.execute(kysely)
      })
    },
    async close() {
      await receiver.close()
      await house.close()
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
