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
    Errors: (value) => worded(use().Errors(value)[1]),
  }
}

/**
 * Says what may be sent where the library only says that it is something else. Of a value that may
 * be one of several things or null, nobody wants to hear first that it is not null.
 */
function worded(problems: Problem[]): Problem[] {
  const told = problems.filter((one) => !isNullAlone(one, problems))
  return told.map((one) => ({ ...one, message: wordsOf(one, told) }))
}

const isNullAlone = (one: Problem, all: readonly Problem[]): boolean =>
  one.keyword === 'type' &&
  paramsOf(one).type === 'null' &&
  all.some(
    (other) =>
      other !== one && other.keyword !== 'anyOf' && other.instancePath.startsWith(one.instancePath),
  )

type Params = { type?: string; format?: string; allowedValues?: unknown[]; allowedValue?: unknown }
const paramsOf = ({ params }: Problem): Params => params ?? {}

const FORMATS: Record<string, string> = {
  uuid: 'must be a UUID',
  email: 'must be an e-mail address',
  date: 'must be a date such as 2026-11-21',
  'date-time': 'must be an instant such as 2026-11-21T09:30:00Z',
  uri: 'must be a whole address, such as https://example.com/',
}

function wordsOf(problem: Problem, all: readonly Problem[]): string {
  const { keyword, instancePath, message } = problem
  const { allowedValues, format = '' } = paramsOf(problem)
  if (keyword === 'enum' && allowedValues) return oneOf(allowedValues)
  if (keyword === 'format') return FORMATS[format] ?? message
  if (keyword !== 'const') return message
  const constants = all.filter(
    (other) => other.keyword === 'const' && other.instancePath === instancePath,
  )
  return oneOf(constants.map((other) => paramsOf(other).allowedValue))
}

const oneOf = (values: readonly unknown[]): string =>
  `must be ${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`
