// How the stories speak to the shop: where it is, with which key, and one call at a time.

/** The shop, as `npm start` serves it. */
export const API = process.env.API ?? 'http://localhost:8080'
/** The API key that the first start prints. */
export const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

/** One call; what the API answers in `data`. Any refusal ends the story with its sentence. */
export async function ask(route: string, body?: object | string, key?: string): Promise<any> {
  const [method, path] = route.split(' ') as [string, string]
  const isFile = typeof body === 'string'
  const response = await fetch(`${API}/api/v1${path}`, {
    method,
    headers: {
      'X-API-Key': KEY,
      ...(key && { 'Idempotency-Key': key }),
      ...(body && { 'Content-Type': isFile ? 'text/csv' : 'application/json' }),
    },
    ...(body && { body: isFile ? body : JSON.stringify(body) }),
  })
  if (response.status === 204) return undefined
  const { data, error } = (await response.json()) as any
  if (error) throw new Error(`${route}: ${error.code}: ${error.message}`)
  return data
}

/** One line of the story. */
export const say = (line: string) => console.log(line)
