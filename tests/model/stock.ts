// What stock is, told once more without a database: the ledger's sums and the promises on them.

export const PLACES = ['NEAR', 'FAR'] as const
export const SKUS = ['MUG', 'TEA', 'CUP'] as const
export type Place = (typeof PLACES)[number]
export type Sku = (typeof SKUS)[number]
export type Want = { sku: Sku; quantity: number }
export type Row = Want & { at: Place }

type Held = Row & {
  holder: string
  byHand: boolean
  status: 'pending' | 'confirmed' | 'consumed' | 'released' | 'expired' | 'cancelled'
  expires: number
}
const isOpen = ({ status }: Held) => status === 'pending' || status === 'confirmed'

export class Stock {
  readonly onHand = new Map<string, number>()
  readonly held: Held[] = []

  standing = (sku: Sku, at: Place) => this.onHand.get(`${sku} ${at}`) ?? 0
  promised = (sku: Sku, at: Place) =>
    sum(this.held.filter((one) => isOpen(one) && one.sku === sku && one.at === at))
  free = (sku: Sku, at: Place) => this.standing(sku, at) - this.promised(sku, at)

  move({ sku, at, quantity }: Row): void {
    this.onHand.set(`${sku} ${at}`, this.standing(sku, at) + quantity)
  }

  /** Posts differences one after another; answers how many were possible. */
  adjust(rows: readonly Row[]): number {
    const possible = rows.filter((row) => {
      if (this.free(row.sku, row.at) + row.quantity < 0) return false
      this.move(row)
      return true
    })
    return possible.length
  }

  count({ sku, at, quantity }: Row): boolean {
    if (quantity < this.promised(sku, at)) return false
    this.onHand.set(`${sku} ${at}`, quantity)
    return true
  }

  /** Promises all of it or nothing. What is overdue gives way only if that is needed and enough. */
  reserve(holder: string, wants: readonly Want[], more: Promising): boolean {
    const wanted = new Map<Sku, number>()
    for (const { sku, quantity } of wants) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity)
    let parts = this.#plan(wanted, more.at)
    if (!parts) {
      const due = this.held.filter((one) => isDue(one, more.now) && wanted.has(one.sku))
      for (const one of due) one.status = 'expired'
      parts = this.#plan(wanted, more.at)
      if (!parts) for (const one of due) one.status = 'pending'
    }
    const { byHand, expires = Infinity } = more
    for (const part of parts ?? []) {
      this.held.push({ ...part, holder, byHand, expires, status: 'pending' })
    }
    return parts !== undefined
  }

  #plan(wanted: Map<Sku, number>, only: Place | undefined): Row[] | undefined {
    const parts: Row[] = []
    for (const [sku, quantity] of wanted) {
      const places = PLACES.filter((at) => !only || at === only)
      const whole = places.find((at) => this.free(sku, at) >= quantity)
      const fullest = places.toSorted((a, b) => this.free(sku, b) - this.free(sku, a))
      let left = quantity
      for (const at of whole ? [whole] : fullest) {
        const taken = Math.min(left, Math.max(this.free(sku, at), 0))
        if (taken > 0) parts.push({ sku, at, quantity: taken })
        left -= taken
      }
      if (left > 0) return undefined
    }
    return parts
  }

  /** Gives back units promised by hand, the oldest first; the last promise may be divided. */
  release({ sku, quantity }: Want, by: { holder?: string; at?: Place }): boolean {
    const from = this.held.filter(
      (one) =>
        one.byHand &&
        one.status === 'pending' &&
        one.sku === sku &&
        (!by.holder || one.holder === by.holder) &&
        (!by.at || one.at === by.at),
    )
    if (sum(from) < quantity) return false
    let left = quantity
    for (const one of from) {
      if (left === 0) break
      if (one.quantity > left) this.held.push({ ...one, quantity: one.quantity - left })
      one.quantity = Math.min(one.quantity, left)
      one.status = 'released'
      left -= one.quantity
    }
    return true
  }

  /** Takes back one promise made by hand; 409 if it has ended or belongs to an order. */
  cancel(nth: number): 200 | 409 {
    const one = this.held[nth] as Held
    if (!isOpen(one) || !one.byHand) return 409
    one.status = 'cancelled'
    return 200
  }

  /** Ends what is overdue; answers how many promises that were. */
  expire(now: number): number {
    const due = this.held.filter((one) => isDue(one, now))
    for (const one of due) one.status = 'expired'
    return due.length
  }

  /** Hands what a holder holds and may still give away to another; answers the units by SKU. */
  transfer(from: string, to: string, now: number): Map<Sku, number> {
    const moved = new Map<Sku, number>()
    for (const one of this.held) {
      if (one.holder !== from || !isOpen(one) || one.expires <= now) continue
      Object.assign(one, { holder: to, expires: Infinity })
      moved.set(one.sku, (moved.get(one.sku) ?? 0) + one.quantity)
    }
    return moved
  }

  /** Lets what a holder holds end later. What is over stays over. */
  extend(holder: string, { expires, now }: { expires: number; now: number }): void {
    for (const one of this.held) {
      const isAlive = one.status === 'pending' && one.expires > now && one.expires < Infinity
      if (one.holder === holder && isAlive) one.expires = expires
    }
  }

  /** Remembers everything; the answer puts it back, as a transaction that is undone does. */
  remember(): () => void {
    const [onHand, held] = [new Map(this.onHand), this.held.map((one) => ({ ...one }))]
    return () => {
      this.onHand.clear()
      for (const [key, units] of onHand) this.onHand.set(key, units)
      this.held.splice(0, this.held.length, ...held)
    }
  }

  /** All that a holder still holds goes back, becomes certain, or leaves the shelf. */
  end(holder: string, status: 'released' | 'confirmed' | 'consumed'): void {
    for (const one of this.held.filter((held) => held.holder === holder && isOpen(held))) {
      if (status === 'consumed') this.move({ ...one, quantity: -one.quantity })
      one.status = status
      one.expires = Infinity
    }
  }
}

type Promising = { byHand: boolean; now: number; expires?: number; at?: Place | undefined }

const isDue = ({ status, expires }: Held, now: number) => status === 'pending' && expires <= now
const sum = (rows: readonly { quantity: number }[]) =>
  rows.reduce((total, { quantity }) => total + quantity, 0)
