import type { Context } from '#platform/context'

/** The registry of one app: `App` and every context have it. */
type Holder = Pick<Context, 'process'>

/**
 * What a module needs of something above it, or of the outside: it declares the port and calls it;
 * `src/app.ts` provides who stands behind it, once for each app.
 */
export type Port<T> = {
  /** Says who stands behind the port; the last one said counts. */
  provide(holder: Holder, implementation: T): void
  /** Who stands behind the port; throws if nobody was provided. */
  of(holder: Holder): T
}

/** Declares a port; `name` is what an error calls it. */
export function definePort<T>(name: string): Port<T> {
  const key = Symbol(name)
  return {
    provide: ({ process }, implementation) => void process.set(key, implementation),
    of({ process }) {
      if (!process.has(key)) throw new Error(`src/app.ts provides nothing for the port "${name}"`)
      return process.get(key) as T
    },
  }
}
