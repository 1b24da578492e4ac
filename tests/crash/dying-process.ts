// Does what it is told on one database or several, and dies by SIGKILL at the named moment of each:
// nothing is rolled back, closed or told, as if its power were cut. One that has come to its moment
// stands still there until all have; if one never comes to it, the process says so and lives.
//
//   node dying-process.ts ENGINE DEATHS-AS-JSON

import process from 'node:process'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import { type Carrier, carriers } from '#modules/shipments'
import type { App } from '#platform/app'
import type { Settings } from '#platform/config/settings'
import type { Database, Engine } from '#platform/database/database'
import { JobRunner } from '#platform/job-runner'
import { type House, openHouse, someoneWho } from '#testing'

/** What a process asks of the outside world. */
export type OutsideCall = 'sale' | 'capture' | 'refund' | 'submitEvidence' | 'buy'
/**
 * Where it dies: when all of its nth transaction is written and nothing is committed, before or
 * after it asks a payment provider or a carrier, or when all is done and nobody was told.
 */
export type Moment = { commit: number } | { before: OutsideCall } | { after: OutsideCall } | 'told'

/** What it does: one request, the jobs that wait, or the default export of a file. */
export type Deed =
  | { route: string; body?: object; headers?: Record<string, string>; as?: Asker }
  | { jobs: true }
  | { file: string; input?: unknown }
/** The administrator unless told otherwise: nobody, or someone with these permissions alone. */
type Asker = 'nobody' | { id: string; may: string }

/** The default export of a file that is a deed. */
export type DeedFile = (house: House, input: any) => Promise<unknown>

/** One or several deeds, done one after the other. */
export type Death = {
  url: string
  settings?: Partial<Settings>
  at: Moment
  deed: Deed | readonly Deed[]
}

/** Polls of the job runner, so that it commits nothing but its jobs. */
const NEVER_MS = 3_600_000

type Here = () => Promise<never>

async function main([engine, deaths]: string[]): Promise<void> {
  const all = JSON.parse(deaths as string) as Death[]
  const opened: { death: Death; house: House }[] = []
  for (const death of all) {
    const settings = { outbox_poll_interval_ms: NEVER_MS, ...death.settings }
    const house = await openHouse(engine as Engine, { at: death.url, settings })
    opened.push({ death, house })
  }
  let standing = 0
  const here: Here = () => {
    standing += 1
    if (standing === all.length) process.kill(process.pid, 'SIGKILL')
    return new Promise<never>(() => {})
  }
  await Promise.all(opened.map(({ death, house }) => live(house, death, here)))
}

async function live(house: House, { at, deed }: Death, here: Here): Promise<void> {
  if (at !== 'told') makeMortal(house, at, here)
  // A timer keeps the process alive while everything in it stands still.
  const awake = setInterval(() => {}, NEVER_MS)
  const answers: unknown[] = []
  for (const one of [deed].flat()) answers.push(await act(house, one))
  if (at === 'told') await here()
  clearInterval(awake)
  const said = `it did not come to ${JSON.stringify(at)}: ${JSON.stringify(answers)}\n`
  process.stderr.write(said, () => process.exit(1))
}

async function act(house: House, deed: Deed): Promise<unknown> {
  if ('file' in deed) {
    const { default: act } = (await import(deed.file)) as { default: DeedFile }
    return act(house, deed.input)
  }
  if ('jobs' in deed) {
    new JobRunner(house.app).start()
    return new Promise<never>(() => {})
  }
  const { route, body = {}, headers = {}, as } = deed
  const asker =
    typeof as === 'object' ? { ...someoneWho(as.may), id: as.id, kind: 'api_key' as const } : as
  const { status, body: said } = await house.ask(route, body, {
    headers,
    ...(asker && { as: asker }),
  })
  return { status, said }
}

function makeMortal({ app }: House, at: Exclude<Moment, 'told'>, here: Here): void {
  if ('commit' in at) {
    const own = app as { database: Database }
    own.database = mortalDatabase(app.database, at.commit, here)
    return
  }
  const called = 'before' in at ? at.before : at.after
  const mortal = <T extends object>(outside: T): T => mortalCalls(outside, { at, called, here })
  if (called === 'buy') makeCarriersMortal(app, mortal)
  else makeProvidersMortal(app, mortal)
}

/** Stands still inside the nth transaction, when all is written and nothing is committed. */
function mortalDatabase(database: Database, nth: number, here: Here): Database {
  let count = 0
  return Object.assign(Object.create(database), {
    write: ((body, isolation) =>
      database.write(async (session) => {
        const value = await body(session)
        return ++count === nth ? here() : value
      }, isolation)) as Database['write'],
  })
}

type Call = { at: Exclude<Moment, 'told'>; called: OutsideCall; here: Here }

/** The same, but for the one call at which it stands still. */
const mortalCalls = <T extends object>(outside: T, { at, called, here }: Call): T =>
  new Proxy(outside, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name !== called) return member.bind(target)
      return async (...given: unknown[]) => {
        if ('before' in at) return here()
        await member.apply(target, given)
        return here()
      }
    },
  })

function makeProvidersMortal(app: App, mortal: (one: PaymentProvider) => PaymentProvider): void {
  const { active, named } = paymentProviders.of(app)
  const orNone = (one: PaymentProvider | undefined) => one && mortal(one)
  paymentProviders.provide(app, {
    active: orNone(active) as PaymentProvider,
    named: (name) => orNone(named(name)) as PaymentProvider,
  })
}

function makeCarriersMortal(app: App, mortal: (one: Carrier) => Carrier): void {
  const { all, named } = carriers.of(app)
  carriers.provide(app, { all: all.map(mortal), named: (name) => mortal(named(name) as Carrier) })
}

if (import.meta.main) await main(process.argv.slice(2))
