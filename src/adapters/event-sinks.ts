import type { Settings } from '#platform/config/settings'
import type { EventSink } from '#platform/event-log/sink'
import { natsStream } from './nats/nats-stream.ts'

/** Where events are published, as the settings say. */
export function createEventSinks(settings: Settings): EventSink[] {
  const { nats_url: url, nats_stream: stream, nats_subject_prefix: prefix } = settings
  if (url === undefined) return []
  return [natsStream({ url, stream, prefix, timeout_ms: settings.nats_timeout_ms })]
}
