import type { TSchema } from 'typebox'
import type { Lifecycle } from '#kit/lifecycle'
import { pascal, singular } from './names.ts'

export type Json = { [name: string]: unknown }

/** Words that our schemas say to ourselves and JSON Schema does not know. */
const PRIVATE_WORDS = new Set(['column'])

/**
 * The shared schemas of the document. Two schemas that say the same are one component, so what
 * `Order` is stands in one place; a schema's `title` or `$id` is its name where it has one.
 */
export class Components {
  readonly schemas: Record<string, Json> = {}
  readonly #named = new Map<string, string>()
  readonly #taken = new Map<string, string>()

  /** Gives each state machine its enum, with what the states mean. */
  addLifecycles(lifecycles: readonly Lifecycle[]): void {
    const byStates = Map.groupBy(lifecycles, ({ states }) => JSON.stringify(states))
    for (const [states, [lifecycle, ...others]] of byStates) {
      // Two machines of the same words would share a name that is wrong for one of them.
      if (!lifecycle || others.length > 0) continue
      const name = `${pascal(lifecycle.thing)}Status`
      this.#named.set(`{"enum":${states}}`, name)
      this.schemas[name] = {
        type: 'string',
        enum: [...lifecycle.states],
        description: lifecycle.states
          .map((state) => `- \`${state}\`: ${lifecycle.meanings[state]}`)
          .join('\n'),
      }
    }
  }

  /**
   * The schema as OpenAPI 3.1 has it; objects become components, and the objects in them. A
   * component is called `name`, or `otherwise` if something else has that name.
   */
  share(schema: TSchema, name: string, otherwise = name): Json {
    return this.#convert(schema as Json, this.schemas[name] ? otherwise : name, true)
  }

  /** The same without making the outermost object a component. */
  inline(schema: TSchema, name: string): Json {
    return this.#convert(schema as Json, name, false)
  }

  #convert(schema: Json, name: string, share: boolean): Json {
    const { description, default: preset, examples, ...said } = schema
    const remarks = { description, default: preset, examples }
    const key = JSON.stringify(said)
    const known = this.#named.get(key)
    if (known !== undefined) return withRemarks({ $ref: `#/components/schemas/${known}` }, remarks)
    const isObject = schema.type === 'object' && schema.properties !== undefined
    if (!isObject || !share) return this.#copy(schema, name)
    const given = schema.$id ?? schema.title
    const own = this.#freeName(typeof given === 'string' ? pascal(given) : name, key)
    this.#named.set(key, own)
    this.schemas[own] = {}
    Object.assign(this.schemas[own] as Json, this.#copy({ ...said, description }, own))
    return { $ref: `#/components/schemas/${own}` }
  }

  #copy(schema: Json, name: string): Json {
    const copy: Json = {}
    for (const [word, value] of Object.entries(schema)) {
      if (PRIVATE_WORDS.has(word) || value === undefined || word === '$id') continue
      copy[word] = this.#copyWord(word, value, name)
    }
    const { enum: words, const: word } = copy as { enum?: unknown[]; const?: unknown }
    const literal = words ?? (word === undefined ? [] : [word])
    if (copy.type === undefined && literal.length > 0) {
      if (literal.every((one) => typeof one === 'string')) copy.type = 'string'
    }
    return copy
  }

  #copyWord(word: string, value: unknown, name: string): unknown {
    if (word === 'properties') {
      const members = Object.entries(value as Record<string, Json>)
      return Object.fromEntries(
        members.map(([member, schema]) => [
          member,
          this.#convert(schema, name + pascal(singular(member)), true),
        ]),
      )
    }
    if (word === 'items' || word === 'additionalProperties') {
      return typeof value === 'object' ? this.#convert(value as Json, name, true) : value
    }
    if (word === 'patternProperties') {
      const rules = Object.entries(value as Record<string, Json>)
      return Object.fromEntries(
        rules.map(([rule, schema]) => [rule, this.#convert(schema, name, true)]),
      )
    }
    if (word === 'anyOf' || word === 'oneOf' || word === 'allOf') {
      return (value as Json[]).map((one) => this.#convert(one, name, true))
    }
    return value
  }

  #freeName(wanted: string, key: string): string {
    for (let nth = 1; ; nth++) {
      const name = nth === 1 ? wanted : `${wanted}${nth}`
      const taken = this.#taken.get(name) ?? (this.schemas[name] ? 'lifecycle' : undefined)
      if (taken !== undefined && taken !== key) continue
      this.#taken.set(name, key)
      return name
    }
  }
}

function withRemarks(ref: Json, remarks: Json): Json {
  const said = Object.fromEntries(
    Object.entries(remarks).filter(([, value]) => value !== undefined),
  )
  return { ...ref, ...said }
}
