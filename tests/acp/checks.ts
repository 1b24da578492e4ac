import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { House } from '#testing'
import {
  ADDRESS,
  available,
  BUYER,
  completion,
  creation,
  LATEST,
  otherAgent,
  PROOF,
  type speaker,
  totalOf,
} from './speaking.ts'

export type Shop = { house: House; ask: ReturnType<typeof speaker> }
type Check = [id: string, promise: string, run: (shop: Shop) => Promise<void>]

const SESSIONS = 'POST /checkout_sessions'
const create = async ({ ask }: Shop, more: object = {}, items = [{ id: 'MUG', quantity: 2 }]) =>
  (await ask(SESSIONS, creation(LATEST, items, more))).body
const at = (id: string, step = '') => `POST /checkout_sessions/${id}${step}`
const refused = (answer: { status: number; body: any }, status: number, code: string) =>
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body))
const codes = (session: { messages: { code: string }[] }) =>
  session.messages.map(({ code }) => code)

/** What a merchant's server must show in 2026-04-17, by the ids of the acceptance list. */
export const checks: readonly Check[] = [
  [
    'D-01',
    'a create with all that is needed answers a line, options and a state',
    async (shop) => {
      const answer = await shop.ask(SESSIONS, creation(LATEST, [{ id: 'MUG', quantity: 1 }]))
      assert.equal(answer.status, 201)
      assert.equal(answer.body.line_items[0].quantity, 1)
      assert.ok(answer.body.fulfillment_options.length > 0)
      assert.equal(answer.body.status, 'ready_for_payment')
    },
  ],
  [
    'D-02',
    'without an address it cannot be paid, and says why',
    async (shop) => {
      const session = await create(shop, { fulfillment_details: undefined })
      assert.equal(session.status, 'not_ready_for_payment')
      const [message] = session.messages
      assert.deepEqual([message.code, message.param], ['missing', '$.fulfillment_details.address'])
      assert.equal(totalOf(session, 'fulfillment'), 0)
    },
  ],
  [
    'D-03',
    'three units cost three times one',
    async (shop) => {
      const session = await create(shop, {}, [{ id: 'MUG', quantity: 3 }])
      const [line] = session.line_items
      assert.equal(line.quantity, 3)
      assert.equal(totalOf(line, 'items_base_amount'), 3 * line.unit_amount)
    },
  ],
  [
    'D-04',
    'an item may be named in each of the known ways',
    async (shop) => {
      const items = [{ item: { id: 'MUG' }, quantity: 2 }, { id: 'TEA' }]
      const session = await create(shop, { line_items: items })
      assert.deepEqual(
        session.line_items.map((one: any) => one.quantity),
        [2, 1],
      )
    },
  ],
  [
    'D-05',
    'a price that the agent names is ignored',
    async (shop) => {
      const items = [{ id: 'MUG', name: 'Gold', unit_amount: 1, quantity: 1 }]
      const session = await create(shop, { line_items: items })
      assert.equal(session.line_items[0].unit_amount, 1250)
      assert.equal(session.line_items[0].name, 'A MUG')
    },
  ],
  [
    'D-06',
    'a create without items is refused',
    async ({ ask }) => {
      const { line_items: _, ...body } = creation(LATEST) as Record<string, unknown>
      const none = await ask(SESSIONS, body)
      assert.deepEqual([none.status, none.body.param], [400, '$.line_items'])
      const empty = await ask(SESSIONS, { ...body, line_items: [] })
      assert.deepEqual([empty.status, empty.body.param], [400, '$.line_items'])
    },
  ],
  [
    'D-07',
    'a currency that is not sold in is refused',
    async ({ ask }) => {
      for (const currency of ['chf', 'xxx']) {
        const answer = await ask(SESSIONS, creation(LATEST, undefined, { currency }))
        assert.deepEqual([answer.status, answer.body.param], [400, '$.currency'])
      }
    },
  ],
  [
    'D-08',
    'an unknown item is refused by its place',
    async ({ ask }) => {
      const answer = await ask(SESSIONS, creation(LATEST, [{ id: 'NOTHING', quantity: 1 }]))
      refused(answer, 400, 'invalid_item_id')
      assert.equal(answer.body.param, '$.line_items[0].id')
    },
  ],
  [
    'D-09',
    'more than is in stock is told and cannot be paid',
    async (shop) => {
      const session = await create(shop, {}, [{ id: 'RARE', quantity: 9 }])
      assert.deepEqual(codes(session), ['quantity_exceeded'])
      assert.equal(session.status, 'not_ready_for_payment')
    },
  ],
  [
    'D-10',
    'what identifies a request is echoed',
    async ({ ask }) => {
      const key = randomUUID()
      const headers = { 'request-id': 'req-7' }
      const answer = await ask(SESSIONS, creation(LATEST), { key, headers })
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
      assert.equal(answer.headers['request-id'], 'req-7')
      assert.equal(answer.headers['idempotency-key'], key)
    },
  ],
  [
    'D-12',
    'there is one total, and every amount is labelled and whole',
    async (shop) => {
      const { totals } = await create(shop)
      assert.equal(totals.filter(({ type }: any) => type === 'total').length, 1)
      assert.ok(totals.every((one: any) => one.display_text && Number.isInteger(one.amount)))
    },
  ],
  [
    'D-13',
    'the totals add up',
    async (shop) => {
      const session = await create(shop, { discounts: { codes: ['TENOFF'] } })
      const of = (type: string) => totalOf(session, type)
      assert.equal(of('subtotal'), of('items_base_amount') - of('items_discount'))
      const sum = of('subtotal') - of('discount') + of('fulfillment') + of('tax') + of('fee')
      assert.equal(of('total'), sum)
    },
  ],
  [
    'D-14',
    'a read answers what the last write answered',
    async (shop) => {
      const session = await create(shop)
      const read = await shop.ask(`GET /checkout_sessions/${session.id}`)
      assert.deepEqual(read.body, session)
    },
  ],
  [
    'D-15',
    'an unknown session is not found',
    async ({ ask }) => {
      for (const id of [randomUUID(), 'nonsense', 'checkout_session_123']) {
        refused(await ask(`GET /checkout_sessions/${id}`), 404, 'session_not_found')
      }
    },
  ],
  [
    'D-16',
    'another address prices anew',
    async (shop) => {
      const session = await create(shop)
      const address = { ...ADDRESS, country: 'DE', state: '', postal_code: '10115' }
      const change = { fulfillment_details: { address } }
      const { status, body } = await shop.ask(at(session.id), change)
      assert.equal(status, 200)
      assert.equal(body.fulfillment_details.address.country, 'DE')
      const offered = body.fulfillment_options.map((one: any) => one.id)
      const [chosen] = body.selected_fulfillment_options
      if (chosen) assert.ok(offered.includes(chosen.option_id))
    },
  ],
  [
    'D-17',
    'a chosen option counts with its own total, and none that is not offered',
    async (shop) => {
      const session = await create(shop)
      for (const option of session.fulfillment_options) {
        const selected = { type: option.type, option_id: option.id, item_ids: [] }
        const change = { selected_fulfillment_options: [selected] }
        const { body } = await shop.ask(at(session.id), change)
        assert.equal(totalOf(body, 'fulfillment'), totalOf(option, 'total'))
      }
      const unknown = { type: 'shipping', option_id: 'teleport', item_ids: [] }
      const wrong = await shop.ask(at(session.id), { selected_fulfillment_options: [unknown] })
      assert.equal(wrong.status, 400)
      assert.equal(wrong.body.param, '$.selected_fulfillment_options[0].option_id')
    },
  ],
  [
    'D-24',
    'a way of fulfilment that is not offered is refused, whatever its kind',
    async (shop) => {
      const session = await create(shop)
      for (const type of ['pickup', 'local_delivery', 'digital']) {
        const option_id = session.fulfillment_options[0].id
        const selected = { type, option_id, item_ids: [] }
        const change = { selected_fulfillment_options: [selected] }
        const { status, body } = await shop.ask(at(session.id), change)
        assert.deepEqual([status, body.param], [400, '$.selected_fulfillment_options[0].option_id'])
      }
      const read = await shop.ask(`GET /checkout_sessions/${session.id}`)
      assert.deepEqual(read.body, session)
    },
  ],
  [
    'D-18',
    'lines may be meant by their ids or by their items',
    async (shop) => {
      const session = await create(shop)
      const [line] = session.line_items
      const option_id = session.fulfillment_options[0].id
      for (const name of [line.id, 'MUG', line.variant_id]) {
        const selected = { type: 'shipping', option_id, item_ids: [name] }
        const { body } = await shop.ask(at(session.id), {
          selected_fulfillment_options: [selected],
        })
        assert.deepEqual(body.selected_fulfillment_options[0].item_ids, [line.id])
      }
    },
  ],
  [
    'D-19',
    'what is no e-mail address is refused',
    async (shop) => {
      const { id } = await create(shop)
      const answer = await shop.ask(at(id), { buyer: { ...BUYER, email: 'ada' } })
      assert.deepEqual([answer.status, answer.body.param], [400, '$.buyer.email'])
    },
  ],
  [
    'D-20',
    'a list of items replaces the one before; unchanged lines keep their ids',
    async (shop) => {
      const session = await create(shop)
      const items = [
        { id: 'TEA', quantity: 1 },
        { id: 'MUG', quantity: 2 },
      ]
      const { body } = await shop.ask(at(session.id), { line_items: items })
      assert.deepEqual(
        body.line_items.map((one: any) => one.item.id),
        ['TEA', 'MUG'],
      )
      assert.equal(body.line_items[1].id, session.line_items[0].id)
    },
  ],
  [
    'D-21',
    'null clears the codes, and absence keeps them',
    async (shop) => {
      const { id } = await create(shop, { discounts: { codes: ['TENOFF'] } })
      const kept = await shop.ask(at(id), { order_notes: 'ring twice' })
      assert.deepEqual(kept.body.discounts.codes, ['TENOFF'])
      const cleared = await shop.ask(at(id), { discounts: null })
      assert.equal(cleared.body.discounts, undefined)
    },
  ],
  [
    'D-22',
    'a completed session does not change',
    async (shop) => {
      const { id } = await create(shop)
      await shop.ask(at(id, '/complete'), completion(LATEST))
      const before = (await shop.ask(`GET /checkout_sessions/${id}`)).body
      refused(await shop.ask(at(id), { order_notes: 'late' }), 409, 'session_ended')
      assert.deepEqual((await shop.ask(`GET /checkout_sessions/${id}`)).body, before)
    },
  ],
  [
    'D-23',
    'parcels and downloads are chosen apart, and their costs add up',
    async (shop) => {
      const items = [
        { id: 'MUG', quantity: 1 },
        { id: 'BOOK', quantity: 1 },
      ]
      const session = await create(shop, {}, items)
      const [mug, book] = session.line_items
      const options = new Map<string, any>(
        session.fulfillment_options.map((one: any) => [one.type, one]),
      )
      const selected = [
        { type: 'shipping', option_id: options.get('shipping').id, item_ids: [mug.id] },
        { type: 'digital', option_id: options.get('digital').id, item_ids: [book.id] },
      ]
      const { body } = await shop.ask(at(session.id), { selected_fulfillment_options: selected })
      assert.deepEqual(body.selected_fulfillment_options, selected)
      const cost =
        totalOf(options.get('shipping'), 'total') + totalOf(options.get('digital'), 'total')
      assert.equal(totalOf(body, 'fulfillment'), cost)
    },
  ],
  [
    'D-25',
    'a good token completes it, with its order; D-26 at the total shown',
    async (shop) => {
      const session = await create(shop)
      const { status, body } = await shop.ask(at(session.id, '/complete'), completion(LATEST))
      assert.deepEqual([status, body.status], [200, 'completed'])
      assert.equal(body.order.checkout_session_id, session.id)
      assert.match(body.order.permalink_url, /^https?:\/\//)
      const payments = await shop.house.ask(`GET /api/v1/payments/order/${body.order.id}`)
      const charged = (payments.data.items ?? payments.data).map((one: any) => one.amount)
      assert.deepEqual(charged, [(totalOf(session, 'total') / 100).toFixed(2)])
    },
  ],
  [
    'D-27',
    'a declined token makes no order and can be mended',
    async (shop) => {
      const { id } = await create(shop)
      const no = await shop.ask(at(id, '/complete'), completion(LATEST, 'pm_test_declined'))
      assert.deepEqual([no.status, no.body.status], [200, 'ready_for_payment'])
      assert.deepEqual(codes(no.body), ['payment_declined'])
      assert.equal(no.body.order, undefined)
      const yes = await shop.ask(at(id, '/complete'), completion(LATEST))
      assert.equal(yes.body.status, 'completed')
    },
  ],
  [
    'D-28',
    'what is not ready is refused and not charged',
    async (shop) => {
      const { id } = await create(shop, { fulfillment_details: undefined })
      const answer = await shop.ask(at(id, '/complete'), completion(LATEST))
      refused(answer, 409, 'not_ready_for_payment')
      assert.equal(answer.body.param, '$.fulfillment_details.address')
    },
  ],
  [
    'D-29',
    'a handler that was not offered is refused',
    async (shop) => {
      const { id } = await create(shop)
      const { payment_data } = completion(LATEST)
      const wrong = { payment_data: { ...payment_data, handler_id: 'other' } }
      const answer = await shop.ask(at(id, '/complete'), wrong)
      assert.deepEqual([answer.status, answer.body.param], [400, '$.payment_data.handler_id'])
    },
  ],
  [
    'D-30',
    'a payer who must prove themselves: D-31 asked for, D-32 good or bad, D-33 with proof',
    async (shop) => {
      const { id } = await create(shop)
      const complete = (more: object = {}) =>
        shop.ask(at(id, '/complete'), completion(LATEST, 'pm_test_3ds', more))
      const asked = await complete()
      assert.deepEqual([asked.status, asked.body.status], [200, 'authentication_required'])
      const { acquirer_details, directory_server } = asked.body.authentication_metadata
      assert.deepEqual([acquirer_details.acquirer_bin, directory_server], ['400000', 'visa'])
      assert.equal(asked.body.continue_url, undefined)
      const bare = await complete()
      refused(bare, 400, 'requires_3ds')
      assert.equal(bare.body.param, '$.authentication_result')
      const unproven = await complete({ authentication_result: { outcome: 'authenticated' } })
      assert.equal(unproven.body.param, '$.authentication_result.outcome_details')
      for (const outcome of ['denied', 'rejected', 'abandoned']) {
        const no = await complete({ authentication_result: { outcome } })
        assert.equal(no.body.status, 'ready_for_payment', JSON.stringify(no.body))
        assert.equal(no.body.order, undefined)
        assert.equal((await complete()).body.status, 'authentication_required')
      }
      assert.equal((await complete({ authentication_result: PROOF })).body.status, 'completed')
    },
  ],
  [
    'D-34',
    'a purchase order never charges a card',
    async (shop) => {
      const { id } = await create(shop)
      const payment_data = { purchase_order_number: 'PO-1', approval_required: true }
      const answer = await shop.ask(at(id, '/complete'), { payment_data })
      assert.equal(answer.status, 400)
      assert.equal(
        (await shop.ask(`GET /checkout_sessions/${id}`)).body.status,
        'ready_for_payment',
      )
    },
  ],
  [
    'D-36',
    'a cancel needs no body, and happens once',
    async (shop) => {
      const { id } = await create(shop)
      const first = await shop.ask(at(id, '/cancel'))
      assert.deepEqual([first.status, first.body.status], [200, 'canceled'])
      assert.equal((await shop.ask(at(id, '/cancel'))).status, 405)
    },
  ],
  [
    'D-37',
    'why it was given up is taken down and not told',
    async (shop) => {
      const { id } = await create(shop)
      const long = { reason_code: 'other', trace_summary: 'x'.repeat(501) }
      assert.equal((await shop.ask(at(id, '/cancel'), { intent_trace: long })).status, 400)
      const nested = { reason_code: 'other', metadata: { a: { b: 1 } } }
      assert.equal((await shop.ask(at(id, '/cancel'), { intent_trace: nested })).status, 400)
      const trace = { reason_code: 'never_heard_of', trace_summary: 'too dear', metadata: { n: 1 } }
      const done = await shop.ask(at(id, '/cancel'), { intent_trace: trace })
      assert.equal(done.status, 200)
      assert.ok(!JSON.stringify(done.body).includes('too dear'))
    },
  ],
  [
    'D-38',
    'what a session held is free after its cancel',
    async (shop) => {
      const before = await available(shop.house, 'RARE')
      const { id } = await create(shop, {}, [{ id: 'RARE', quantity: 2 }])
      assert.equal(await available(shop.house, 'RARE'), before - 2)
      await shop.ask(at(id, '/cancel'))
      assert.equal(await available(shop.house, 'RARE'), before)
    },
  ],
  [
    'D-40',
    'a POST without a key is refused',
    async ({ ask }) => {
      refused(await ask(SESSIONS, creation(LATEST), { key: null }), 400, 'idempotency_key_required')
    },
  ],
  [
    'D-41',
    'the same key and meaning answer the same, also on update and cancel',
    async (shop) => {
      const key = randomUUID()
      const body = creation(LATEST) as Record<string, unknown>
      const first = await shop.ask(SESSIONS, body, { key })
      const turned = Object.fromEntries(Object.entries(body).toReversed())
      const again = await shop.ask(SESSIONS, turned, { key })
      assert.deepEqual([again.status, again.body], [201, first.body])
      assert.equal(again.headers['idempotent-replayed'], 'true')
      assert.equal(first.headers['idempotent-replayed'], undefined)
      const cancel = () => shop.ask(at(first.body.id, '/cancel'), {}, { key })
      const canceled = await cancel()
      assert.deepEqual([(await cancel()).status, canceled.status], [200, 200])
    },
  ],
  [
    'D-42',
    'the same key with another body is a conflict',
    async ({ ask }) => {
      const key = randomUUID()
      await ask(SESSIONS, creation(LATEST), { key })
      const other = creation(LATEST, [{ id: 'TEA', quantity: 1 }])
      refused(await ask(SESSIONS, other, { key }), 422, 'idempotency_conflict')
      const old = { version: '2025-09-29', key: randomUUID() }
      await ask(SESSIONS, creation('2025-09-29'), old)
      const answer = await ask(SESSIONS, creation('2025-09-29', [{ id: 'TEA', quantity: 1 }]), old)
      refused(answer, 409, 'idempotency_conflict')
      assert.equal(answer.body.type, 'request_not_idempotent')
    },
  ],
  [
    'D-44',
    'a refusal is kept for its key, with its status',
    async (shop) => {
      const key = randomUUID()
      const { id } = await create(shop)
      await shop.ask(at(id, '/cancel'))
      for (const replayed of [undefined, 'true']) {
        const answer = await shop.ask(at(id, '/cancel'), {}, { key })
        assert.deepEqual([answer.status, answer.headers['idempotent-replayed']], [405, replayed])
      }
      const wrong = { ...creation(LATEST), line_items: [] }
      for (const replayed of [undefined, 'true']) {
        const answer = await shop.ask(SESSIONS, wrong, { key })
        assert.deepEqual([answer.status, answer.headers['idempotent-replayed']], [400, replayed])
      }
    },
  ],
  [
    'D-45',
    'one key is another on another path, or of another agent',
    async ({ ask }) => {
      const key = randomUUID()
      const one = await ask(SESSIONS, creation(LATEST), { key })
      const two = await ask(SESSIONS, creation(LATEST), { key, as: otherAgent })
      assert.notEqual(one.body.id, two.body.id)
      assert.equal(
        (await ask(at(one.body.id), {}, { key })).headers['idempotent-replayed'],
        undefined,
      )
    },
  ],
  [
    'D-47',
    'without a token nobody is served, and another agent finds nothing',
    async (shop) => {
      const { id } = await create(shop)
      for (const authorization of [undefined, 'Bearer wrong', 'Bearer sk_wrong']) {
        const headers = { 'api-version': LATEST, ...(authorization && { authorization }) }
        const answer = await shop.house.send(`GET /checkout_sessions/${id}`, {
          as: 'nobody',
          headers,
        })
        refused(answer, 401, 'unauthorized')
        assert.deepEqual(Object.keys(answer.body).toSorted(), ['code', 'message', 'type'])
      }
      const foreign = [
        `GET /checkout_sessions/${id}`,
        at(id),
        at(id, '/complete'),
        at(id, '/cancel'),
      ]
      for (const route of foreign) {
        const body = route.endsWith('complete')
          ? completion(LATEST)
          : route.startsWith('GET')
            ? undefined
            : {}
        refused(await shop.ask(route, body, { as: otherAgent }), 404, 'session_not_found')
      }
    },
  ],
  [
    'D-48',
    'a version must be named, D-49 and known',
    async ({ ask }) => {
      const none = await ask(SESSIONS, creation(LATEST), { version: null })
      refused(none, 400, 'missing_api_version')
      const unknown = await ask(SESSIONS, creation(LATEST), { version: '2025-01-01' })
      refused(unknown, 400, 'unsupported_api_version')
      for (const { body } of [none, unknown]) {
        assert.deepEqual(body.supported_versions, body.supported_versions.toSorted().toReversed())
        assert.equal(body.supported_versions[0], LATEST)
      }
    },
  ],
  [
    'D-52',
    'what is too large, no JSON or of another type is refused flatly',
    async (shop) => {
      const send = async (payload: string, type = 'application/json') => {
        const headers = {
          'x-api-key': shop.house.adminKey,
          'api-version': LATEST,
          'idempotency-key': randomUUID(),
          'content-type': type,
        }
        const answer = await shop.house.http.inject({
          method: 'POST',
          url: '/checkout_sessions',
          headers,
          payload,
        })
        const body = answer.json()
        assert.deepEqual(
          Object.keys(body)
            .filter((name) => name !== 'param')
            .toSorted(),
          ['code', 'message', 'type'],
        )
        return answer.statusCode
      }
      assert.equal(await send('{"line_items":'), 400)
      assert.equal(await send('<a/>', 'text/xml'), 415)
      assert.equal(await send(`"${'x'.repeat(shop.house.app.settings.max_body_size)}"`), 413)
      assert.equal(await send(`${'['.repeat(40)}${']'.repeat(40)}`), 400)
      assert.equal(await send('[]'), 400)
    },
  ],
  [
    'D-53',
    'the answer lists what both understand, D-54 and echoes nothing of the agent alone',
    async (shop) => {
      const interventions = {
        supported: ['3ds', 'biometric'],
        display_context: 'native',
        max_redirects: 3,
      }
      const session = await create(shop, { capabilities: { interventions } })
      assert.deepEqual(session.capabilities.interventions.supported, ['3ds'])
      assert.equal(session.capabilities.interventions.display_context, undefined)
      const none = await create(shop, { capabilities: {} })
      assert.deepEqual(none.capabilities.interventions.supported, [])
    },
  ],
  [
    'D-55',
    'every answer has the capabilities, D-56 with handlers that are whole',
    async (shop) => {
      const session = await create(shop)
      const { id } = session
      const answers = [
        session,
        (await shop.ask(at(id), {})).body,
        (await shop.ask(`GET /checkout_sessions/${id}`)).body,
        (await shop.ask(at(id, '/cancel'))).body,
      ]
      for (const { capabilities } of answers) {
        const { handlers } = capabilities.payment
        assert.equal(new Set(handlers.map((one: any) => one.id)).size, handlers.length)
        for (const { name, config } of handlers) {
          assert.match(name, /^[a-z]+(\.[a-z_]+)+$/)
          assert.ok(config.merchant_id && config.psp)
        }
      }
    },
  ],
  [
    'D-58',
    'an extension that both know is declared',
    async (shop) => {
      const extensions = ['discount', 'unheard_of']
      const { capabilities } = await create(shop, { capabilities: { extensions } })
      assert.deepEqual(
        capabilities.extensions.map((one: any) => one.name),
        ['discount'],
      )
      assert.ok(capabilities.extensions[0].extends.length > 0)
    },
  ],
  [
    'D-59',
    'a valid code takes off what it says, D-62 to the last unit',
    async (shop) => {
      const items = [
        { id: 'MUG', quantity: 3 },
        { id: 'TEA', quantity: 7 },
        { id: 'BOOK', quantity: 1 },
      ]
      const full = await create(shop, {}, items)
      const session = await create(shop, { discounts: { codes: ['tenoff'] } }, items)
      const [applied] = session.discounts.applied
      assert.ok(applied.amount > 0)
      const sum = applied.allocations.reduce((all: number, { amount }: any) => all + amount, 0)
      assert.equal(sum, applied.amount)
      assert.equal(totalOf(session, 'items_discount'), applied.amount)
      assert.equal(totalOf(full, 'subtotal') - totalOf(session, 'subtotal'), applied.amount)
    },
  ],
  [
    'D-60',
    'an expired or unknown code is rejected with a warning',
    async (shop) => {
      const session = await create(shop, { discounts: { codes: ['OVER', 'NEVER'] } })
      const reasons = session.discounts.rejected.map(({ reason }: any) => reason).toSorted()
      assert.deepEqual(reasons, ['discount_code_expired', 'discount_code_invalid'])
      assert.deepEqual(codes(session).toSorted(), reasons)
      assert.equal(session.status, 'ready_for_payment')
    },
  ],
  [
    'D-61',
    'codes replace those before',
    async (shop) => {
      const { id } = await create(shop, { discounts: { codes: ['TENOFF'] } })
      const other = await shop.ask(at(id), { discounts: { codes: ['FIVEOFF'] } })
      assert.deepEqual(
        other.body.discounts.applied.map((one: any) => one.code),
        ['FIVEOFF'],
      )
      const none = await shop.ask(at(id), { discounts: { codes: [] } })
      assert.equal(none.body.discounts, undefined)
    },
  ],
  [
    'D-65',
    'a cart estimates in the shop’s currency, D-66 is replaced whole, D-67 and given up',
    async ({ ask }) => {
      const cart = await ask('POST /carts', { line_items: [{ id: 'MUG', quantity: 2 }] })
      assert.deepEqual([cart.status, cart.body.currency], [201, 'usd'])
      assert.equal(totalOf(cart.body, 'items_base_amount'), 2500)
      const { id } = cart.body
      const replaced = await ask(`PUT /carts/${id}`, { line_items: [{ id: 'TEA', quantity: 1 }] })
      assert.deepEqual(
        replaced.body.line_items.map((one: any) => one.item.id),
        ['TEA'],
      )
      assert.ok(replaced.body.expires_at >= cart.body.expires_at)
      refused(await ask(`GET /carts/${id}`, undefined, { as: otherAgent }), 404, 'not_found')
      assert.deepEqual(
        (await ask(`POST /carts/${id}/cancel`)).body.line_items,
        replaced.body.line_items,
      )
      refused(await ask(`GET /carts/${id}`), 404, 'not_found')
    },
  ],
  [
    'D-68',
    'a cart keeps what is short, with a message; nothing at all is refused',
    async ({ ask }) => {
      const some = {
        line_items: [
          { id: 'NONE', quantity: 1 },
          { id: 'MUG', quantity: 1 },
        ],
      }
      const cart = await ask('POST /carts', some)
      assert.deepEqual([cart.status, cart.body.line_items.length], [201, 2])
      assert.deepEqual(codes(cart.body), ['out_of_stock'])
      refused(
        await ask('POST /carts', { line_items: [{ id: 'NONE', quantity: 1 }] }),
        422,
        'out_of_stock',
      )
    },
  ],
  [
    'D-83',
    'attribution is taken down and never told',
    async (shop) => {
      const affiliate_attribution = { provider: 'impact.example', token: 'atp_secret' }
      const session = await create(shop, { affiliate_attribution })
      const last = { ...affiliate_attribution, token: 'atp_last' }
      const done = await shop.ask(
        at(session.id, '/complete'),
        completion(LATEST, 'pm_test_success', { affiliate_attribution: last }),
      )
      assert.ok(!/atp_|pm_test/.test(JSON.stringify([session, done.body])))
      assert.equal(done.body.status, 'completed')
    },
  ],
  [
    'D-85',
    'a language that is not spoken is answered in the default one',
    async ({ ask }) => {
      const session = async (language: string) => {
        const headers = { 'accept-language': language }
        const more = { fulfillment_details: undefined }
        return (await ask(SESSIONS, creation(LATEST, undefined, more), { headers })).body
      }
      const [english, other] = [await session('en-US'), await session('xx, de;q=0.5')]
      assert.deepEqual(other.messages, english.messages)
      assert.equal(other.line_items[0].name, english.line_items[0].name)
    },
  ],
  [
    'D-84',
    'Markdown with HTML is refused',
    async ({ ask }) => {
      const note = { content_type: 'markdown', content: 'hello <script>alert(1)</script>' }
      const answer = await ask(SESSIONS, creation(LATEST, undefined, { metadata: { note } }))
      assert.deepEqual([answer.status, answer.body.param], [400, '$.metadata.note.content'])
    },
  ],
]
