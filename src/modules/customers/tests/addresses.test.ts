import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PEOPLE } from '../../../seed/demo/people.ts'
import { addressProblems } from '../address-check.ts'
import { addressFormat, COUNTRIES_WITH_FORMAT } from '../address-formats.ts'
import { addressLabel } from '../address-label.ts'
import { countries, countryCode, findCountry } from '../countries.ts'
import { postalAddress, type SentAddress, streetAddress } from '../postal-address.ts'

const NOTHING = {
  name: null,
  first_name: null,
  last_name: null,
  company: null,
  address_line_1: null,
  address_line_2: null,
  city: null,
  province: null,
  postal_code: null,
  country_code: null,
  country: null,
  phone: null,
}

describe('an address', () => {
  it('is the same, whichever published shape it was sent in', () => {
    const expected = {
      ...NOTHING,
      address_line_1: '1 Main Street',
      address_line_2: 'Apt 4',
      city: 'Springfield',
      province: 'IL',
      postal_code: '62701',
      country_code: 'US',
    }
    const rest = { city: 'Springfield', postal_code: '62701' }
    const shapes: [SentAddress, string][] = [
      [{ ...rest, street: '1 Main Street', street2: 'Apt 4', state: 'IL', country: 'USA' }, 'USA'],
      [
        {
          ...rest,
          address_line_1: '1 Main Street',
          address_line_2: ' Apt 4 ',
          province: 'IL',
          country_code: 'us',
        },
        'us',
      ],
      [
        {
          ...rest,
          address_line1: '1 Main Street',
          address_line2: 'Apt 4',
          state: 'IL',
          country: 'United States',
        },
        'United States',
      ],
      [
        {
          city: 'Springfield',
          postcode: '62701',
          address_1: '1 Main Street',
          address_2: 'Apt 4',
          state: 'IL',
          country: 'US',
        },
        'US',
      ],
    ]
    for (const [sent, country] of shapes) {
      assert.deepEqual(postalAddress(sent), { ...expected, country })
    }
  })

  it('keeps what was written when its country is not known', () => {
    const lost = postalAddress({ street: 'Temple Road', city: 'Poseidonis', country: 'Atlantis' })
    assert.deepEqual([lost.country, lost.country_code], ['Atlantis', null])
    assert.equal(streetAddress(lost).country, 'Atlantis')
    assert.deepEqual(postalAddress({}), NOTHING)
    assert.deepEqual(streetAddress(postalAddress({})), {})
  })

  it('has one name of two', () => {
    assert.equal(postalAddress({ first_name: 'Ada', last_name: 'King' }).name, 'Ada King')
    assert.equal(postalAddress({ name: 'A. King', first_name: 'Ada' }).name, 'A. King')
  })

  it('survives the way into the words of the orders API and back', () => {
    const sent = {
      name: 'Ada King',
      company: 'Engines',
      street: '12 Square',
      street2: 'Floor 2',
      city: 'London',
      state: 'Greater London',
      postal_code: 'SW1Y 4JH',
      country: 'GB',
      phone: '+44 1',
    }
    assert.deepEqual(streetAddress(postalAddress(sent)), sent)
  })
})

describe('countries', () => {
  it('are those of ISO 3166-1 and Kosovo, each once, with a name', () => {
    const all = countries()
    assert.equal(all.length, 250)
    assert.equal(new Set(all.map(({ code }) => code)).size, 250)
    assert.equal(new Set(all.map(({ alpha_3 }) => alpha_3)).size, 250)
    for (const { code, alpha_3, name } of all) {
      assert.match(code, /^[A-Z]{2}$/)
      assert.match(alpha_3, /^[A-Z]{3}$/)
      assert.ok(name.length > 3 && name !== code, code)
    }
  })

  it('are known by two letters, three letters or a name, and by nothing else', () => {
    for (const text of ['DE', 'de', 'DEU', 'Germany', ' germany ']) {
      assert.equal(countryCode(text), 'DE', text)
    }
    assert.equal(countryCode('UK'), 'GB')
    assert.equal(findCountry('CHE')?.name, 'Switzerland')
    for (const text of ['', 'ZZ', 'EU', 'XX', 'Atlantis', 'D E']) {
      assert.equal(countryCode(text), undefined, text)
    }
  })
})

describe('address formats', () => {
  it('are there for the forty biggest trading countries and more, all of them countries', () => {
    assert.ok(COUNTRIES_WITH_FORMAT.length >= 60)
    const biggest =
      'US CN DE JP GB FR NL KR IT IN HK CA MX BE SG TW ES AE CH PL AU VN TH MY BR TR ID AT SE CZ SA IE RU DK HU RO NO PT PH ZA FI IL GR UA CL AR CO PE SK'
    for (const code of biggest.split(' ')) assert.ok(COUNTRIES_WITH_FORMAT.includes(code), code)
    for (const code of COUNTRIES_WITH_FORMAT) assert.equal(countryCode(code), code)
  })

  it('take their own example of a postal code', () => {
    for (const code of COUNTRIES_WITH_FORMAT) {
      const {
        postal_code_pattern: pattern,
        postal_code_example: example,
        lines,
      } = addressFormat(code)
      assert.equal(pattern === undefined, example === undefined, code)
      if (pattern) assert.match(example as string, new RegExp(`^(?:${pattern})$`), code)
      assert.equal(lines.join().includes('{postal_code}'), pattern !== undefined, code)
      assert.ok(lines.join().includes('{street}') && lines.join().includes('{city}'), code)
    }
  })

  it('take every address of the demo shop', () => {
    for (const [first_name, last_name, country, street, city, state, postal_code] of PEOPLE) {
      const address = postalAddress({
        first_name,
        last_name,
        street,
        city,
        state,
        postal_code,
        country,
      })
      assert.deepEqual(addressProblems(address), [], `${city} ${postal_code}`)
    }
  })

  it('say which field is wrong, the country first, in the words of whoever sent it', () => {
    const wrong = (sent: SentAddress, names = {}) =>
      addressProblems(postalAddress(sent), names).map(({ field, problem }) => `${field} ${problem}`)
    const home = { street: 'x', city: 'y' }
    const cases: [SentAddress, string[]][] = [
      [{}, ['country_code is required', 'address_line_1 is required', 'city is required']],
      [{ ...home, country: 'Atlantis' }, ['country_code must be a country (ISO 3166-1)']],
      [
        { ...home, country: 'US' },
        [
          'province is required in United States (state)',
          'postal_code is required in United States',
        ],
      ],
      [
        { ...home, country: 'DE', postal_code: '1234' },
        ['postal_code must look like 26133 in Germany'],
      ],
      [{ ...home, country: 'DE', postal_code: '12345' }, []],
      [{ ...home, country: 'GB', postal_code: 'sw1y 4jh' }, []],
      [
        { ...home, country: 'GB', postal_code: 'SW1Y 4JC' },
        ['postal_code must look like EC1Y 8SP in United Kingdom'],
      ],
      [{ ...home, country: 'CA', province: 'QC', postal_code: 'h3z2y7' }, []],
      [{ ...home, country: 'HK' }, []],
      [{ ...home, country: 'TD', postal_code: 'anything' }, []],
    ]
    for (const [sent, problems] of cases) assert.deepEqual(wrong(sent), problems)
    const names = { address_line_1: 'street', province: 'state', country_code: 'country' }
    assert.deepEqual(wrong({ city: 'y', country: 'US', zip: '1' }, names), [
      'street is required',
      'state is required in United States (state)',
      'postal_code must look like 95014 in United States',
    ])
  })
})

describe('a label', () => {
  const of = (sent: SentAddress, from?: string) => addressLabel(postalAddress(sent), from)
  const ada = { first_name: 'Ada', last_name: 'King' }

  it('has the lines that the post of the country wants, in their order', () => {
    assert.deepEqual(
      of({
        ...ada,
        company: 'Engines',
        street: '1 Main Street',
        street2: 'Apt 4',
        city: 'Springfield',
        state: 'IL',
        postal_code: '62701',
        country: 'USA',
      }),
      ['Ada King', 'Engines', '1 Main Street', 'Apt 4', 'Springfield, IL 62701', 'UNITED STATES'],
    )
    const german = { street: 'Weg 1', city: 'Köln', postal_code: '50823', state: 'NRW' }
    assert.deepEqual(of({ ...ada, ...german, country: 'DE' }), [
      'Ada King',
      'Weg 1',
      '50823 Köln',
      'GERMANY',
    ])
    const hungarian = { street: 'Fő utca 23', city: 'Budapest', postal_code: '1037', country: 'HU' }
    assert.deepEqual(of(hungarian), ['Budapest', 'Fő utca 23', '1037', 'HUNGARY'])
  })

  it('names the country only abroad, and what there is of an unknown one', () => {
    const french = { name: 'Inès', street: 'rue 1', city: 'Lyon', postal_code: '69001' }
    assert.deepEqual(of({ ...french, country: 'FR' }, 'FR'), ['Inès', 'rue 1', '69001 Lyon'])
    assert.deepEqual(of({ ...french, country: 'FR' }, 'DE').at(-1), 'FRANCE')
    assert.deepEqual(of({ ...french, country: 'Atlantis' }, 'FR').at(-1), 'ATLANTIS')
  })

  it('prints no separator beside a part that is not there', () => {
    const lines = (country: string, rest: object) => of({ street: 's', country, ...rest }, country)
    assert.deepEqual(lines('US', { city: 'Springfield' }), ['s', 'Springfield'])
    assert.deepEqual(lines('US', { postal_code: '62701' }), ['s', '62701'])
    assert.deepEqual(lines('TR', { city: 'Kadıköy', postal_code: '34710' }), ['s', '34710 Kadıköy'])
    assert.deepEqual(lines('BR', { city: 'Salvador' }), ['s', 'Salvador'])
  })
})
