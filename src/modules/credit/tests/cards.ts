import assert from 'node:assert/strict'
import { issueCredit, takeCredit } from '#modules/credit'
import type { Actor } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { admin, type House } from '#testing'

/** Does what must succeed, and answers its data. */
export async function made(house: House, route: string, body?: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** A gift card of 50.00 USD unless told otherwise, with its code. */
export const newCard = (house: House, more: object = {}) =>
  made(house, 'POST /api/v1/gift-cards', { initial_amount: '50.00', currency: 'USD', ...more })

let people = 0
export const newCustomer = async (house: House): Promise<string> => {
  const person = { email: `owner${people++}@example.com`, first_name: 'Ada', last_name: 'Brook' }
  return (await made(house, 'POST /api/v1/customers', person)).id
}

/** A customer who is signed in. */
export const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) =>
    /^(orders:(read|create|cancel)|payments:(read|write)|(gift-cards|store-credit):read)$/.test(
      permission,
    ),
})

export const grant = (house: House, customer_id: string, amount: string, more: object = {}) =>
  house.ask('POST /api/v1/store-credit/grants', {
    customer_id,
    currency: 'USD',
    amount,
    reason: 'For the long wait.',
    ...more,
  })

type Outcome = { done?: unknown; code?: string }

/** What a function of the module answers, or the code of its refusal. */
async function outcome(doing: Promise<unknown>): Promise<Outcome> {
  try {
    return { done: await doing }
  } catch (error) {
    const { status, code } = error as { status?: number; code?: string }
    if (status && status < 500 && code) return { code }
    throw error
  }
}

export const issue = (house: House, wanted: object): Promise<Outcome> =>
  outcome(
    transactAsSystem(
      house.app,
      (ctx) =>
        issueCredit(ctx, { currency: 'USD', reason: null, ...wanted } as Parameters<
          typeof issueCredit
        >[1]),
      'read committed',
    ),
  )

export const take = (house: House, account_id: string, amount: number, reference_id: string) =>
  outcome(
    transactAsSystem(
      house.app,
      (ctx) =>
        takeCredit(ctx, {
          account_id: account_id as never,
          amount,
          reference: { reference_type: 'test', reference_id },
        }),
      'read committed',
    ),
  )
