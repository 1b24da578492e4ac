import { type Difference, reconcile } from '#modules/payments'
import type { Command } from './cli.ts'
import { Unreadable } from './failures.ts'
import { openHouse } from './house.ts'

const DAY_MS = 86_400_000

export const payments: Command = {
  usage: `Usage: tradepost payments reconcile [--from INSTANT] [--to INSTANT] [--provider NAME]

Compares what a payment provider did with what this house knows of it, and lists every difference:
money that only one side knows, amounts that are not the same, requests whose answer is still out,
and webhooks that were given up. Changes nothing, and may run while the server does. Exits 1 if
there is a difference.

  --from      Where the window begins, such as 2026-11-01 or 2026-11-01T06:00:00Z; a day before --to.
  --to        Where it ends; now.
  --provider  Whose books; stripe.`,
  options: { from: { type: 'string' }, to: { type: 'string' }, provider: { type: 'string' } },
  words: [1, 1],
  async run({ words: [what], values }, terminal) {
    if (what !== 'reconcile') throw new Unreadable(`payments knows reconcile, not "${what}".`)
    const to = instantOf(values.to ?? new Date().toISOString(), '--to')
    const day_before = new Date(Date.parse(to) - DAY_MS).toISOString()
    const from = instantOf(values.from ?? day_before, '--from')
    if (from >= to) throw new Unreadable('--from must be before --to.')
    const provider = String(values.provider ?? 'stripe')
    const { app, close } = await openHouse(terminal, { unhurried: true })
    try {
      const result = await reconcile(app, { provider, window: { from, to } })
      const { differences } = result
      for (const one of differences) terminal.print(line(one))
      const count =
        differences.length === 1 ? 'one difference' : `${differences.length} differences`
      terminal.print(`${provider}, ${from} to ${to}: ${result.payments} payments, ${count}`)
      return differences.length === 0 ? 0 : 1
    } finally {
      await close()
    }
  },
}

const line = ({ kind, payment_ref, payment_id, about }: Difference) =>
  [kind.replace('_', ' ').padEnd(10), payment_ref ?? '-', payment_id ?? '-', about].join('  ')

function instantOf(text: string | boolean, option: string): string {
  const parsed = Date.parse(String(text))
  if (Number.isNaN(parsed))
    throw new Unreadable(
      `${option} is no instant: ${text}; such as 2026-11-01 or 2026-11-01T06:00:00Z.`,
    )
  return new Date(parsed).toISOString()
}
