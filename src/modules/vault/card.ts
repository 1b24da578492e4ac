import { vaultErrors } from './errors.ts'
import type { Card, DelegatePayment } from './schemas.ts'

/**
 * The card in a request, checked: digits with a good check digit, an end that is not past. Throws
 * `invalid_card` with the field and never with its value.
 */
export function readCard(input: DelegatePayment, now: string): Card {
  const { payment_method: card } = input
  const number = card.number.replaceAll(/[ -]/g, '')
  const refuse = (member: string, problem: string) => {
    throw vaultErrors.invalid_card({ field: `payment_method.${member}`, problem })
  }
  if (number.length < 12 || number.length > 19) refuse('number', 'must have 12 to 19 digits')
  if (!passesLuhn(number)) refuse('number', 'its check digit is wrong')
  const { exp_month, exp_year } = card
  if (exp_month === undefined && exp_year !== undefined) refuse('exp_month', 'is required')
  if (exp_year === undefined && exp_month !== undefined) refuse('exp_year', 'is required')
  const month = exp_month === undefined ? null : Number(exp_month)
  const year = exp_year === undefined ? null : fourDigits(exp_year)
  if (month !== null && year !== null && isPast(year, month, now)) {
    refuse('exp_year', 'the card has expired')
  }
  refuseCardIn(input.metadata, number)
  return {
    number,
    card_number_type: card.card_number_type,
    exp_month: month,
    exp_year: year,
    name: card.name ?? null,
    cvc: card.cvc ?? null,
    cryptogram: card.cryptogram ?? null,
    eci_value: card.eci_value ?? null,
    funding: card.display_card_funding_type,
    brand: card.display_brand ?? null,
    last4: card.display_last4 ?? number.slice(-4),
    billing_address: input.billing_address ?? null,
  }
}

/** The check digit of ISO/IEC 7812-1. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const fourDigits = (year: string): number => (year.length === 2 ? 2000 : 0) + Number(year)

/** A card is good to the end of its month, wherever on earth that month ends last (UTC−12). */
function isPast(year: number, month: number, now: string): boolean {
  return Date.UTC(year, month) + 12 * 3_600_000 <= Date.parse(now)
}

/** What is answered as it came must not hold the number, however it is spelled. */
function refuseCardIn(metadata: Record<string, string>, number: string): void {
  for (const [name, value] of Object.entries(metadata)) {
    const holds = [name, value].some((text) => text.replaceAll(/\D/g, '').includes(number))
    // The member is not named: its name may be what holds the number.
    if (holds) throw vaultErrors.invalid_card({ field: 'metadata', problem: 'holds card data' })
  }
}
