/** Asks a server at `/api/v1`, and answers `data`; throws what was refused. */
export type Ask = (route: string, body?: object) => Promise<any>

/** Speaks to the server on this port as whoever has the key. */
export const asking =
  (port: number, api_key: string): Ask =>
  async (route, body) => {
    const [method, path] = route.split(' ')
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: method as string,
      headers: { 'x-api-key': api_key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as { data: any }
    if (!response.ok) throw new Error(`${route}: ${JSON.stringify(answer).slice(0, 500)}`)
    return answer.data
  }

type Bulk = { status: string; rows_ok: number; rows_failed: number }
type Timed = { startedAt: number; ms_max: number }

/** Waits until a bulk operation on orders is done. Throws after `ms_max`. */
export async function finishedBulk(
  ask: Ask,
  id: string,
  { startedAt, ms_max }: Timed,
): Promise<Bulk> {
  for (;;) {
    const bulk = (await ask(`GET /orders/bulk/${id}`)) as Bulk
    if (bulk.status === 'done') return bulk
    if (performance.now() - startedAt > ms_max) throw new Error(`a bulk is still ${bulk.status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
