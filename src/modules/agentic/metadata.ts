import { agenticErrors } from './errors.ts'

const METADATA_MAX = 8000

/** Refuses metadata that is longer than is kept. */
export function fitting<T extends object>(metadata: T | null | undefined): T | null | undefined {
  if (metadata && JSON.stringify(metadata).length > METADATA_MAX) {
    const problem = `it is longer than ${METADATA_MAX} characters`
    throw agenticErrors.invalid({ field: '$.metadata', problem })
  }
  return metadata
}
