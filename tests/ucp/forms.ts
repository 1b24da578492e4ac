import type { House } from '../testing.ts'

/** Fields of a form or a query; what is undefined is left out. */
export type Folded = Record<string, string | undefined>
type Told = {
  status: number
  text: string
  body: any
  /** Where the browser is sent; empty if nowhere. */
  location: string
  headers: Record<string, string>
}

/** Sends fields as a browser or an OAuth client does. */
export const folded =
  (http: House['http']) =>
  async (method: 'GET' | 'POST', path: string, fields: Folded): Promise<Told> => {
    const known = Object.entries(fields).filter((entry): entry is [string, string] => {
      return entry[1] !== undefined
    })
    const encoded = new URLSearchParams(known).toString()
    const answer = await http.inject({
      method,
      url: method === 'GET' ? `${path}?${encoded}` : path,
      ...(method === 'POST' && {
        payload: encoded,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    })
    const headers = answer.headers as Record<string, string>
    const isJson = headers['content-type']?.includes('json') ?? false
    return {
      status: answer.statusCode,
      text: answer.body,
      body: isJson ? JSON.parse(answer.body) : undefined,
      location: headers.location ?? '',
      headers,
    }
  }
