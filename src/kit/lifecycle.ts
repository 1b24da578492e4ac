import { Type } from 'typebox'
import { DomainError } from '#kit/errors'

export type Move<S extends string = string> = {
  from: readonly S[]
  to: S
  when: string
  /**
   * The command that makes it, where one command is several moves and what a document remembers
   * says which: then nobody asks for it by naming the state that it leads to.
   */
  by?: string
}

/**
 * A state machine written once, as a table. From it come the status type and schema, the guard that
 * commands call, the picture in the documents, the CHECK, and the test of every state and move.
 */
export function defineLifecycle<
  const S extends string,
  const M extends Record<string, Move<NoInfer<S>>>,
>(thing: string, spec: { states: Record<S, string>; moves: M }) {
  const moves: Record<string, Move<S>> = spec.moves
  const states = Object.keys(spec.states) as S[]
  const movesFrom = (state: S) => {
    const open = Object.entries(moves).filter(([, { from }]) => from.includes(state))
    return [...new Set(open.map(([name, { by = name }]) => by))]
  }
  const codeOf = (move: string) => `${thing}_cannot_${move}`.toUpperCase()
  const refuse = (move: string, state: S): DomainError =>
    new DomainError(
      { code: codeOf(move), status: 409 },
      `Cannot ${inWords(move)} the ${inWords(thing)}: it is ${state}.`,
      { state, open_moves: movesFrom(state) },
    )
  return {
    thing,
    states,
    meanings: spec.states as Record<string, string>,
    moves: spec.moves,
    schema: Type.Unsafe<S>(Type.Enum(states)),
    movesFrom,

    /** The refusals of these moves, for an operation's documents. */
    refusals: (...named: (keyof M & string)[]) =>
      named.map((name) => {
        const move = moves[name]?.by ?? name
        const what = `Cannot ${inWords(move)} the ${inWords(thing)}`
        const message = `${what}: it is in a state without that move.`
        return { spec: { code: codeOf(move), status: 409, message } }
      }),

    /** The state that `move` leads to; refuses with a 409 that names the moves still open. */
    next(state: S, move: keyof M & string): S {
      const { from, to, by = move } = spec.moves[move] as Move<S>
      if (from.includes(state)) return to
      throw refuse(by, state)
    },

    /** The move that leads from `state` to `target`; the same refusal if the table has none. */
    moveTo(state: S, target: S): keyof M & string {
      const open = Object.entries(moves).find(
        ([, move]) => move.to === target && !move.by && move.from.includes(state),
      )
      if (open) return open[0] as keyof M & string
      throw refuse(`become_${target}`, state)
    },
  }
}

export type Lifecycle = {
  thing: string
  states: readonly string[]
  meanings: Record<string, string>
  moves: Record<string, Move>
}

const inWords = (name: string): string => name.replaceAll('_', ' ')
