import assert from 'node:assert/strict'
import { it } from 'node:test'
import { heldBy, reserveStock } from '#modules/inventory'
import { onEveryEngine, openHouse, someoneWho } from '#testing'
import { holder, openShelves } from './shelves.ts'

const RULES = '/api/v1/inventory/routing-rules'

onEveryEngine('routing rules', (engine) => {
  it('are edited by operators and decide from then on, with the reason stored', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 9, WEST: 9 } })
    const item_id = shop.item('MUG')
    let nth = 0
    const takenFrom = async (destination?: { country: string }) => {
      const to = { ...holder(++nth), ...(destination && { destination }) }
      await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 1 }], to))
      const [held] = await shop.read((ctx) => heldBy(ctx, [holder(nth)]))
      return [held?.location_id === shop.at('EAST') ? 'EAST' : 'WEST', held?.why]
    }
    assert.deepEqual(await takenFrom(), ['EAST', 'priority'])

    const near = await house.ask(`POST ${RULES}`, { kind: 'nearest_region' })
    await house.ask('PUT /api/v1/locations/WEST', { address: { country: 'DE' } })
    await house.ask('PUT /api/v1/locations/EAST', { address: { country: 'US' } })
    assert.deepEqual(await takenFrom({ country: 'DE' }), ['WEST', 'nearest_region'])
    const west = { kind: 'preferred_location', location_id: 'WEST', position: 1 }
    const preferred = await house.ask(`POST ${RULES}`, west)
    assert.deepEqual([near.data.position, preferred.data.position], [10, 1])
    assert.deepEqual(await takenFrom({ country: 'US' }), ['WEST', 'preferred_location'])

    const path = `${RULES}/${preferred.data.id}`
    await house.ask(`PUT ${path}`, { is_paused: true })
    assert.deepEqual(await takenFrom({ country: 'US' }), ['EAST', 'nearest_region'])
    await house.ask(`PUT ${path}`, { is_paused: false, country: 'FR', location_id: 'EAST' })
    assert.deepEqual(await takenFrom({ country: 'FR' }), ['EAST', 'preferred_location'])
    assert.equal((await house.ask(`DELETE ${path}`)).status, 204)
    assert.equal((await house.ask(`GET ${path}`)).error.code, 'ROUTING_RULE_NOT_FOUND')

    const { data } = await house.ask(`GET ${RULES}?limit=1`)
    assert.deepEqual([data.total, data.items[0].kind], [1, 'nearest_region'])
    const told = (await house.events()).filter((name) => name.startsWith('routing.'))
    const [created, updated] = ['routing.rule_created', 'routing.rule_updated']
    assert.deepEqual(told, [created, created, updated, updated, 'routing.rule_deleted'])
    assert.deepEqual(await house.violations(), [])
  })

  it('are paged by position, and refuse what has no meaning', async () => {
    await using house = await openHouse(engine)
    await openShelves(house, { MUG: { EAST: 1 } })
    const make = (body: object) => house.ask(`POST ${RULES}`, body)
    for (const position of [20, 10, 20]) await make({ kind: 'availability', position })

    const first = await house.ask(`GET ${RULES}?limit=2`)
    const next = await house.ask(`GET ${RULES}?limit=2&cursor=${first.data.next_cursor}`)

    const positions = [...first.data.items, ...next.data.items].map((rule) => rule.position)
    assert.deepEqual(positions, [10, 20, 20])
    const wrong = [
      { kind: 'preferred_location' },
      { kind: 'availability', location_id: 'EAST' },
      { kind: 'nearest_region', region: 'ME' },
    ]
    for (const body of wrong) assert.equal((await make(body)).status, 400, JSON.stringify(body))
    const unknown = await make({ kind: 'preferred_location', location_id: 'NOWHERE' })
    assert.equal(unknown.error.code, 'LOCATION_NOT_FOUND')
    for (let nth = 3; nth < 50; nth++) await make({ kind: 'fewest_splits' })
    assert.equal((await make({ kind: 'fewest_splits' })).error.code, 'TOO_MANY_ROUTING_RULES')
  })

  it('are shown at work before anything is promised', async () => {
    await using house = await openHouse(engine)
    await openShelves(house, { MUG: { EAST: 2, WEST: 5 }, TEA: { WEST: 1 } })
    await house.ask(`POST ${RULES}`, { kind: 'fewest_splits' })
    const items = [
      { item_number: 'MUG', quantity: 2 },
      { item_number: 'tea', quantity: 3 },
    ]

    const { data } = await house.ask(`POST ${RULES}/preview`, { items })

    assert.equal(data.locations_used, 1)
    assert.deepEqual(
      data.parts.map((part: any) => [part.item_number, part.quantity, part.why]),
      [
        ['MUG', 2, 'fewest_splits'],
        ['TEA', 1, 'only_location'],
      ],
    )
    assert.deepEqual([data.shortages[0].requested, data.shortages[0].available], [3, 1])
    const seller = someoneWho('inventory:read')
    const edit = await house.ask(`POST ${RULES}`, { kind: 'availability' }, { as: seller })
    assert.equal(edit.status, 403)
  })
})
