import type { DomainError } from '#kit/errors'
import { printJson } from '#kit/printed-json'

/** The settled envelope, as text: what is answered is what is kept for an Idempotency-Key. */
export function printSuccess(output: unknown, request_id: string, now: Date): string {
  return envelope(printJson(output), request_id, now)
}

/** The settled envelope around data that is JSON text already. */
export function envelope(data: string, request_id: string, now: Date): string {
  return `{"success":true,"data":${data},"meta":${meta(request_id, now)}}`
}

/** The settled error body. */
export function printError(error: DomainError, request_id: string, now: Date): string {
  const { code, message, status, details } = error
  const told = JSON.stringify({ code, message, status, details })
  return `{"success":false,"error":${told},"meta":${meta(request_id, now)}}`
}

// Request ids are visible ASCII; only these two characters would break out of a JSON string.
const UNSAFE = /["\\]/

function meta(request_id: string, now: Date): string {
  const id = UNSAFE.test(request_id) ? JSON.stringify(request_id) : `"${request_id}"`
  return `{"request_id":${id},"timestamp":"${instantText(now)}"}`
}

let second = Number.NaN
let prefix = ''

/** ISO 8601 with milliseconds. All but the milliseconds is kept for a second: the rest is slow. */
function instantText(now: Date): string {
  const ms = now.getTime()
  const whole = Math.floor(ms / 1000)
  if (whole !== second) {
    prefix = now.toISOString().slice(0, 20)
    second = whole
  }
  const rest = ms - whole * 1000
  return `${prefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`
}
