// A receiver of webhooks that trusts nobody: it checks the signature, and does nothing twice.
//
//   npm start                                                it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/webhooks-receiver.ts   in another terminal

import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, say } from './ask.ts'

// What a receiver needs: the secrets it accepts (two while one replaces the other), what it did.
const TOLERANCE_SECS = 300
const secrets: string[] = []
const done = new Map<string, string>()
let refuses = 1

/** Whether Standard Webhooks' signature over id, time and the very bytes that came is ours. */
function isGenuine({ headers }: IncomingMessage, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = headers
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_SECS) return false
  const signatures = String(given).split(' ')
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const own = `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`
    return signatures.some(
      (one) => one.length === own.length && timingSafeEqual(Buffer.from(one), Buffer.from(own)),
    )
  })
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  if (!isGenuine(request, body)) return void response.writeHead(401).end()
  // It is busy now and then: then it is told again.
  if (refuses-- > 0) return void response.writeHead(503).end()
  const { id, type, entity } = JSON.parse(body)
  if (!done.has(id)) {
    done.set(id, `${type} ${entity.sequence}`)
    say(`  ${type}, number ${entity.sequence} of ${entity.type} …${entity.id.slice(-4)}`)
  }
  response.writeHead(204).end()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tradepost`

/** Waits until so much was done; deliveries are quick, but not at once. */
async function untilDone(count: number): Promise<void> {
  for (let tries = 0; done.size < count; tries++) {
    if (tries > 600) throw new Error(`Only ${done.size} of ${count} messages came.`)
    await sleep(50)
  }
}

// Subscribe. The secret is told this once.
const hook = await ask('POST /webhooks', { url, events: ['customer.*'], description: 'Our CRM' })
secrets.push(hook.secret)
say(`Subscribed ${url} to customer.*`)

// A test first; the receiver refuses it (it is busy), and the log says so.
const test = await ask(`POST /webhooks/${hook.id}/test`)
for (let tried = 0; tried === 0; await sleep(50)) {
  tried = (await ask(`GET /webhooks/deliveries/${test.id}`)).tries.length
}
const { tries } = await ask(`GET /webhooks/deliveries/${test.id}`)
say(`The test was answered ${tries[0].response.status}; it is tried again in a few seconds.`)

// Something happens, twice to the same customer: it comes in order, and signed.
const mark = Date.now().toString(36)
const person = { email: `ada.${mark}@example.com`, first_name: 'Ada', last_name: 'Brook' }
const ada = await ask('POST /customers', person)
await ask(`PUT /customers/${ada.id}`, { first_name: 'Augusta' })
await untilDone(2)

// A new secret. Both sign for an hour, so nothing is missed while the receiver changes over.
const rotated = await ask(`POST /webhooks/${hook.id}/rotate-secret`, { keep_previous_hours: 1 })
await ask(`PUT /customers/${ada.id}`, { first_name: 'Ada' })
await untilDone(3)
secrets.push(rotated.secret)
secrets.shift()
await ask(`PUT /customers/${ada.id}`, { first_name: 'Countess' })
await untilDone(4)
say('The secret was changed, and nothing was missed.')

// Sent again, it is recognised by its id and done once.
const { items } = await ask(`GET /webhooks/deliveries?webhook_id=${hook.id}&entity_id=${ada.id}`)
await ask(`POST /webhooks/deliveries/${items[0].id}/replay`)
await ask(`DELETE /webhooks/${hook.id}`)
say(`${done.size} messages were done, each once.`)
server.closeAllConnections()
server.close()
