import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { type House, openHouse } from '#testing'
import { openShop } from '../../../../tests/races/shop.ts'

type Refusal = { responseCode: number; message: string }

/** A real mail server that keeps what it is sent. */
export async function openCatcher() {
  const mails: ParsedMail[] = []
  const refusals: Refusal[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      simpleParser(stream)
        .then((mail) => {
          const refusal = refusals.shift()
          seen.push(mail.messageId ?? '')
          if (drops > 0) {
            drops--
            mails.push(mail)
            for (const { _socket } of connections) _socket.destroy()
            return
          }
          if (refusal) return done(Object.assign(new Error(refusal.message), refusal))
          mails.push(mail)
          done()
        })
        .catch(done)
    },
  })
  const seen: string[] = []
  let drops = 0
  const { connections } = server as unknown as { connections: Set<{ _socket: Socket }> }
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** What was taken, in the order in which it came. */
    mails,
    /** The Message-ID of everything that was offered, taken or not. */
    seen,
    /** Refuses the next mail with this code. */
    refuseNext: (responseCode: number) =>
      void refusals.push({ responseCode, message: 'not now, thank you' }),
    /** Takes the next mail, and is gone before it has said so. */
    dropNext: () => void drops++,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
export type Catcher = Awaited<ReturnType<typeof openCatcher>>

const SHOP = { shop_name: 'Harbour & Sons', mail_from: 'Harbour <orders@shop.example>' }

/** A house that works in the background, with a mail server or without one, and one buyer. */
export async function openMailingHouse(engine: Parameters<typeof openHouse>[0], catcher?: Catcher) {
  const house = await openHouse(engine, {
    background: true,
    settings: {
      ...SHOP,
      outbox_poll_interval_ms: 20,
      ...(catcher && { smtp_url: catcher.url }),
    },
  })
  const shop = await openShop(house, { MUG: 20 })
  return { house, shop }
}

/** Waits for the mails of a status. A minute is for machines that do much else. */
export async function untilMails(house: House, query: string, count = 1): Promise<any[]> {
  const end = Date.now() + 60_000
  for (;;) {
    const { data } = await house.ask(`GET /api/v1/notifications?${query}`)
    if (data.items.length >= count) return data.items
    assert.ok(Date.now() < end, `there are no ${count} mails of ${query}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
