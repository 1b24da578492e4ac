import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { findOrder, refundById } from '#modules/orders'
import { findExchange, findReturn } from '#modules/returns'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { warrantyErrors } from '../errors.ts'
import type { RemedyKind } from '../lifecycle.ts'
import type { ClaimRow } from '../tables.ts'
import type { RemedyClaim } from './schemas.ts'

type Reference = 'order_id' | 'return_id' | 'exchange_id' | 'order_refund_id'

/** What can fulfil each remedy; a repair needs nothing, and credit is given by the claim itself. */
const FULFILLED_BY: Record<RemedyKind, { by: readonly Reference[]; needed: boolean }> = {
  repair: { by: ['return_id'], needed: false },
  replace: { by: ['order_id', 'exchange_id', 'return_id'], needed: true },
  refund: { by: ['order_refund_id', 'return_id', 'order_id'], needed: true },
  credit: { by: ['return_id'], needed: false },
}
const ALL: readonly Reference[] = ['order_id', 'return_id', 'exchange_id', 'order_refund_id']

/**
 * Refuses references that do not go with the remedy, or that name nothing of the customer of the
 * claim (`reference_not_found`). Answers the order that brings what is sent, if one does.
 */
export async function requireReferences(
  ctx: Context,
  claim: ClaimRow,
  input: RemedyClaim,
): Promise<Id<'order'> | null> {
  const { by, needed } = FULFILLED_BY[input.kind]
  const named = ALL.filter((field) => input[field] !== undefined)
  const foreign = named.find((field) => !by.includes(field))
  if (foreign) throw invalidField(foreign, `does not go with ${input.kind}`)
  if (needed && named.length === 0) {
    throw invalidField(by[0] as string, `or ${by.slice(1).join(' or ')} is required`)
  }
  let order_id = input.order_id ?? null
  for (const field of named) {
    const found = await FIND[field](ctx, input[field] as never)
    if (found?.customer_id !== claim.customer_id)
      throw warrantyErrors.reference_not_found({ field })
    order_id ??= found.out_order_id ?? null
  }
  return order_id
}

type Found = { customer_id: string | null; out_order_id?: Id<'order'> | null }

/** What is named; undefined if there is no such thing. */
const FIND: Record<Reference, (ctx: Context, id: never) => Promise<Found | undefined>> = {
  order_id: (ctx, id) => there(() => findOrder(ctx, id)),
  return_id: (ctx, id) => there(() => findReturn(ctx, id)),
  exchange_id: (ctx, id) => there(() => findExchange(ctx, id)),
  async order_refund_id(ctx, id) {
    const refund = await refundById.first(ctx, { id })
    return refund && there(() => findOrder(ctx, refund.order_id))
  },
}

async function there<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof DomainError && error.status === 404) return undefined
    throw error
  }
}
