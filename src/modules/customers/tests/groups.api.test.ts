import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { ADDRESS, shareShop } from './buyers.ts'

onEveryEngine('customer groups', (engine) => {
  const shared = shareShop(engine)
  const people = async (last_name: string, count: number, more = {}): Promise<string[]> => {
    const ids: string[] = []
    for (let nth = 1; nth <= count; nth++) {
      const email = `${last_name}-${nth}@example.org`
      const person = { first_name: `Nth${nth}`, last_name, email, ...more }
      const { data, error } = await shared.house.ask('POST /api/v1/customers', person)
      assert.ok(data, JSON.stringify(error))
      ids.unshift(data.id)
    }
    return ids
  }
  const ids = (data: { items: { id: string }[] }) => data.items.map(({ id }) => id)

  it('are made, changed, found by id or code, and deleted', async () => {
    const { house } = shared
    const group = { code: 'Wholesale', name: 'Wholesale buyers' }
    const made = await house.ask('POST /api/v1/customer-groups', group)
    assert.deepEqual([made.status, made.data.code, made.data.description], [201, 'wholesale', null])
    const twice = await house.ask('POST /api/v1/customer-groups', { ...group, code: 'WHOLESALE' })
    assert.deepEqual([twice.status, twice.error.code], [409, 'CUSTOMER_GROUP_EXISTS'])
    const found = await house.ask('GET /api/v1/customer-groups/WHOLESALE')
    assert.deepEqual(found.data, made.data)
    const other = await house.ask('POST /api/v1/customer-groups', { code: 'vip', name: 'VIP' })
    const path = `/api/v1/customer-groups/${other.data.id}`
    const taken = await house.ask(`PUT ${path}`, { code: 'wholesale' })
    assert.deepEqual([taken.status, taken.error.code], [409, 'CUSTOMER_GROUP_EXISTS'])
    const stale = await house.ask(`PUT ${path}`, { name: 'x' }, { headers: { 'if-match': '"7"' } })
    assert.equal(stale.status, 412)
    const changed = await house.ask(`PUT ${path}`, { name: 'Very important', description: 'Few' })
    assert.deepEqual([changed.data.name, changed.data.version], ['Very important', 2])
    const list = await house.ask('GET /api/v1/customer-groups')
    assert.deepEqual(ids(list.data), [other.data.id, made.data.id])
    const [member] = await people('gone', 1)
    await house.ask(`POST ${path}/members`, { customer_ids: [member] })
    assert.equal((await house.ask(`DELETE ${path}`)).status, 204)
    assert.equal((await house.ask(`GET ${path}`)).status, 404)
    assert.equal((await house.ask(`GET /api/v1/customers/${member}`)).status, 200)
    assert.deepEqual(await house.violations(), [])
  })

  it('have members, by pages, each once, and filter the list of customers', async () => {
    const { house } = shared
    const made = await people('member', 5)
    await house.ask('POST /api/v1/customer-groups', { code: 'club', name: 'Club' })
    const path = '/api/v1/customer-groups/club'
    const add = (customer_ids: string[]) => house.ask(`POST ${path}/members`, { customer_ids })
    assert.deepEqual((await add(made.slice(0, 3))).data, { added: 3 })
    assert.deepEqual((await add(made.slice(2))).data, { added: 2 })
    const nobody = '019aa5c0-0000-7000-8000-00000000dead'
    const wrong = await add([nobody])
    assert.deepEqual([wrong.status, wrong.error.code], [404, 'CUSTOMER_NOT_FOUND'])
    const first = await house.ask(`GET ${path}/members?limit=2`)
    assert.equal(first.data.total, 5)
    const next = await house.ask(`GET ${path}/members?limit=3&cursor=${first.data.next_cursor}`)
    const seen = [...first.data.items, ...next.data.items].map(({ customer }) => customer.id)
    assert.deepEqual(seen, made)
    const removed = made[1] as string
    assert.equal((await house.ask(`DELETE ${path}/members/${removed}`)).status, 204)
    assert.equal((await house.ask(`DELETE ${path}/members/${removed}`)).status, 204)
    const left = made.filter((id) => id !== removed)
    const list = async (query: string) =>
      ids((await house.ask(`GET /api/v1/customers?${query}`)).data)
    assert.deepEqual(await list('group=CLUB'), left)
    assert.deepEqual(await list('group=club&search=member'), left)
    assert.deepEqual(await list('group=club&search=nth1'), [made.at(-1)])
    assert.equal((await house.ask('GET /api/v1/customers?group=nothing')).status, 404)
    assert.equal((await house.ask(`DELETE /api/v1/customers/${left[0]}`)).status, 204)
    assert.deepEqual(await list('group=club'), left.slice(1))
  })

  it('take everyone once, however many put them in at the same time', async () => {
    const { house } = shared
    const made = await people('rush', 4)
    await house.ask('POST /api/v1/customer-groups', { code: 'rush', name: 'Rush' })
    const all = await Promise.all(
      [1, 2, 3, 4].map(() =>
        house.ask('POST /api/v1/customer-groups/rush/members', { customer_ids: made }),
      ),
    )
    assert.deepEqual(all.map(({ data }) => data.added).toSorted(), [0, 0, 0, 4])
  })

  it('are for staff with the permission', async () => {
    const { house } = shared
    const reader = { as: someoneWho('customers:read') }
    await house.ask('POST /api/v1/customer-groups', { code: 'seen', name: 'Seen' })
    assert.equal(
      (await house.ask('GET /api/v1/customer-groups/seen', undefined, reader)).status,
      200,
    )
    const change = await house.ask('PUT /api/v1/customer-groups/seen', { name: 'x' }, reader)
    assert.equal(change.status, 403)
    const { headers } = await shared.shop.newBuyer()
    assert.equal(
      (await shared.shop.ask('GET /api/v1/customer-groups', undefined, headers)).status,
      403,
    )
  })

  it('beside them customers are found by every word, and narrowed by every filter', async () => {
    const { house } = shared
    const made = await people('finder', 3, { phone: '+49 30 901820' })
    const list = async (query: string) =>
      ids((await house.ask(`GET /api/v1/customers?${query}`)).data)
    await house.ask(`PUT /api/v1/customers/${made[0]}`, { accepts_marketing: true })
    await house.ask(`POST /api/v1/customers/${made[1]}/addresses`, ADDRESS)
    assert.deepEqual(await list('search=FINDER'), made)
    assert.deepEqual(await list('search=find'), made)
    assert.deepEqual(await list('search=finder-2@example'), [made[1]])
    assert.deepEqual(await list('search=4930901'), made)
    assert.deepEqual(await list('search=inder'), [])
    assert.deepEqual(await list('search=finder&accepts_marketing=true'), [made[0]])
    assert.deepEqual(await list('accepts_marketing=true&search=nth3 finder'), [made[0]])
    assert.deepEqual(await list('search=finder&city=london&country_code=gb'), [made[1]])
    assert.deepEqual(await list('search=finder&status=Inactive'), [])
    const now = new Date().toISOString()
    assert.deepEqual(await list(`search=finder&from=${now}`), [])
    assert.deepEqual(await list(`search=finder&from=2020-01-01T00:00:00Z&to=${now}`), made)
    await house.ask(`PUT /api/v1/customers/${made[2]}`, { last_name: 'Loser' })
    assert.deepEqual(await list('search=finder'), made)
    await house.ask(`PUT /api/v1/customers/${made[2]}`, { email: 'x@example.net' })
    assert.deepEqual(await list('search=finder'), made.slice(0, 2))
  })
})
