/**
 * How the posts of the trading countries want an address: what stands below the street, what may
 * not be missing besides street and town, and how a postal code looks. The facts are those of the
 * Universal Postal Union's addressing sheets (upu.int, «Postal addressing systems») and of the
 * address data that goes with CLDR; Latin script, so that every printer can print it.
 */
export type AddressFormat = {
  /** What follows name and company, a line each; without `{street}` the street comes first. */
  lines: readonly string[]
  province_required: boolean
  postal_code_required: boolean
  /** Of the upper-case text; undefined where there are no postal codes, or none that we know. */
  postal_code_pattern: string | undefined
  postal_code_example: string | undefined
  /** What the people there call it. */
  province_word: string
  postal_code_word: string
}

/** Lines, `p` and `z` if province and postal code are needed, pattern, example, their words. */
type Row = readonly [
  lines: string,
  needs: '' | 'p' | 'z' | 'pz',
  pattern?: string | undefined,
  example?: string | undefined,
  province_word?: string,
  postal_code_word?: string,
]

const CODE_TOWN = '{postal_code} {city}'
const FOUR = '\\d{4}'
const FIVE = '\\d{5}'
const SIX = '\\d{6}'
const THREE_TWO = '\\d{3} ?\\d{2}'

const ROWS: Readonly<Record<string, Row>> = {
  AE: ['{city}|{province}', '', undefined, undefined, 'emirate'],
  AR: [`${CODE_TOWN}|{province}`, '', '[A-HJ-NP-Z]?\\d{4}([A-Z]{3})?', 'C1070AAM'],
  AT: [CODE_TOWN, 'z', FOUR, '1010'],
  AU: ['{city} {province} {postal_code}', 'pz', FOUR, '2060', 'state', 'postcode'],
  BD: ['{city} - {postal_code}', '', FOUR, '1340'],
  BE: [CODE_TOWN, 'z', FOUR, '4000'],
  BG: [CODE_TOWN, 'z', FOUR, '1000'],
  BR: ['{city}-{province}|{postal_code}', 'pz', '\\d{5}-?\\d{3}', '40301-110', 'state', 'CEP'],
  CA: [
    '{city} {province} {postal_code}',
    'pz',
    '[ABCEGHJKLMNPRSTVXY]\\d[ABCEGHJ-NPRSTV-Z] ?\\d[ABCEGHJ-NPRSTV-Z]\\d',
    'H3Z 2Y7',
  ],
  CH: [CODE_TOWN, 'z', FOUR, '2544', 'canton'],
  CL: [`${CODE_TOWN}|{province}`, '', '\\d{3}-?\\d{4}', '8340457', 'region'],
  CN: ['{city}|{province}, {postal_code}', 'pz', SIX, '266033'],
  CO: ['{city}, {province}, {postal_code}', 'p', SIX, '111221', 'department'],
  CR: ['{province}, {city}|{postal_code}', '', '\\d{4,5}', '10101'],
  CY: [CODE_TOWN, 'z', FOUR, '2008'],
  CZ: [CODE_TOWN, 'z', THREE_TWO, '100 00'],
  DE: [CODE_TOWN, 'z', FIVE, '26133', 'state'],
  DK: [CODE_TOWN, 'z', FOUR, '8660', 'region'],
  EE: [CODE_TOWN, 'z', FIVE, '69501', 'county'],
  EG: ['{city}|{province}|{postal_code}', '', FIVE, '12411', 'governorate'],
  ES: ['{postal_code} {city} {province}', 'pz', FIVE, '28039'],
  FI: [CODE_TOWN, 'z', FIVE, '00550', 'region'],
  FR: [CODE_TOWN, 'z', '\\d{2} ?\\d{3}', '33380', 'region'],
  GB: [
    '{city}|{postal_code}',
    'z',
    'GIR ?0AA|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[ABD-HJLNP-UW-Z]{2}',
    'EC1Y 8SP',
    'county',
    'postcode',
  ],
  GR: [CODE_TOWN, 'z', THREE_TWO, '151 24', 'region'],
  HK: ['{city}|{province}', '', undefined, undefined, 'area'],
  HR: [CODE_TOWN, 'z', FIVE, '10000', 'county'],
  HU: ['{city}|{street}|{postal_code}', 'z', FOUR, '1037', 'county'],
  ID: ['{city}|{province} {postal_code}', 'p', FIVE, '40115'],
  IE: [
    '{city}|{province}|{postal_code}',
    '',
    '[\\dA-Z]{3} ?[\\dA-Z]{4}',
    'A65 F4E2',
    'county',
    'Eircode',
  ],
  IL: ['{city} {postal_code}', '', '\\d{5}(\\d{2})?', '9614303', 'district'],
  IN: ['{city} {postal_code}|{province}', 'pz', '\\d{3} ?\\d{3}', '110034', 'state', 'PIN code'],
  IS: [CODE_TOWN, 'z', '\\d{3}', '320', 'region'],
  IT: ['{postal_code} {city} {province}', 'pz', FIVE, '00144'],
  JP: ['{city}, {province}|{postal_code}', 'pz', '\\d{3}-?\\d{4}', '154-0023', 'prefecture'],
  KE: ['{city}|{postal_code}', '', FIVE, '20100', 'county'],
  KR: ['{city}|{province}|{postal_code}', 'pz', FIVE, '03051'],
  KW: [CODE_TOWN, '', FIVE, '54541', 'governorate'],
  KZ: ['{city}|{province}|{postal_code}', '', SIX, '040900', 'region'],
  LI: [CODE_TOWN, 'z', '948[5-9]|949[0-8]', '9496'],
  LK: ['{city}|{postal_code}', '', FIVE, '20000'],
  LT: [CODE_TOWN, 'z', '(LT-)?\\d{5}', '04340', 'county'],
  LU: [CODE_TOWN, 'z', '(L-)?\\d{4}', '4750'],
  LV: ['{city}, {postal_code}', 'z', '(LV-)?\\d{4}', 'LV-1073', 'municipality'],
  MA: [CODE_TOWN, 'z', FIVE, '53000', 'region'],
  MC: [CODE_TOWN, 'z', '980\\d{2}', '98000'],
  MT: ['{city} {postal_code}', 'z', '[A-Z]{3} ?\\d{2,4}', 'NXR 01'],
  MX: ['{postal_code} {city}, {province}', 'pz', FIVE, '02860', 'state'],
  MY: [`${CODE_TOWN}|{province}`, 'z', FIVE, '43000', 'state', 'postcode'],
  NG: ['{city} {postal_code}|{province}', '', SIX, '930283', 'state'],
  NL: [CODE_TOWN, 'z', '[1-9]\\d{3} ?[A-Z]{2}', '1234 AB'],
  NO: [CODE_TOWN, 'z', FOUR, '0025', 'county'],
  NZ: ['{city} {postal_code}', 'z', FOUR, '6001', 'region', 'postcode'],
  PE: ['{city} {postal_code}|{province}', '', FIVE, '15001', 'region'],
  PH: ['{postal_code} {city}|{province}', '', FOUR, '1008'],
  PK: ['{city}-{postal_code}|{province}', '', FIVE, '44000'],
  PL: [CODE_TOWN, 'z', '\\d{2}-\\d{3}', '00-950', 'voivodeship'],
  PR: ['{city} {postal_code}', 'z', '00[679]\\d{2}(-\\d{4})?', '00930', 'municipality', 'ZIP code'],
  PT: [CODE_TOWN, 'z', '\\d{4}-\\d{3}', '2725-079', 'district'],
  QA: ['{city}', '', undefined, undefined, 'municipality'],
  RO: [`${CODE_TOWN}|{province}`, 'z', SIX, '060274', 'county'],
  RS: [CODE_TOWN, 'z', '\\d{5,6}', '11000', 'district'],
  RU: ['{city}|{province}|{postal_code}', 'pz', SIX, '247112', 'oblast'],
  SA: ['{city} {postal_code}', '', '\\d{5}(-\\d{4})?', '11564'],
  SE: [CODE_TOWN, 'z', THREE_TWO, '114 55', 'county'],
  SG: ['{city} {postal_code}', 'z', SIX, '546080', 'district'],
  SI: [CODE_TOWN, 'z', FOUR, '4000', 'region'],
  SK: [CODE_TOWN, 'z', THREE_TWO, '010 01', 'region'],
  TH: ['{city}|{province} {postal_code}', 'z', FIVE, '10150'],
  TN: [CODE_TOWN, '', FOUR, '1002', 'governorate'],
  TR: ['{postal_code} {city}/{province}', 'z', FIVE, '01960'],
  TW: ['{city}, {province} {postal_code}', 'pz', '\\d{3}(\\d{2,3})?', '104', 'county'],
  UA: ['{city}|{province}|{postal_code}', 'z', FIVE, '15432', 'oblast'],
  US: ['{city}, {province} {postal_code}', 'pz', '\\d{5}(-\\d{4})?', '95014', 'state', 'ZIP code'],
  UY: ['{postal_code} {city} {province}', '', FIVE, '11600', 'department'],
  VN: ['{city}|{province} {postal_code}', '', '\\d{5,6}', '70010'],
  ZA: ['{city}|{postal_code}', 'z', FOUR, '0083', 'province'],
}

const ELSEWHERE: Row = ['{postal_code} {city}|{province}', '']

/** The countries whose format is known; elsewhere nothing but street and town is asked for. */
export const COUNTRIES_WITH_FORMAT: readonly string[] = Object.keys(ROWS)

/** The address format of a country (two letters). */
export function addressFormat(country_code: string): AddressFormat {
  const [lines, needs, pattern, example, province_word, postal_code_word] =
    ROWS[country_code] ?? ELSEWHERE
  return {
    lines: lines.includes('{street}') ? lines.split('|') : ['{street}', ...lines.split('|')],
    province_required: needs.includes('p'),
    postal_code_required: needs.includes('z'),
    postal_code_pattern: pattern,
    postal_code_example: example,
    province_word: province_word ?? 'province',
    postal_code_word: postal_code_word ?? 'postal code',
  }
}
