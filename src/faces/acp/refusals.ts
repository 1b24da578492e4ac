import { type Details, DomainError } from '#kit/errors'

type Refusal = {
  status: number
  code: string
  message: string
  /** A JSONPath into the request. */
  param?: string | undefined
  supported_versions?: readonly string[]
  /** Seconds, for the header of that name. */
  retry_after?: number
}

/** A refusal in the protocol's own words. */
export function refusal({ status, code, message, ...more }: Refusal): DomainError {
  const details = Object.fromEntries(
    Object.entries({ ...more, acp: true }).filter(([, value]) => value !== undefined),
  ) as Details
  return new DomainError({ code, status }, message, details)
}

/** What the body says is not as it should be. */
export const invalid = (param: string, message: string, code = 'invalid'): DomainError =>
  refusal({ status: 400, code, message, param })
