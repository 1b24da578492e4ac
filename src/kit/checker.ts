import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/schema'

/** What is wrong with one member: where (a JSON pointer), and what in words. */
export type Problem = { instancePath: string; message: string; keyword?: string; params?: object }

/** Tells whether values are as a schema says, and if not, why. */
export type Checker<T extends TSchema> = {
  Check(value: unknown): value is Static<T>
  Errors(value: unknown): Problem[]
}

/**
 * Compiled at the first question: all schemas at once would be a tenth of the whole start, and most
 * of them are never asked. Made of `typebox/schema` alone, because `typebox/compile` brings 140
 * more files for conversions that nobody here wants.
 */
export function checker<T extends TSchema>(schema: T): Checker<T> {
  let compiled: Validator | undefined
  const use = () => {
    compiled ??= Compile(schema) as unknown as Validator
    return compiled
  }
  return {
    Check: (value): value is Static<T> => use().Check(value),
    Errors: (value) => use().Errors(value)[1],
  }
}
