/**
 * Every country of ISO 3166-1 by its two letters and its three, and Kosovo (XK, a user-assigned
 * code that the posts use).
 */
const CODES = `
  ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW
  AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN
  BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG
  CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE
  DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN
  FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL
  GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV
  HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM
  JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
  LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE
  MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS
  MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL
  NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI
  PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN
  SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV
  SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON
  TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN
  VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE`

/** What people write that is no official short name. */
const OTHER_NAMES = {
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  'south korea': 'KR',
  'russian federation': 'RU',
  turkey: 'TR',
  'viet nam': 'VN',
  uae: 'AE',
}

export type Country = { code: string; alpha_3: string; name: string }

type Countries = { all: readonly Country[]; byText: ReadonlyMap<string, Country> }

// Made at the first question: the names cost 20 ms and some megabytes that a start can do without.
let known: Countries | undefined

/** Every country with its English name, by code. */
export const countries = (): readonly Country[] => read().all

/** The country of two or three letters or an English name, in any case; undefined if unknown. */
export const findCountry = (text: string): Country | undefined =>
  read().byText.get(text.trim().toLowerCase())

/** The two letters (ISO 3166-1) of a country named by them or in English; undefined if unknown. */
export const countryCode = (country: string): string | undefined => findCountry(country)?.code

function read(): Countries {
  if (known) return known
  const names = new Intl.DisplayNames('en', { type: 'region' })
  const all = CODES.trim()
    .split(/\s+/)
    .map((codes) => {
      const code = codes.slice(0, 2)
      return { code, alpha_3: codes.slice(2), name: names.of(code) as string }
    })
  const byText = new Map<string, Country>()
  for (const country of all) {
    for (const text of [country.code, country.alpha_3, country.name]) {
      byText.set(text.toLowerCase(), country)
    }
  }
  for (const [text, code] of Object.entries(OTHER_NAMES)) {
    byText.set(text, byText.get(code.toLowerCase()) as Country)
  }
  known = { all, byText }
  return known
}
