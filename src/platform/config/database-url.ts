/** Where the data are, as `database_url` says. */
export type DatabaseAddress =
  | {
      readonly engine: 'sqlite'
      /** A file, relative to the working directory unless absolute, or `:memory:`. */
      readonly path: string
      /** rwc creates a missing file, rw demands it, ro also refuses to write. */
      readonly mode: 'rwc' | 'rw' | 'ro'
    }
  | { readonly engine: 'postgres'; readonly url: string }

/**
 * Reads `sqlite://FILE?mode=…`, `sqlite:FILE`, `sqlite::memory:` and `postgres://…`.
 * Throws an Error with a sentence that goes after the name of the setting.
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  if (/^postgres(ql)?:\/\//.test(url)) {
    if (!URL.canParse(url)) throw new Error('is no valid postgres:// address')
    return { engine: 'postgres', url }
  }
  const [, file = '', query = ''] = /^sqlite:(?:\/\/)?([^?]*)\??(.*)$/.exec(url) ?? []
  const mode = new URLSearchParams(query).get('mode') ?? 'rwc'
  if (file === ':memory:' || mode === 'memory') {
    return { engine: 'sqlite', path: ':memory:', mode: 'rwc' }
  }
  if (file === '') throw new Error('names no file, as sqlite://tradepost.db?mode=rwc does')
  if (mode !== 'rwc' && mode !== 'rw' && mode !== 'ro') {
    throw new Error(`has an unknown mode "${mode}"; rwc, rw, ro and memory are known`)
  }
  return { engine: 'sqlite', path: decodeURIComponent(file), mode }
}
