import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Serves } from '#faces/rest/rest'
import { ensureFirstAdministrator } from '#modules/access'
import type { App } from '#platform/app'
import { type Background, startBackground } from '#platform/background'
import type { Settings } from '#platform/config/settings'
import type { Database } from '#platform/database/database'
import { flushLog, type Log } from '#platform/log'
import { openTracing, type Tracing } from '#platform/tracing'
import { type Facts as BannerFacts, banner } from './banner.ts'
import type { Command, Terminal } from './cli.ts'
import { giveBackMemory } from './give-back-memory.ts'
import { connect, demandSchema, isGiven, openTheLog, settingsOf } from './house.ts'

export const serve: Command = {
  usage: `Usage: tradepost serve

Starts the server: opens the database, applies migrations (unless auto_migrate is off), makes the
first administrator, fills an empty database with the demo shop (in development), listens, and
prints where. SIGTERM and SIGINT finish what runs and refuse what comes; a second one stops at once.

Settings: config/default.toml lists them all. The most wanted ones:
  APP__PORT           8080 unless set; 0 takes any free port
  APP__DATABASE_URL   sqlite://tradepost.db?mode=rwc unless set, or postgres://…
  APP__ENVIRONMENT    development unless set; production demands secrets and seeds nothing
  APP__SEED           demo, catalogue (the demo shop without its year of orders) or none`,
  options: {},
  words: [0, 0],
  run: (_, terminal) => runServer(terminal, { banner }),
}

/** What a server serves, if not everything, and what it prints once it does. */
export type Serving = { serves?: Serves; banner: (facts: BannerFacts) => string }

/** Starts a server, greets, and answers the exit code when it was told to stop. */
export async function runServer(terminal: Terminal, serving: Serving): Promise<number> {
  const server = await openServer(terminal, serving)
  await greet(server, { terminal, serving })
  giveBackMemory()
  return untilStopped(server, terminal)
}

type Server = {
  settings: Settings
  app: App
  database: Database
  log: Log
  http: FastifyInstance
  background: Background
  tracing: Tracing | undefined
}

/** Everything up to the first answer. What fails here leaves nothing open. */
async function openServer(terminal: Terminal, { serves }: Serving): Promise<Server> {
  const settings = settingsOf(terminal)
  const log = openTheLog(settings)
  const database = await connect(settings, { terminal, log })
  try {
    const applied = await demandSchema(database, { mayMigrate: settings.auto_migrate })
    if (applied.length > 0)
      log.info({ migrations: applied.length }, 'the tables were brought up to date')
    const tracing = await openTracing(settings)
    const app = await terminal.createApp({
      settings,
      database,
      log,
      ...(tracing && { tracer: tracing.tracer }),
    })
    const { buildRest } = await import('#faces/rest/rest')
    const http = await buildRest(app, serves)
    await http.listen({ host: settings.host, port: settings.port }).catch(async (error) => {
      await http.close()
      throw error
    })
    return { settings, app, database, log, http, background: startBackground(app), tracing }
  } catch (error) {
    await database.close()
    throw error
  }
}

type Greeting = { terminal: Terminal; serving: Serving }

/** The first administrator, the demo shop, and what a person needs to begin. */
async function greet(server: Server, { terminal, serving }: Greeting): Promise<void> {
  const { print, printError } = terminal
  const { app, settings, http, log } = server
  // The log on standard output is for machines then.
  const tell = settings.log_json ? printError : print
  try {
    const administrator = await ensureFirstAdministrator(app)
    if (settings.seed !== 'none') await fillShop(app, tell)
    const { port } = http.server.address() as AddressInfo
    const { operations } = app
    const isPasswordGiven = isGiven(terminal, 'admin_password')
    tell(serving.banner({ settings, operations, port, administrator, isPasswordGiven }))
    log.info({ port, engine: app.database.engine, environment: settings.environment }, 'ready')
  } catch (error) {
    await close(server)
    throw error
  }
}

async function fillShop(app: App, print: (line: string) => void): Promise<void> {
  const { seedShop } = await import('../../seed/index.ts')
  const made = await seedShop(app, { print, catalogueOnly: app.settings.seed === 'catalogue' })
  if (made !== undefined) print(made)
}

/** Resolves with the exit code when a signal has come and everything is closed. */
function untilStopped(server: Server, { printError }: Terminal): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(1)
      stopping = true
      server.log.info({ signal }, 'stopping: what runs is finished, what comes is refused')
      const limit_ms = server.settings.shutdown_timeout_ms
      const late = setTimeout(() => {
        printError(`tradepost: not everything was finished after ${limit_ms / 1000} s.`)
        process.exit(1)
      }, limit_ms)
      void close(server)
        .then(() => 0)
        .catch((error) => {
          printError(`tradepost: could not stop cleanly: ${(error as Error).message}`)
          return 1
        })
        .then((code) => {
          clearTimeout(late)
          process.off('SIGTERM', stop).off('SIGINT', stop)
          resolve(code)
        })
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}

/** Requests first, because they may leave work for the background; the database last. */
async function close({ http, background, tracing, database, log }: Server): Promise<void> {
  // Kept-alive connections that become idle only now would be waited for until they time out.
  const hangUp = setInterval(() => http.server.closeIdleConnections(), 50)
  await http.close()
  clearInterval(hangUp)
  await background.stop()
  await tracing?.close()
  await database.close()
  log.info('stopped')
  await flushLog(log)
}
