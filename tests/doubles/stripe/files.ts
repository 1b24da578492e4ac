import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type Stripe from 'stripe'
import type { Books } from './books.ts'
import { invalid } from './refusal.ts'

type Params = Record<string, any>
const TYPES = new Set(['application/pdf', 'image/jpeg', 'image/png'])

/** The members of a form with files, each file with its size and digest. */
export async function readMultipart(request: IncomingMessage, body: Buffer): Promise<Params> {
  const headers = { 'content-type': String(request.headers['content-type']) }
  const form = await new Response(new Uint8Array(body), { headers }).formData()
  const params: Params = {}
  for (const [name, value] of form) {
    if (typeof value === 'string') params[name] = value
    else {
      const content = Buffer.from(await value.arrayBuffer())
      const sha256 = hash('sha256', content, 'hex')
      params[name] = { name: value.name, type: value.type, size: content.length, sha256 }
    }
  }
  return params
}

export function createFile(books: Books, { file, purpose }: Params): Stripe.File {
  if (purpose !== 'dispute_evidence') throw invalid('Invalid purpose.', { param: 'purpose' })
  if (!file?.size) throw invalid('You must provide a file.', { param: 'file' })
  if (!TYPES.has(file.type)) throw invalid(`Invalid file type ${file.type}.`, { param: 'file' })
  const made: Stripe.File = {
    id: books.id('file'),
    object: 'file',
    created: books.now,
    expires_at: null,
    filename: file.name,
    purpose,
    size: file.size,
    title: file.sha256,
    type: String(file.type).split('/')[1] ?? null,
    url: null,
  }
  books.files.set(made.id, made)
  return made
}
