import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Below this many characters compressing costs more than it saves. */
export const COMPRESS_MIN = 1024

const gzipText = promisify(gzip)
const brotliText = promisify(brotliCompress)
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

export type Encoding = 'br' | 'gzip'

/** The encoding to answer with: the best of ours that the caller does not refuse by `q=0`. */
export function encodingFor(accepted: string | undefined): Encoding | undefined {
  if (accepted === undefined) return undefined
  let wildcard = false
  let gzips = false
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part.split(';')
    if (parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(parameter))) continue
    const coding = name.trim().toLowerCase()
    if (coding === 'br') return 'br'
    if (coding === 'gzip' || coding === 'x-gzip') gzips = true
    if (coding === '*') wildcard = true
  }
  return gzips || wildcard ? 'gzip' : undefined
}

/** Compresses outside the main thread; others are served meanwhile. */
export const compress = (text: string | Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === 'br' ? brotliText(text, BROTLI) : gzipText(text, { level: 4 })
