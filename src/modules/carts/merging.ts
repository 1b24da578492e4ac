import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { unitPriceOf } from '#modules/catalogue'
import { orderableOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { updateEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import type { Channel } from './channel-names.ts'
import { addCodes, freePlace } from './coupons.ts'
import { cartEvents } from './events.ts'
import { type Coupon, cartById, type StoredCart, storedCart } from './find.ts'
import { CODES_MAX, LINES_MAX, QUANTITY_MAX } from './limits.ts'
import { insertCarts, newCart } from './new-cart.ts'
import { type Catalogue, catalogueOf, pricedCart } from './pricing.ts'
import { lineKey } from './recipients.ts'
import { saveCart } from './save.ts'
import { hashSession } from './sessions.ts'
import { db, type LineRow } from './tables.ts'

/** Carts of one guest that are merged by one call; who has more merges them with the next. */
const GUEST_CARTS_MAX = 20

// Converting carts stay with their checkout: it would lose them in the middle of a purchase.
const guestCarts = prepared(
  db,
  (open, p: { session_hash: string; in_channel: string; now: string }) =>
    open
      .selectFrom('carts')
      .select(['id', 'currency'])
      .where('session_hash', '=', p.session_hash)
      .where(sql<boolean>`coalesce(channel, '') = ${p.in_channel}`)
      .where('closed_as', 'is', null)
      .where('converting', '=', sql<boolean>`false`)
      .where('expires_at', '>', p.now)
      .orderBy('id', 'desc')
      .limit(GUEST_CARTS_MAX),
)
type Newest = { customer_id: string; in_channel: string; now: string }
const cartsOfCustomer = prepared(db, (open, p: Newest) =>
  open
    .selectFrom('carts')
    .select('id')
    .where('customer_id', '=', p.customer_id as Id<'customer'>)
    .where(sql<boolean>`coalesce(channel, '') = ${p.in_channel}`)
    .where('closed_as', 'is', null)
    // A storefront shows one cart, whatever its checkout is doing.
    .where(sql<boolean>`(not converting or channel is not null)`)
    .where('expires_at', '>', p.now)
    .orderBy('id', 'desc')
    .limit(100),
)

type Asked = {
  session_id: string
  into?: Id<'cart'> | undefined
  /** Carts of one storefront are merged among themselves; that of `into` unless said. */
  channel?: Channel | undefined
}

/**
 * Puts what a guest gathered into a cart of the customer who they turn out to be: the one named by
 * `into` if it is theirs and open, else their newest, else a new one. Once, however many calls come
 * at the same moment. Answers that cart, or undefined if there was nothing to merge.
 */
export async function absorbSession(
  ctx: Context,
  { session_id, into, channel: named }: Asked,
): Promise<Id<'cart'> | undefined> {
  const { customer_id } = ctx.actor
  if (!customer_id) return undefined
  const channel =
    named ?? (into ? ((await cartById.first(ctx, { id: into }))?.channel ?? null) : null)
  const asked = { session_hash: hashSession(session_id), in_channel: channel ?? '', now: ctx.now }
  const [first] = await guestCarts(ctx, asked)
  if (!first) return undefined
  await lockEntity(ctx, 'cart_owner', customer_id)
  const target = await targetOf(ctx, customer_id, { into, currency: first.currency, channel })
  const seen = await guestCarts(ctx, asked)
  const ids = seen.map(({ id }) => id)
  // All in the order of their ids: whoever takes several carts takes them in one direction.
  for (const id of [target, ...ids].toSorted()) await lockEntity(ctx, 'cart', id)
  const still = new Set((await guestCarts(ctx, asked)).map(({ id }) => id))
  // Somebody else has merged them or given them up: then a cart made for them is not wanted.
  if (still.size === 0) throw new TryAgain("a guest's carts were closed meanwhile")
  for (const id of ids.toReversed()) if (still.has(id)) await merge(ctx, id, target)
  return target
}

/** The caller's newest cart that is open, if they have one. */
export async function newestCart(ctx: Context): Promise<Id<'cart'> | undefined> {
  const { customer_id } = ctx.actor
  if (!customer_id) return undefined
  return (await cartsOfCustomer(ctx, { customer_id, in_channel: '', now: ctx.now }))[0]?.id
}

type Wanted = { into: Id<'cart'> | undefined; currency: string; channel: Channel | null }

async function targetOf(ctx: Context, customer_id: Id<'customer'>, wanted: Wanted) {
  const { into, currency, channel } = wanted
  const asked = { customer_id, in_channel: channel ?? '', now: ctx.now }
  const own = (await cartsOfCustomer(ctx, asked)).map(({ id }) => id)
  const known = own.find((id) => id === into) ?? own[0]
  if (known) return known
  const fresh = newCart(ctx, { customer_id, session_hash: null, currency, channel })
  await insertCarts(ctx, { rows: [fresh] })
  emit(ctx, cartEvents.created({ cart_id: fresh.id, customer_id, currency }))
  return fresh.id
}

type Moved = Pick<
  LineRow,
  'id' | 'cart_id' | 'quantity' | 'unit_amount_seen' | 'lowered_from' | 'updated_at'
>
const moveLines = updateEach<Moved, never>(
  db as never,
  {
    id: 'uuid',
    cart_id: 'uuid',
    quantity: 'bigint',
    unit_amount_seen: 'bigint',
    lowered_from: 'bigint',
    updated_at: 'timestamptz',
  },
  {
    table: 'cart_lines',
    key: ['id'],
    set: ({ id: _, ...row }) => row,
    where: () => sql`true`,
  },
)
const dropMerged = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open.deleteFrom('cart_lines').where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/** Moves one guest cart's lines and codes into a cart; both are locked. */
async function merge(ctx: Context, from_id: Id<'cart'>, cart_id: Id<'cart'>): Promise<void> {
  const [from, target] = [await storedCart(ctx, from_id), await storedCart(ctx, cart_id)]
  if (!from || !target) throw new Error(`cart ${from_id} or ${cart_id} is gone, though locked`)
  const catalogue = await catalogueOf(ctx, [...target.lines, ...from.lines], target.cart.currency)
  const { lines, moved, dropped, left } = await together(ctx, { from, target, catalogue })
  const coupons = codesTogether(ctx, from, target)
  const after: StoredCart = {
    cart: {
      ...target.cart,
      email: target.cart.email ?? from.cart.email,
      destination: target.cart.destination ?? from.cart.destination,
      shipping_method: target.cart.shipping_method ?? from.cart.shipping_method,
    },
    lines,
    coupons: [...target.coupons, ...coupons],
  }
  const told = await pricedCart(ctx, after, { catalogue })
  const line_count = moved.length
  emit(ctx, cartEvents.merged({ cart_id, from_cart_id: from_id, line_count }))
  await saveCart(ctx, {
    before: target,
    after,
    told,
    writes: {
      ...(moved.length > 0 && {
        lines: { write: moveLines.bind(ctx, { rows: moved }), rows: moved.length },
      }),
      ...(dropped.length > 0 && {
        dropped: { write: dropMerged.bind(ctx, { ids: dropped }), rows: dropped.length },
      }),
      ...(coupons.length > 0 && {
        coupons: { write: addCodes.bind(ctx, { rows: coupons }), rows: coupons.length },
      }),
    },
  })
  emit(ctx, cartEvents.converted({ cart_id: from_id, order_id: null, merged_into_id: cart_id }))
  const closed = { closed_as: 'merged' as const, closed_at: ctx.now, merged_into_id: cart_id }
  await saveCart(ctx, {
    before: from,
    after: { ...from, cart: { ...from.cart, ...closed }, lines: left },
  })
}

type Both = { from: StoredCart; target: StoredCart; catalogue: Catalogue }

/**
 * The lines of both: quantities of the same variant for the same recipient summed, and none above
 * what is in stock. One unit stays at least, so that the buyer sees what is gone. Lines beyond the
 * most that a cart holds stay behind.
 */
async function together(ctx: Context, { from, target, catalogue }: Both) {
  const items = from.lines.flatMap(({ variant_id }) => catalogue.get(variant_id)?.item_id ?? [])
  const available = await orderableOf(ctx, items)
  const lines = [...target.lines]
  const [moved, dropped, left]: [LineRow[], string[], LineRow[]] = [[], [], []]
  for (const line of from.lines) {
    const nth = lines.findIndex((one) => lineKey(one) === lineKey(line))
    if (nth < 0 && lines.length === LINES_MAX) {
      left.push(line)
      continue
    }
    const known = lines[nth]
    const sellable = catalogue.get(line.variant_id)
    const wanted = line.quantity + (known?.quantity ?? 0)
    const stock = sellable?.item_id ? (available.get(sellable.item_id) ?? 0) : QUANTITY_MAX
    const quantity = Math.min(wanted, Math.max(stock, 1), QUANTITY_MAX)
    const price = sellable && unitPriceOf(sellable, quantity, ctx.now)
    const joined: LineRow = {
      ...line,
      ...known,
      cart_id: target.cart.id,
      quantity,
      unit_amount_seen: price?.unit_amount ?? line.unit_amount_seen,
      lowered_from: quantity < wanted ? wanted : null,
      updated_at: ctx.now,
    }
    if (known) dropped.push(line.id)
    lines[known ? nth : lines.length] = joined
    moved.push(joined)
  }
  return { lines: lines.toSorted(byId), moved: moved.map(movedRow), dropped, left }
}

const byId = (a: LineRow, b: LineRow) => (a.id < b.id ? -1 : 1)
const movedRow = ({ variant_id: _, metadata: __, added_at: ___, ...row }: LineRow): Moved => row

function codesTogether(ctx: Context, from: StoredCart, { cart, coupons }: StoredCart) {
  const known = [...coupons]
  return from.coupons.flatMap(
    ({ code }): (Coupon & { cart_id: Id<'cart'>; added_at: string })[] => {
      if (known.length === CODES_MAX || known.some((one) => one.code === code)) return []
      const row = { cart_id: cart.id, code, position: freePlace(known), added_at: ctx.now }
      known.push(row)
      return [row]
    },
  )
}
