import { TryAgain } from '#platform/database/database'
import { isDuplicate } from '#platform/database/duplicates'

/**
 * Runs a write that had looked first. A row that came in between is no fault: the whole is done
 * again, and sees it. PostgreSQL tells of it sometimes as a lost race and sometimes as a duplicate.
 */
export async function orTryAgain<T>(
  write: Promise<T>,
  ...indexes: readonly { index: string; columns: string }[]
): Promise<T> {
  try {
    return await write
  } catch (error) {
    const met = indexes.find((index) => isDuplicate(error, index))
    throw met ? new TryAgain(`another one wrote to ${met.index}`) : error
  }
}
