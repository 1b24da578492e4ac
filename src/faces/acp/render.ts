import type { AgentSession } from '#modules/agentic'
import type { Settings } from '#platform/config/settings'
import { renderEarly } from './render-2025.ts'
import { renderLate } from './render-2026.ts'
import { type AcpVersion, since } from './versions.ts'

/** A session in exactly the shape of a version, whichever it was begun with. */
export const renderSession = (session: AgentSession, version: AcpVersion, settings: Settings) =>
  since(version, '2026-01-30')
    ? renderLate(session, version, settings)
    : renderEarly(session, version, settings)
