import type { Id } from '#kit/ids'
import { profileOf, userEvents } from '#modules/access'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { closeCustomer } from './commands/delete-customer.ts'
import { writeCustomer } from './commands/update-customer.ts'
import { customerEvents } from './events.ts'
import { CUSTOMER_COLUMNS, type StoredCustomer } from './find.ts'
import { customerLifecycle } from './lifecycle.ts'
import { db } from './tables.ts'

const ofLogin = (ctx: Context, user_id: Id<'user'>): Promise<StoredCustomer | undefined> =>
  db(ctx)
    .selectFrom('customers')
    .select(CUSTOMER_COLUMNS)
    .where('user_id', '=', user_id)
    .executeTakeFirst()

const touched = (ctx: Context, customer: StoredCustomer) => ({
  ...customer,
  version: customer.version + 1,
  updated_at: ctx.now,
})

/** One person in two tables: what a login learns of them, their customer knows at once. */
const followProfile = together(
  userEvents.updated,
  'customers.follow_profile',
  async (ctx, { user_id }) => {
    const customer = await ofLogin(ctx, user_id)
    const told = customer && (await profileOf(ctx, user_id))
    if (!told) return
    const changed = (Object.keys(told) as (keyof typeof told)[]).filter(
      (member) => told[member] !== customer[member],
    )
    if (changed.length === 0) return
    await writeCustomer(ctx, { ...touched(ctx, customer), ...told })
    emit(ctx, customerEvents.updated({ customer_id: customer.id, changed }))
  },
)

const followStatus =
  (move: 'suspend' | 'activate') =>
  async (ctx: Context, { user_id }: { user_id: Id<'user'> }) => {
    const customer = await ofLogin(ctx, user_id)
    if (!customer || !customerLifecycle.movesFrom(customer.status).includes(move)) return
    // An inactive customer may log in: activating the login of one changes nothing about them.
    if (move === 'activate' && customer.status !== 'Suspended') return
    const to = customerLifecycle.next(customer.status, move)
    await writeCustomer(ctx, { ...touched(ctx, customer), status: to })
    const { id: customer_id, status: from } = customer
    emit(ctx, customerEvents.status_changed({ customer_id, from, to }))
  }

const followSuspension = together(
  userEvents.suspended,
  'customers.follow_suspension',
  followStatus('suspend'),
)
const followActivation = together(
  userEvents.activated,
  'customers.follow_activation',
  followStatus('activate'),
)

/** An account that is closed leaves no customer behind who holds its e-mail. */
const followDeletion = together(
  userEvents.deleted,
  'customers.follow_deletion',
  async (ctx, { user_id }) => {
    const customer = await ofLogin(ctx, user_id)
    if (customer) await closeCustomer(ctx, customer)
  },
)

export const reactions = [followProfile, followSuspension, followActivation, followDeletion]
