import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { App } from '#platform/app'
import { flushLog, openLog } from '#platform/log'
import type { Command } from './cli.ts'
import { connect, demandSchema, settingsOf } from './house.ts'

const STANDARD_ERROR = 2

export const mcp: Command = {
  usage: `Usage: tradepost mcp

Speaks the Model Context Protocol over standard input and output, for assistants on this machine:
the tools of /mcp, on the database of the settings, which a server may use meanwhile. Work that is
done later (mails, deliveries) is that server's.

TRADEPOST_API_KEY   says who asks; what the key may do decides which tools there are. Without it,
                    what a guest may do. The log goes to standard error.`,
  options: {},
  words: [0, 0],
  async run(_, terminal) {
    const settings = settingsOf(terminal)
    const log = openLog({ level: settings.log_level, json: true, descriptor: STANDARD_ERROR })
    const database = await connect(settings, { terminal, log })
    try {
      await demandSchema(database, { mayMigrate: settings.auto_migrate })
      const app = await terminal.createApp({ settings, database, log })
      await speak(app, terminal.env.TRADEPOST_API_KEY)
      return 0
    } finally {
      await database.close()
      await flushLog(log)
    }
  },
}

/** Speaks until the input ends. A key that is no good is said at once. */
async function speak(app: App, api_key: string | undefined): Promise<void> {
  const { buildRest } = await import('#faces/rest/rest')
  const { tradepostTools } = await import('../mcp/toolbox.ts')
  const { serverOf } = await import('../mcp/server.ts')
  await app.authenticate({ api_key })
  const http = await buildRest(app)
  await http.ready()
  const headers: Record<string, string> = api_key === undefined ? {} : { 'x-api-key': api_key }
  const box = tradepostTools(http, app)
  const asks = async () => {
    const actor = await app.authenticate({ api_key })
    return { actor, headers, request_id: randomUUID() }
  }
  const ended = once(process.stdin, 'end')
  const speaking = serveStdio(() => serverOf(app, box, asks), {
    onerror: (error) => app.log.debug({ err: error }, 'an MCP message was refused'),
  })
  await ended
  await speaking.close()
  await http.close()
}
