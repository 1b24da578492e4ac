// ISO 4217, active codes of list one with their exponent (number of minor-unit digits).
const EXPONENT_2 =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF ' +
  'CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL ' +
  'HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT ' +
  'MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB ' +
  'SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH ' +
  'USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
const EXPONENT_0 = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
const EXPONENT_3 = 'BHD IQD JOD KWD LYD OMR TND'
const EXPONENT_4 = 'CLF UYW'

const exponents = new Map<string, number>(
  [EXPONENT_0, '', EXPONENT_2, EXPONENT_3, EXPONENT_4].flatMap((codes, exponent) =>
    codes.split(' ').map((code) => [code, exponent] as const),
  ),
)
exponents.delete('')

/** Every currency code the product knows. */
export const currencyCodes: readonly string[] = [...exponents.keys()].toSorted()

/** Minor-unit digits of a currency: 2 for EUR, 0 for JPY, 3 for KWD; undefined if unknown. */
export const exponentOf = (currency: string): number | undefined => exponents.get(currency)
