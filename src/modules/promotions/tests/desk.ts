import assert from 'node:assert/strict'
import { type DiscountsWanted, discountsFor, giveBack, redeem } from '#modules/promotions'
import type { Isolation } from '#platform/database/database'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import type { House } from '#testing'

type Made = Record<string, any>

/** Does what must succeed, and answers its data. */
export async function made(house: House, route: string, body?: object): Promise<Made> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** An active promotion of 10 % unless told otherwise. */
export const promote = (house: House, terms: object = {}): Promise<Made> =>
  made(house, 'POST /api/v1/promotions', {
    name: 'Ten off',
    kind: 'percent',
    ...('kind' in terms ? {} : { percent: '10' }),
    status: 'active',
    ...terms,
  })

let count = 0
/** The ids of new customers. */
export async function people(house: House, many: number): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < many; nth++) {
    const person = { email: `buyer${count++}@example.com`, first_name: 'Ada', last_name: 'King' }
    ids.push((await made(house, 'POST /api/v1/customers', person)).id)
  }
  return ids
}

export const ordersIds = (house: House, many: number): Promise<string[]> =>
  readAsSystem(house.app, async (ctx) => Array.from({ length: many }, () => ctx.newId('order')))

type Use = {
  order_id: string
  customer_id: string
  discounts: { id: string; code: string | null; amount?: number }[]
  currency?: string
}

/** `done`, or the code of the refusal; anything else that is thrown is a fault. */
export async function use(
  house: House,
  { discounts, currency = 'USD', ...rest }: Use,
  isolation: Isolation = 'read committed',
): Promise<string> {
  const all = discounts.map(({ amount = 100, ...one }) => ({ amount, ...one }))
  return outcome(
    transactAsSystem(
      house.app,
      (ctx) => redeem(ctx, { ...rest, currency, discounts: all } as never),
      isolation,
    ),
  )
}

export const takeBack = (house: House, order_id: string): Promise<string> =>
  outcome(
    transactAsSystem(
      house.app,
      (ctx) => giveBack(ctx, { order_id: order_id as never }),
      'read committed',
    ),
  )

async function outcome(doing: Promise<unknown>): Promise<string> {
  try {
    await doing
    return 'done'
  } catch (error) {
    const { status, code } = error as { status?: number; code?: string }
    if (status && status < 500 && code) return code
    throw error
  }
}

type Wanted = Partial<Omit<DiscountsWanted, 'customer_id'>> & { customer_id?: string | null }

export const discounts = (house: House, { customer_id = null, ...wanted }: Wanted = {}) =>
  readAsSystem(house.app, (ctx) =>
    discountsFor(ctx, {
      codes: [],
      currency: 'USD',
      customer_id: customer_id as never,
      lines: [],
      ...wanted,
    }),
  )

/** `count` calls at the same moment. */
export const crowd = <T>(many: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: many }, (_, nth) => call(nth)))

/** How often each word was answered. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}

export const usage = async (house: House, id: string): Promise<Made> =>
  (await made(house, `GET /api/v1/promotions/${id}`)).usage
