import bwip from '@bwip-js/node'

/** The dark bars of a linear code, in modules from its left edge. */
export type Bars = { bars: readonly { at: number; width: number }[]; modules: number }

/** Code 128 of a text of printable ASCII. */
export function barcode(text: string): Bars {
  const [code] = bwip.raw({ bcid: 'code128', text }) as { sbs: number[] }[]
  const bars: { at: number; width: number }[] = []
  let at = 0
  for (const [index, width] of (code?.sbs ?? []).entries()) {
    if (index % 2 === 0) bars.push({ at, width })
    at += width
  }
  return { bars, modules: at }
}

/** A QR code of a text: rows of modules, true where dark. */
export function qrCode(text: string): boolean[][] {
  const options = { bcid: 'qrcode', text, eclevel: 'M' } as const
  const [code] = bwip.raw(options) as { pixs: number[]; pixx: number; pixy: number }[]
  if (!code) throw new Error('a QR code could not be drawn')
  return Array.from({ length: code.pixy }, (_, row) =>
    Array.from({ length: code.pixx }, (__, column) => code.pixs[row * code.pixx + column] === 1),
  )
}
