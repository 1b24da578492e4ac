import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { readAsSystem } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import { onEveryEngine } from '#testing'
import { warrantyInvariants } from '../invariants.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const nth = fc.nat(5)
const of = <T extends string>(what: T, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ do: fc.constant(what), ...more }) as fc.Arbitrary<{ do: T } & Record<string, any>>
const kind = fc.constantFrom('repair', 'replace', 'refund', 'credit')

const step = fc.oneof(
  of('cover', { serial: nth, quantity: fc.integer({ min: 1, max: 4 }), days: fc.nat(60) }),
  of('claim', {
    nth,
    quantity: fc.integer({ min: 1, max: 3 }),
    ago: fc.nat(40),
    pass: fc.boolean(),
  }),
  of('decide', { nth, verb: fc.constantFrom('approve', 'reject', 'withdraw', 'close', 'reopen') }),
  of('remedy', { nth, kind }),
  of('change', { nth, verb: fc.constantFrom('extend', 'void', 'transfer') }),
  of('pass', { days: fc.nat(40) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type World = {
  shop: Workshop
  warranties: string[]
  claims: string[]
  plan_id: string
  order_id: string
}
const pick = <T>(list: readonly T[], nth: number): T | undefined => list[nth % list.length]

async function play(world: World, step: Step): Promise<void> {
  const { shop, warranties, claims, plan_id, order_id } = world
  const { product_id, customer_id } = shop
  const warranty = pick(warranties, step.nth)
  const claim = pick(claims, step.nth)
  switch (step.do) {
    case 'cover': {
      const many = { product_id, customer_id, plan_id, quantity: step.quantity }
      const one = {
        product_id,
        customer_id,
        serial_number: `SN-${step.serial}`,
        warranty_type: 'Maker',
        terms: 'Faults.',
        expiration_date: shop.at(step.days + 1),
      }
      const body = step.serial < 3 ? one : many
      const { status, data } = await shop.ask('POST /api/v1/warranties', body)
      if (status === 201) warranties.push(data.id)
      return
    }
    case 'claim': {
      if (!warranty) return
      const { status, data } = await shop.claim(warranty, {
        quantity: step.quantity,
        incident_at: shop.at(-step.ago),
        ...(step.pass && { override_reason: 'Kindness.' }),
      })
      if (status === 201) claims.push(data.id)
      return
    }
    case 'decide': {
      const bodies = { approve: { resolution: 'Yes' }, reject: { reason: 'No' } } as const
      const body = { reason: 'It is so.', ...bodies[step.verb as 'approve'] }
      if (claim) await shop.ask(`POST /api/v1/warranties/claims/${claim}/${step.verb}`, body)
      return
    }
    case 'remedy': {
      if (!claim) return
      const { status, data } = await shop.ask(`POST /api/v1/warranties/claims/${claim}/remedies`, {
        kind: step.kind,
        ...(step.kind === 'credit' && { amount: '3.00', currency: 'USD' }),
        ...(['replace', 'refund'].includes(step.kind) && { order_id }),
      })
      const heir = status === 201 && data.remedies.at(-1).replacement_warranty_id
      if (heir) warranties.push(heir)
      return
    }
    case 'change': {
      const body = { additional_months: 1, reason: 'x', customer_id }
      if (warranty) await shop.ask(`POST /api/v1/warranties/${warranty}/${step.verb}`, body)
      return
    }
    default:
      shop.pass(step.days)
      await shop.followTime()
  }
}

const audit = ({ app }: Workshop) =>
  readAsSystem(app, (ctx) => findViolations(ctx, warrantyInvariants))

// Goal: whatever is covered, claimed, decided and remedied, in whatever order and however often
// refused, I-45, I-46, I-47 and the counts of units hold.
// Method: a random history through the API, and an audit of the module after each step.
onEveryEngine('any history of warranties', (engine) => {
  it('keeps every invariant', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (history) => {
      await using shop = await openWorkshop(engine)
      const plan = await shop.plan({ term_months: 1, transferable: true })
      const order = await shop.order()
      const world: World = {
        shop,
        warranties: [],
        claims: [],
        plan_id: plan.id,
        order_id: order.id,
      }
      for (const one of history) {
        await play(world, one)
        assert.deepEqual(await audit(shop), [], JSON.stringify(one))
      }
      assert.deepEqual(await shop.violations(), [])
    })
    await fc.assert(property, { numRuns: engine === 'sqlite' ? 12 : 3 })
  })
})
