import { type TSchemaOptions, Type } from 'typebox'

/** Where Tradepost runs; `production` is the strict one. */
export const ENVIRONMENTS = ['development', 'test', 'production'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** What a setting says about itself beyond JSON Schema. */
export type SettingFacts = TSchemaOptions & {
  description?: string
  default?: unknown
  /** In place of `default`, where it depends on the environment. */
  defaults?: Record<Environment, unknown>
  /** Never printed. */
  secret?: boolean
  /** A text that is a decimal number: a TOML file may write it without quotes. */
  decimal?: boolean
  /** A variable of another standard that is read when ours is not given. */
  variable?: string
}

/** A text that is never empty. */
export const text = (description: string, fallback: string, facts: SettingFacts = {}) =>
  Type.String({ description, default: fallback, minLength: 1, ...facts })
/** A whole number from 0 on. */
export const whole = (description: string, fallback: number, facts: SettingFacts = {}) =>
  Type.Integer({ description, default: fallback, minimum: 0, maximum: 2 ** 31 - 1, ...facts })
/** Yes or no. */
export const yes = (description: string, fallback: boolean) =>
  Type.Boolean({ description, default: fallback })
/** Texts, none of them empty. */
export const list = (description: string, facts: SettingFacts = {}) =>
  Type.Array(Type.String({ minLength: 1 }), { description, default: [], ...facts })
/** A text that may be left out. */
export const optional = (description: string, facts: SettingFacts) =>
  Type.Optional(Type.String({ description, minLength: 1, ...facts }))
/** Empty until `ensureSecrets` has made it. */
export const secret = (description: string) =>
  Type.String({ description, default: '', secret: true })
/** One of these words. */
export const oneOf = <T extends string>(
  description: string,
  words: readonly T[],
  facts: SettingFacts,
) => Type.Enum([...words], { description, ...facts })
