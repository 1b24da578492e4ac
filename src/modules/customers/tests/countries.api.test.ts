import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { ADDRESS, shareShop } from './buyers.ts'

onEveryEngine('countries', (engine) => {
  const shared = shareShop(engine)

  it('are listed for anyone who renders a form', async () => {
    const { data } = await shared.shop.ask('GET /api/v1/countries')
    assert.equal(data.length, 250)
    assert.deepEqual(data[0], {
      code: 'AD',
      alpha_3: 'AND',
      name: 'Andorra',
      has_address_format: false,
    })
    const usa = data.find(({ code }: { code: string }) => code === 'US')
    assert.equal(usa.has_address_format, true)
  })

  it('say how their addresses look', async () => {
    const { ask } = shared.shop
    const { data } = await ask('GET /api/v1/countries/usa/address-format')
    assert.deepEqual(
      data.fields.map(({ name }: { name: string }) => name),
      [
        'first_name',
        'last_name',
        'company',
        'address_line_1',
        'address_line_2',
        'city',
        'province',
        'postal_code',
        'phone',
      ],
    )
    type Field = { name: string; label: string; is_required: boolean }
    const province = data.fields.find(({ name }: Field) => name === 'province')
    assert.deepEqual(province, { name: 'province', label: 'state', is_required: true })
    assert.deepEqual(
      [data.country_code, data.is_known, data.postal_code_example],
      ['US', true, '95014'],
    )
    const chad = await ask('GET /api/v1/countries/TD/address-format')
    assert.deepEqual([chad.data.is_known, chad.data.postal_code_pattern], [false, null])
    const nowhere = await ask('GET /api/v1/countries/ZZ/address-format')
    assert.deepEqual([nowhere.status, nowhere.error.code], [404, 'COUNTRY_NOT_FOUND'])
  })

  it('decide what an address must have', async () => {
    const buyer = await shared.shop.newBuyer()
    const add = (more: object) => buyer.me('POST /addresses', { ...ADDRESS, ...more })
    for (const [more, field] of [
      [{ country_code: 'ZZ' }, 'country_code'],
      [{ country_code: 'US', province: null, postal_code: '62701' }, 'province'],
      [{ country_code: 'DE' }, 'postal_code'],
      [{ postal_code: undefined }, 'postal_code'],
    ] as const) {
      const { status, error } = await add(more)
      assert.deepEqual([status, error?.details.field], [400, field])
    }
    const { data: german } = await add({
      country_code: 'de',
      province: undefined,
      postal_code: '12045',
    })
    assert.deepEqual([german.province, german.postal_code], ['', '12045'])
    const moved = await buyer.me(`PUT /addresses/${german.id}`, { country_code: 'AT' })
    assert.deepEqual([moved.status, moved.error.details.field], [400, 'postal_code'])
    const both = { country_code: 'AT', postal_code: '1010' }
    assert.equal((await buyer.me(`PUT /addresses/${german.id}`, both)).data.country_code, 'AT')
  })

  it('let nobody have two defaults, however many ask for one at once', async () => {
    const buyer = await shared.shop.newBuyer()
    const add = () => buyer.me('POST /addresses', { ...ADDRESS, is_default_shipping: true })
    const made = await Promise.all([1, 2, 3, 4].map(add))
    assert.deepEqual(
      made.map(({ status }) => status),
      [201, 201, 201, 201],
    )
    const { data } = await buyer.me('GET /addresses')
    type Row = { is_default_shipping: boolean; is_default_billing: boolean }
    const defaults = (use: keyof Row) => data.items.filter((row: Row) => row[use]).length
    assert.deepEqual([defaults('is_default_shipping'), defaults('is_default_billing')], [1, 1])
  })
})
