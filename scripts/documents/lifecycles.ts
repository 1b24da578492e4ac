import type { Lifecycle } from '#kit/lifecycle'
import type { Module } from '#platform/module'
import { code, page, table } from './markdown.ts'

/** Every state machine as a picture, and what its states and moves mean. */
export const lifecyclesPage = (modules: readonly Module[]): string =>
  page(
    'Lifecycles',
    'Which states things have, and which moves there are between them. Every other move is refused with 409.',
    modules.flatMap(({ lifecycles = [] }) => lifecycles.map(section)),
  )

function section({ thing, states, meanings, moves }: Lifecycle): string {
  const arrows = Object.entries(moves).flatMap(([move, { from, to }]) =>
    from.map((state) => `  ${state} --> ${to}: ${move.replaceAll('_', ' ')}`),
  )
  const picture = [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${states[0]}`,
    ...arrows,
    '```',
  ].join('\n')
  const meaning = table(
    ['state', 'meaning'],
    states.map((state) => [code(state), meanings[state] ?? '']),
  )
  const when = table(
    ['move', 'from', 'to', 'when'],
    Object.entries(moves).map(([move, { from, to, when }]) => [
      code(move),
      from.map(code).join(', '),
      code(to),
      when,
    ]),
  )
  return `## ${thing}\n\n${picture}\n\n${meaning}\n\n${when}`
}
