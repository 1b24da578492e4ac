// What the demo shop charges, as a shop would enter it: rates of 2026, from the tax offices' own
// pages. They show how rates are kept and are no advice: local taxes of most places, thresholds
// and most exemptions are left out. Look yours up. In the states that are missing the shop is not
// registered, so it collects nothing there.
//
// US: the states' departments of revenue, gathered by the Federation of Tax Administrators
// (taxadmin.org, «State Sales Tax Rates»); New York: Tax Law §§ 1105, 1107, 1109, 1115.
// Canada: canada.ca, «GST/HST rates»; Revenu Québec, «QST»; gov.bc.ca, «PST».
// European Union: europa.eu, «VAT rules and rates», and its database «Taxes in Europe».
// United Kingdom: gov.uk, «VAT rates» and Notice 701/14 (coffee and tea are zero-rated).

/** How some things of the shop are taxed, beside the built-in class `standard`. */
export const TAX_CLASSES = [
  { code: 'groceries', name: 'Groceries', description: 'Coffee and tea to prepare at home.' },
  { code: 'clothing', name: 'Clothing' },
  {
    code: 'vouchers',
    name: 'Gift cards',
    description: 'Taxed when they are spent, not when sold.',
  },
  { code: 'shipping', name: 'Shipping' },
] as const
export type DemoTaxClass = 'standard' | (typeof TAX_CLASSES)[number]['code']

/** One rate; `rate` is a share. Zero means zero-rated unless another reason is given. */
export type DemoTaxRate = {
  country: string
  region?: string
  postal_prefix?: string
  tax_class: DemoTaxClass
  name: string
  rate: string
  reason?: 'exempt'
}

type State = [region: string, name: string, rate: string, exempt: readonly DemoTaxClass[]]

/** Each state's own sales tax; `exempt` says what it does not tax. */
const US_STATES: readonly State[] = [
  ['AZ', 'Arizona', '0.056', ['groceries']],
  ['CA', 'California', '0.0725', ['groceries', 'shipping']],
  ['GA', 'Georgia', '0.04', ['groceries']],
  ['HI', 'Hawaii', '0.04', []],
  ['IL', 'Illinois', '0.0625', ['groceries']],
  ['LA', 'Louisiana', '0.05', ['groceries']],
  ['ME', 'Maine', '0.055', ['groceries', 'shipping']],
  ['MN', 'Minnesota', '0.06875', ['groceries', 'clothing']],
  ['MT', 'Montana', '0', []],
  ['NM', 'New Mexico', '0.04875', ['groceries']],
  ['NY', 'New York', '0.04', ['groceries']],
  ['OR', 'Oregon', '0', []],
  ['TX', 'Texas', '0.0625', ['groceries']],
  ['VT', 'Vermont', '0.06', ['groceries', 'clothing']],
  ['WA', 'Washington', '0.065', ['groceries']],
]

/** Two local taxes in Brooklyn, to show that all rates of a place apply together. */
const BROOKLYN = {
  country: 'US',
  region: 'NY',
  postal_prefix: '112',
  tax_class: 'standard',
} as const
const NEW_YORK_CITY: readonly DemoTaxRate[] = [
  { ...BROOKLYN, name: 'New York City sales tax', rate: '0.045' },
  { ...BROOKLYN, name: 'Metropolitan commuter district tax', rate: '0.00375' },
]

/** Standard rate, and a lower one on coffee and tea where the shop knows of one. */
const EUROPE: readonly [country: string, rate: string, groceries?: string][] = [
  ['AT', '0.20', '0.10'],
  ['BE', '0.21', '0.06'],
  ['DE', '0.19', '0.07'],
  ['DK', '0.25'],
  ['ES', '0.21', '0.10'],
  ['FI', '0.255'],
  ['FR', '0.20', '0.055'],
  ['GB', '0.20', '0'],
  ['IE', '0.23', '0'],
  ['IT', '0.22'],
  ['LU', '0.17', '0.03'],
  ['NL', '0.21', '0.09'],
  ['PT', '0.23'],
  ['SE', '0.25'],
]

const CANADA: readonly [region: string, name: string, rate: string][] = [
  ['AB', 'GST', '0.05'],
  ['BC', 'GST', '0.05'],
  ['BC', 'PST', '0.07'],
  ['NS', 'HST', '0.14'],
  ['ON', 'HST', '0.13'],
  ['QC', 'GST', '0.05'],
  ['QC', 'QST', '0.09975'],
]

const COUNTRIES = ['US', 'CA', ...EUROPE.map(([country]) => country)]

export const TAX_RATES: readonly DemoTaxRate[] = [
  ...US_STATES.flatMap(ofState),
  ...NEW_YORK_CITY,
  ...EUROPE.flatMap(ofCountry),
  ...CANADA.map(([region, name, rate]) => {
    return { country: 'CA', region, tax_class: 'standard', name, rate } as const
  }),
  { country: 'CA', tax_class: 'groceries', name: 'GST/HST on basic groceries', rate: '0' },
  ...COUNTRIES.map((country) => {
    const facts = { name: 'Not taxed when sold', rate: '0', reason: 'exempt' } as const
    return { country, tax_class: 'vouchers', ...facts } as const
  }),
]

function ofState([region, name, rate, exempt]: State): DemoTaxRate[] {
  const state = { country: 'US', region, name: `${name} sales tax` }
  return [
    { ...state, tax_class: 'standard', rate },
    ...exempt.map((tax_class) => ({ ...state, tax_class, rate: '0', reason: 'exempt' }) as const),
  ]
}

function ofCountry([country, rate, groceries]: (typeof EUROPE)[number]): DemoTaxRate[] {
  const standard: DemoTaxRate = { country, tax_class: 'standard', name: 'VAT', rate }
  if (groceries === undefined) return [standard]
  return [standard, { ...standard, tax_class: 'groceries', rate: groceries }]
}
