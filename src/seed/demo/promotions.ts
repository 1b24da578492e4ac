import type { DemoCurrency } from './types.ts'

const DAY_MS = 86_400_000
/** How long before now the shop opened, a little before its first order. */
export const OPENED_DAYS_AGO = 400
/** The week in which the shop was one year old, in days before now. */
const BIRTHDAY = { from: 35, to: 28 }
/** The first so many orders of `OPENING5`. */
export const OPENING_USES = 20

/** What the shop takes off; amounts are decimal strings, days are counted before now. */
export type DemoPromotion = {
  name: string
  label: string
  code?: string
  kind: 'percent' | 'fixed' | 'free_shipping'
  percent?: string
  amounts?: Partial<Record<DemoCurrency, string>>
  minimums?: Partial<Record<DemoCurrency, string>>
  usage_limit?: number
  usage_limit_per_customer?: number
  exclusive?: true
  starts_days_ago?: number
  ends_days_ago?: number
  state: 'active' | 'paused' | 'draft'
}

const everywhere = (amount: string) => ({ USD: amount, EUR: amount, GBP: amount })

/** One of each kind that staff meets: running, nearly used up, over, paused, coming, a draft. */
export const PROMOTIONS: readonly DemoPromotion[] = [
  {
    name: 'Welcome',
    label: '10 % off your first order',
    code: 'WELCOME10',
    kind: 'percent',
    percent: '10',
    usage_limit_per_customer: 1,
    state: 'active',
  },
  {
    name: 'Free shipping',
    label: 'Free shipping from 25.00',
    code: 'FREESHIP',
    kind: 'free_shipping',
    minimums: everywhere('25'),
    state: 'active',
  },
  {
    name: 'Full basket',
    label: '5 % off a full basket',
    kind: 'percent',
    percent: '5',
    minimums: { USD: '150', EUR: '140', GBP: '120' },
    state: 'active',
  },
  {
    name: 'Opening',
    label: '5.00 off for the first twenty',
    code: 'OPENING5',
    kind: 'fixed',
    amounts: everywhere('5'),
    usage_limit: OPENING_USES,
    state: 'active',
  },
  {
    name: 'One year old',
    label: '15 % off: it is our birthday',
    code: 'BIRTHDAY15',
    kind: 'percent',
    percent: '15',
    exclusive: true,
    starts_days_ago: BIRTHDAY.from,
    ends_days_ago: BIRTHDAY.to,
    state: 'active',
  },
  {
    name: 'Friends and family',
    label: '20 % off for friends',
    code: 'FRIENDS20',
    kind: 'percent',
    percent: '20',
    usage_limit: 100,
    state: 'paused',
  },
  {
    name: 'Season’s greetings',
    label: '12 % off before the holidays',
    code: 'SEASON12',
    kind: 'percent',
    percent: '12',
    starts_days_ago: -7,
    ends_days_ago: -21,
    state: 'active',
  },
  {
    name: 'Thank-you voucher',
    label: '8.00 off, with our thanks',
    code: 'THANKYOU8',
    kind: 'fixed',
    amounts: everywhere('8'),
    minimums: everywhere('40'),
    state: 'draft',
  },
]

/** Whether an order of that instant falls into the birthday week. */
export const isBirthday = (placed_ms: number, now_ms: number): boolean => {
  const days_ago = (now_ms - placed_ms) / DAY_MS
  return days_ago <= BIRTHDAY.from && days_ago > BIRTHDAY.to
}
