type Schema = {
  type?: string
  items?: Schema
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  additionalProperties?: unknown
  patternProperties?: unknown
}

/** Leaves out, at any depth, members that the schema does not know. */
export type Cleaner = (value: unknown) => unknown

/**
 * Makes the cleaner of a schema once; undefined where there is nothing to clean. What a caller
 * invents must not reach a column that keeps a whole object. Objects that declare no members, or
 * say what further ones may be, are open on purpose.
 */
export function cleanerOf(schema: Schema): Cleaner | undefined {
  const { type, items, anyOf, properties } = schema
  if (anyOf) {
    const structured = anyOf.filter(({ type }) => type === 'object' || type === 'array')
    // Of two objects only validation could tell which one is meant.
    return structured.length === 1 ? cleanerOf(structured[0] as Schema) : undefined
  }
  if (type === 'array') {
    const item = items && cleanerOf(items)
    return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
  }
  if (type !== 'object' || !properties || Object.keys(properties).length === 0) return undefined
  if (schema.additionalProperties || schema.patternProperties) return undefined
  return objectCleaner(properties)
}

function objectCleaner(properties: Record<string, Schema>): Cleaner {
  const members = new Map(
    Object.entries(properties).map(([name, schema]) => [name, cleanerOf(schema)] as const),
  )
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const clean: Record<string, unknown> = {}
    for (const name in value) {
      if (!members.has(name)) continue
      const member = (value as Record<string, unknown>)[name]
      const cleaner = members.get(name)
      clean[name] = cleaner ? cleaner(member) : member
    }
    return clean
  }
}
