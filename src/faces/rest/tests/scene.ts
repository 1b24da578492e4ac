import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Type } from 'typebox'
import { buildRest } from '#faces/rest/rest'
import { LongText, Text } from '#kit/schemas'
import type { App, Credentials } from '#platform/app'
import { loadSettings } from '#platform/config/load'
import type { Settings } from '#platform/config/settings'
import { type Actor, systemActor } from '#platform/context'
import { migrate } from '#platform/database/migrate'
import { openSqlite } from '#platform/database/sqlite'
import { eventSinks } from '#platform/event-log/sink'
import { createMetrics } from '#platform/metrics'
import { command, type Operation, query, requestErrors } from '#platform/operations'
import { platform } from '#platform/platform-module'
import { requireVersion } from '#platform/versions'

const Thing = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  stock: Type.Integer(),
  note: Type.String(),
})

/** A few operations that show what HTTP adds around any of them. */
export function thingOperations() {
  const thing = { id: 'mug', version: 3, stock: 5, note: '' }
  const read = query('things.get', {
    rest: 'GET /api/v1/things/:id',
    aliases: ['GET /things/:id'],
    permission: 'public',
    summary: 'Read a thing',
    input: Type.Object({
      id: Type.String({ maxLength: 40 }),
      limit: Type.Optional(Type.Integer({ minimum: 1 })),
      tags: Type.Optional(Type.Array(Type.String())),
    }),
    output: Thing,
    run: async () => ({ ...thing }),
  })
  const update = command('things.update', {
    rest: 'PUT /api/v1/things/:id',
    permission: 'things:update',
    summary: 'Change a thing',
    input: Type.Object({ id: Type.String(), note: LongText(1_000_000) }),
    output: Thing,
    run: async (ctx, { note }) => {
      requireVersion(ctx, thing.version)
      return Object.assign(thing, { note, version: thing.version + 1 })
    },
  })
  const echo = command('things.echo', {
    rest: 'POST /api/v1/things',
    permission: 'public',
    summary: 'Answer what was sent',
    status: 201,
    input: Type.Object({
      name: Text(40),
      more: Type.Optional(Type.Any()),
      known: Type.Optional(
        Type.Union([
          Type.Null(),
          Type.Array(Type.Object({ a: Type.Integer(), open: Type.Optional(Type.Object({})) })),
        ]),
      ),
    }),
    output: Type.Object({}),
    run: async (_, input) => input,
  })
  const logIn = command('things.log_in', {
    rest: 'POST /api/v1/users/login',
    permission: 'public',
    summary: 'Answer a form',
    input: Type.Object({ username: Type.String(), password: Type.String() }),
    output: Type.Object({}),
    run: async (_, input) => input,
  })
  const remove = command('things.delete', {
    rest: 'DELETE /api/v1/things/:id',
    permission: 'public',
    summary: 'Delete a thing',
    status: 204,
    input: Type.Object({ id: Type.String() }),
    output: Type.Unsafe<undefined>(Type.Undefined()),
    run: async () => undefined,
  })
  const wait = query('things.wait', {
    rest: 'GET /api/v1/slow',
    permission: 'public',
    summary: 'Answer late',
    input: Type.Object({ ms: Type.Integer() }),
    output: Type.Object({}),
    run: (_, { ms }) => new Promise((done) => setTimeout(() => done({}), ms)),
  })
  const fail = query('things.fail', {
    rest: 'GET /api/v1/broken',
    permission: 'public',
    summary: 'Show a bug',
    input: Type.Object({}),
    output: Type.Object({}),
    run: async () => {
      throw new Error('the password is hunter2')
    },
  })
  return { thing, operations: [read, update, echo, logIn, remove, wait, fail] as Operation[] }
}

export const someone = (id: string, more: Partial<Actor> = {}): Actor => ({
  ...systemActor,
  kind: 'user',
  id: `user:${id}`,
  user_id: id as never,
  ...more,
})

/** A server with the operations above, on an empty database of its own. */
export async function openScene(
  given: Partial<Settings> = {},
  extend: (http: FastifyInstance) => void = () => {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-rest-'))
  const database = openSqlite({ path: join(folder, 'scene.db'), synchronous: 'off' })
  await migrate(database, [platform.migrations])
  const logged: { level: number; msg: string }[] = []
  const log = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) })
  const { thing, operations } = thingOperations()
  const callers = new Map<string, Actor>([['sk_good', someone('anna')]])
  const settings = {
    ...loadSettings({ env: { APP__ENVIRONMENT: 'test', APP__RATE_LIMIT_ENABLED: 'false' } }),
    ...given,
  } as Settings
  const app: App = {
    settings,
    database,
    log,
    modules: [{ ...platform, plugins: [async (plain: FastifyInstance) => extend(plain)] }],
    operations,
    invariants: [],
    reactions: { together: new Map(), later: new Map() },
    clock: () => new Date(),
    process: new Map(),
    metrics: createMetrics([]),
    wake: () => {},
    async authenticate({ authorization, api_key }: Credentials) {
      const shown = authorization ?? api_key
      if (shown === undefined)
        return { ...systemActor, kind: 'anonymous', id: 'anonymous', may: () => false }
      const actor = callers.get(shown)
      if (actor) return actor
      throw requestErrors.unauthenticated()
    },
  } as unknown as App
  eventSinks.provide(app, [])
  const http = await buildRest(app, { canonical: true, faces: [] })

  return {
    app,
    http,
    thing,
    callers,
    logged,
    async listen(): Promise<number> {
      await http.listen({ port: 0, host: '127.0.0.1' })
      return (http.server.address() as AddressInfo).port
    },
    async [Symbol.asyncDispose]() {
      await http.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Writes bytes to a port and answers all that comes back until the other side hangs up. */
export function speak(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
    socket.on('error', reject)
    socket.setTimeout(5000, () => socket.destroy())
  })
}
