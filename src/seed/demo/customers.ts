import { type CustomerRow, PEOPLE } from './people.ts'
import { type Random, randomStream } from './random.ts'
import type { DemoCurrency, DemoCustomer } from './types.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const MAIL_DOMAINS = ['example.com', 'example.org', 'example.net'] as const
/** Of the customers, those who were there before the first order of the year. */
const OLD_CUSTOMERS = 20
const PRICED_IN_EUR = new Set('IE DE FR NL ES IT PT SE DK FI AT'.split(' '))

/** E.164 ranges kept free for fiction, `#` for a free digit, `@` for the row's own area code. */
const FICTIONAL_PHONES: Readonly<Record<string, string>> = {
  US: '+1@55501##', // NANPA: 555-0100 to 555-0199
  CA: '+1@55501##',
  GB: '+447700900###', // Ofcom, numbers for drama use
  DE: '+493023125###', // Bundesnetzagentur, Vfg. 148/2021
  FR: '+33639980###', // Arcep: 06 39 98 00 00 to 06 39 98 99 99
  SE: '+4670174069#', // PTS: 070-174 06 05 to 070-174 06 99
}

/** The fifty customers, the longest known first, all registered before `now_ms`. */
export function demoCustomers(seed: number, now_ms: number): DemoCustomer[] {
  const random = randomStream(seed, 'customers')
  return random.shuffle(PEOPLE).map((person, place) => {
    const created_ms = Math.floor(now_ms - registeredAgo(place, random))
    return customerOf(person, { random, place, created_ms })
  })
}

/** The currency that a customer of that country (ISO 3166-1 alpha-2) is priced in. */
export function currencyOf(country: string): DemoCurrency {
  if (country === 'GB') return 'GBP'
  return PRICED_IN_EUR.has(country) ? 'EUR' : 'USD'
}

function customerOf(
  [first_name, last_name, country, street, city, state, postal_code, area]: CustomerRow,
  { random, place, created_ms }: { random: Random; place: number; created_ms: number },
): DemoCustomer {
  const pattern = FICTIONAL_PHONES[country]?.replace('@', area ?? '')
  const phone = pattern?.replace(/#/g, () => String(random.integer(0, 9)))
  return {
    email: emailOf(first_name, last_name, place),
    first_name,
    last_name,
    ...(phone === undefined ? {} : { phone }),
    accepts_marketing: random.chance(0.6),
    created_at: new Date(created_ms).toISOString(),
    currency: currencyOf(country),
    address: { street, city, state, postal_code, country },
  }
}

/** The first ones came in the two years before; the rest spread over the year up to last week. */
function registeredAgo(place: number, random: Random): number {
  if (place < OLD_CUSTOMERS) return YEAR_MS + (OLD_CUSTOMERS - place - random.next()) * 36 * DAY_MS
  const share = (place - OLD_CUSTOMERS + random.next()) / (PEOPLE.length - OLD_CUSTOMERS)
  return YEAR_MS - share * (YEAR_MS - 7 * DAY_MS)
}

function emailOf(first_name: string, last_name: string, place: number): string {
  const first = plainLetters(first_name)
  const last = plainLetters(last_name)
  const local = [`${first}.${last}`, `${first}${last}`, `${first[0]}.${last}`, `${first}_${last}`]
  return `${local[place % local.length]}@${MAIL_DOMAINS[place % MAIL_DOMAINS.length]}`
}

function plainLetters(name: string): string {
  const lower = name.toLowerCase().replace(/ø/g, 'o').replace(/ß/g, 'ss')
  return lower.normalize('NFD').replace(/[^a-z]/g, '')
}
