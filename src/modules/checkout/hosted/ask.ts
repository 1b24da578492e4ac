import { DomainError } from '#kit/errors'
import {
  type Hosted,
  type HostedPayments,
  paymentErrors,
  paymentProviders,
} from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { checkoutErrors } from '../errors.ts'
import { learn } from './learn.ts'
import { placeHosted } from './place.ts'
import { hostedById, keepOpened, markClosed } from './rows.ts'
import type { HostedRow } from './tables.ts'

/** Who opens pages now. Throws `hosted_unavailable`. */
export function openProvider(ctx: Pick<Context, 'process'>): {
  name: string
  hosted: HostedPayments
} {
  const { active } = paymentProviders.of(ctx)
  if (!active?.hosted) throw checkoutErrors.hosted_unavailable()
  return { name: active.name, hosted: active.hosted }
}

/** Who opened this one. Throws `hosted_unavailable`. */
export function providerOf(ctx: Pick<Context, 'process'>, { provider }: HostedRow): HostedPayments {
  const { hosted } = paymentProviders.of(ctx).named(provider) ?? {}
  if (!hosted) throw checkoutErrors.hosted_unavailable()
  return hosted
}

/**
 * Asks the provider to open what is stored, under its own id as the key, so that asking again after
 * a lost answer finds the same; keeps the answer. Throws `hosted_refused` where the provider said
 * no, and anything else where nobody knows.
 */
export async function askToOpen(ctx: ProcessContext, row: HostedRow): Promise<void> {
  const hosted = await refusable(ctx, row, () => providerOf(ctx, row).open(requestOf(row)))
  await ctx.transaction((tx) => keepOpened(tx, row, hosted), 'read committed')
}

const requestOf = (row: HostedRow) => ({
  key: row.id,
  kind: row.kind,
  amount: row.amount,
  currency: row.currency,
  lines: linesOf(row),
  customer_email: row.placed?.email ?? null,
  success_url: row.success_url,
  cancel_url: row.cancel_url,
  metadata: row.provider_metadata,
  method_types: row.method_types,
  expires_at: row.expires_at,
})

function linesOf({ placed }: HostedRow) {
  const names = new Map(placed?.lines.map(({ key, name }) => [key, name]))
  return (placed?.priced.lines ?? []).map(({ key, quantity, unit_amount }) => ({
    name: names.get(key) ?? 'Article',
    quantity,
    unit_amount,
  }))
}

async function refusable(ctx: ProcessContext, row: HostedRow, ask: () => Promise<Hosted>) {
  try {
    return await ask()
  } catch (error) {
    const isNo =
      error instanceof DomainError && error.code === paymentErrors.hosted_refused.spec.code
    if (!isNo) {
      ctx.log.warn({ err: error, hosted_id: row.id }, 'nobody knows whether a page was opened')
      throw checkoutErrors.hosted_unreachable()
    }
    const closed = { id: row.id, to: 'refused' as const, ref: null }
    await ctx.transaction((tx) => markClosed.run(tx, { ...closed, now: tx.now }), 'read committed')
    throw checkoutErrors.hosted_refused({ reason: error.message })
  }
}

/** Has it closed at the provider and takes down how it ended; what was paid becomes its order. */
export async function closeHosted(ctx: ProcessContext, row: HostedRow): Promise<void> {
  const hosted = providerOf(ctx, row)
  // Whether it was ever opened, nobody knows: asked again by its key, it has a name.
  const ref = row.ref ?? (await nameOf(ctx, row))
  if (ref !== undefined) await takeDown(ctx, row, await hosted.expire(ref))
}

async function nameOf(ctx: ProcessContext, row: HostedRow): Promise<string | undefined> {
  try {
    await askToOpen(ctx, row)
  } catch (error) {
    if (error instanceof DomainError && error.code === checkoutErrors.hosted_refused.spec.code) {
      return undefined
    }
    throw error
  }
  const named = await ctx.read((tx) => hostedById.first(tx, { id: row.id }))
  return named?.ref ?? undefined
}

/** Asks the provider how it stands. */
export async function lookAt(ctx: ProcessContext, row: HostedRow): Promise<void> {
  if (row.ref) await takeDown(ctx, row, await providerOf(ctx, row).read(row.ref))
}

async function takeDown(ctx: ProcessContext, row: HostedRow, told: Hosted): Promise<void> {
  const paid = await ctx.transaction(async (tx) => {
    await learn(tx, row, { ...told, occurred_at: tx.now })
    return (await hostedById.first(tx, { id: row.id }))?.status === 'paid'
  }, 'read committed')
  if (paid) await placeHosted(ctx, row.id)
}
