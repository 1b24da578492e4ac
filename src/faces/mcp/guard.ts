import {
  localhostAllowedHostnames,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server'
import type { FastifyRequest } from 'fastify'
import { defineErrors } from '#kit/errors'
import type { App } from '#platform/app'

export const guardErrors = defineErrors({
  wrong_host: {
    code: 'HOST_NOT_ALLOWED',
    status: 403,
    message: 'This server is not called that; set APP__PUBLIC_URL to its address.',
  },
  wrong_origin: {
    code: 'ORIGIN_NOT_ALLOWED',
    status: 403,
    message: 'Pages of this origin may not call this; see APP__CORS_ALLOWED_ORIGINS.',
  },
})

/**
 * Refuses a page that was led here under another name (DNS rebinding), and pages of origins that
 * nobody allowed. Programs send no Origin.
 */
export function guardOf({ settings }: App): (request: FastifyRequest) => void {
  const { public_url, cors_allowed_origins, cors_allow_any_origin } = settings
  const hosts = [...localhostAllowedHostnames(), ...hostsOf([public_url])]
  const origins = [...hosts, ...hostsOf(cors_allowed_origins)]
  return ({ headers }) => {
    if (!validateHostHeader(headers.host, hosts).ok) throw guardErrors.wrong_host()
    if (cors_allow_any_origin) return
    if (!validateOriginHeader(headers.origin, origins).ok) throw guardErrors.wrong_origin()
  }
}

const hostsOf = (urls: readonly (string | undefined)[]): string[] =>
  urls.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).hostname] : []))
