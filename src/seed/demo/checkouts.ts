import { linesAmount } from './histories.ts'
import { isBirthday, OPENING_USES } from './promotions.ts'
import type { Random } from './random.ts'
import type { DemoCheckout, DemoOrderLine } from './types.ts'

const THROUGH_CHECKOUT = 0.4
const EXPRESS = 0.15
const WITH_WELCOME = 0.7
const WITH_BIRTHDAY = 0.8
const WITH_FREESHIP = 0.15
/** The first step of a history that began earlier has surely been taken by now. */
const SETTLED_MS = 10 * 60_000
/** A basket that surely is worth more than a voucher of 5.00, whatever is on sale. */
const WORTH_A_VOUCHER = 2500

type Placed = { customer_email: string; placed_ms: number; lines: readonly DemoOrderLine[] }

/** Says which orders come through the checkout and with which coupon; to be asked in time order. */
export function checkoutsOf(random: Random, now_ms: number) {
  const welcomed = new Set<string>()
  let opening = 0
  const couponFor = ({ customer_email, placed_ms, lines }: Placed): string | undefined => {
    const isFirst = !welcomed.has(customer_email)
    welcomed.add(customer_email)
    const luck = random.next()
    if (isBirthday(placed_ms, now_ms)) return luck < WITH_BIRTHDAY ? 'BIRTHDAY15' : undefined
    if (opening < OPENING_USES && linesAmount(lines) >= WORTH_A_VOUCHER) {
      opening += 1
      return 'OPENING5'
    }
    if (isFirst && luck < WITH_WELCOME) return 'WELCOME10'
    return luck < WITH_FREESHIP ? 'FREESHIP' : undefined
  }
  return (order: Placed): DemoCheckout | undefined => {
    const through = random.chance(THROUGH_CHECKOUT)
    const express = random.chance(EXPRESS)
    if (!through || now_ms - order.placed_ms < SETTLED_MS) return undefined
    const coupon = couponFor(order)
    return { express, ...(coupon !== undefined && { coupon }) }
  }
}
