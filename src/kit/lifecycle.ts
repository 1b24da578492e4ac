import { Type } from 'typebox'
import { DomainError } from '#kit/errors'

export type Move<S extends string = string> = { from: readonly S[]; to: S; when: string }

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
  const movesFrom = (state: S) => Object.keys(moves).filter((m) => moves[m]?.from.includes(state))
  const codeOf = (move: string) => `${thing}_cannot_${move}`.toUpperCase()
  const refuse = (move: string, state: S): DomainError =>
    new DomainError(
      { code: codeOf(move), status: 409 },
      `Cannot ${move.replaceAll('_', ' ')} the ${thing}: it is ${state}.`,
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
      named.map((move) => {
        const message = `Cannot ${move} the ${thing}: it is in a state without that move.`
        return { spec: { code: codeOf(move), status: 409, message } }
      }),

    /** The state that `move` leads to; refuses with a 409 that names the moves still open. */
    next(state: S, move: keyof M & string): S {
      const { from, to } = spec.moves[move] as Move<S>
      if (from.includes(state)) return to
      throw refuse(move, state)
    },

    /** The move that leads from `state` to `target`; the same refusal if the table has none. */
    moveTo(state: S, target: S): keyof M & string {
      const open = movesFrom(state).find((move) => moves[move]?.to === target)
      if (open) return open as keyof M & string
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
