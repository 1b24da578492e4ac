import type { IncomingHttpHeaders } from 'node:http'
import type { Settings } from '#platform/config/settings'

export type Attributes = Record<string, string | number | boolean>

/** What the house knows of tracing. An app without a tracer does no work for it at all. */
export type Tracer = {
  /** Runs `body` in a span below the one around it. What it throws is noted there and thrown on. */
  span<T>(name: string, attributes: Attributes, body: () => Promise<T>): Promise<T>
  /** The span of an HTTP request, below the caller's own if a `traceparent` header names it. */
  request(headers: IncomingHttpHeaders, attributes: Attributes): RequestSpan
}

export type RequestSpan = {
  readonly trace_id: string
  /** Runs `body` so that spans which begin in it, or follow from it, are below this one. */
  within<T>(body: () => T): T
  end(name: string, attributes: Attributes, failed: boolean): void
}

export type Tracing = {
  tracer: Tracer
  /** Sends what is still to be sent. */
  close(): Promise<void>
}

/**
 * Traces go out over OTLP where the settings name an endpoint; only then is OpenTelemetry loaded.
 */
export async function openTracing(settings: Settings): Promise<Tracing | undefined> {
  const { otel_exporter_otlp_endpoint: endpoint, otel_service_name, environment } = settings
  if (endpoint === undefined) return undefined
  const { openOtel } = await import('#platform/otel')
  return openOtel({ endpoint, service: otel_service_name, environment })
}

/** Runs `body` in a span, if there is a tracer. */
export const traced = <T>(
  tracer: Tracer | undefined,
  name: string,
  attributes: Attributes,
  body: () => Promise<T>,
): Promise<T> => (tracer ? tracer.span(name, attributes, body) : body())
