import { readFileSync } from 'node:fs'

type Node = {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number }
}
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] }

const SHOWN = 40

/**
 * The functions with the most time of their own in a CPU profile, one a line, in percent of all.
 */
export function hottest(path: string): string[] {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8')) as Profile
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const times = new Map<string, number>()
  let total = 0
  samples.forEach((id, nth) => {
    const name = names.get(id) ?? '?'
    if (name === '(idle)') return
    const time = timeDeltas[nth] ?? 0
    total += time
    times.set(name, (times.get(name) ?? 0) + time)
  })
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time * 100) / total).toFixed(1).padStart(5)} %  ${name}`)
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  if (functionName.startsWith('(')) return functionName
  const place = url.replace(/^.*\/(node_modules|src|bin)\//, '$1/').replace(/^file:.*\//, '')
  return `${functionName || 'anonymous'}  ${place}${url ? `:${lineNumber + 1}` : ''}`
}
