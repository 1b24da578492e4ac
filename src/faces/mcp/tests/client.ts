import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { House } from '#testing'

type Headers = Record<string, string>

/** The official client, which speaks to a house without a socket; the newer era unless told. */
export async function openClient(
  house: House,
  { headers = {}, path = '/mcp', era = 'modern' }: Told = {},
) {
  const client = new Client(
    { name: 'tests', version: '1.0.0' },
    era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {},
  )
  const transport = new StreamableHTTPClientTransport(new URL(`http://localhost${path}`), {
    requestInit: { headers },
    fetch: throughHouse(house),
  })
  await client.connect(transport as never)
  const call = (name: string, input: object = {}) =>
    client.callTool({ name, arguments: input as Record<string, unknown> }) as Promise<any>
  return {
    client,
    call,
    /** Calls a tool that must answer, and takes what it tells. */
    async told(name: string, input: object = {}): Promise<any> {
      const answer = await call(name, input)
      if (answer.isError) throw new Error(`${name}: ${JSON.stringify(answer.structuredContent)}`)
      return answer.structuredContent
    },
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      await client.close()
    },
  }
}
type Told = { headers?: Headers; path?: string; era?: 'modern' | 'legacy' }

/** A fetch that asks the house itself. */
export const throughHouse =
  ({ http }: Pick<House, 'http'>) =>
  async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(url)
    const answer = await http.inject({
      method: (init.method ?? 'GET') as 'GET',
      url: `${pathname}${search}`,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body != null && { payload: init.body as string }),
    })
    const told = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) told.set(name, String(value))
    const isEmpty = answer.statusCode === 202 || answer.statusCode === 204
    return new Response(isEmpty ? null : answer.rawPayload, {
      status: answer.statusCode,
      headers: told,
    })
  }
