/** A unique index, by its name (PostgreSQL tells it) and its columns (SQLite tells those). */
export type Uniqueness = { index: string; columns: string }

/** Whether a write failed because a unique index already holds such a row. */
export function isDuplicate(error: unknown, { index, columns }: Uniqueness): boolean {
  if (!(error instanceof Error)) return false
  const { code, constraint } = error as { code?: string; constraint?: string }
  if (code === '23505') return constraint === index
  return error.message === `UNIQUE constraint failed: ${columns}`
}
