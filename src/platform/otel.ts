import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { build } from '#platform/build'
import type { Tracing } from '#platform/tracing'

type Options = { endpoint: string; service: string; environment: string }

/**
 * OpenTelemetry behind the house's own few words. Nothing of it is global: two apps in one process
 * trace apart. Loaded only where an endpoint is set.
 */
export function openOtel({ endpoint, service, environment }: Options): Tracing {
  const { version } = build()
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'deployment.environment.name': environment,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const otel = provider.getTracer('tradepost', version)
  const propagator = new W3CTraceContextPropagator()
  const around = new AsyncLocalStorage<Context>()
  const current = () => around.getStore() ?? ROOT_CONTEXT

  return {
    tracer: {
      span(name, attributes, body) {
        const parent = current()
        const span = otel.startSpan(name, { attributes }, parent)
        return around.run(trace.setSpan(parent, span), async () => {
          try {
            return await body()
          } catch (error) {
            noteError(span, error)
            throw error
          } finally {
            span.end()
          }
        })
      },
      request(headers, attributes) {
        const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
        const span = otel.startSpan('HTTP', { kind: SpanKind.SERVER, attributes }, parent)
        const context = trace.setSpan(parent, span)
        return {
          trace_id: span.spanContext().traceId,
          within: (body) => around.run(context, body),
          end(name, more, failed) {
            span.updateName(name).setAttributes(more)
            if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
            span.end()
          },
        }
      },
    },
    close: () => provider.shutdown(),
  }
}

/** A refusal is an answer, not a failure: only faults make a span red. */
function noteError(span: Span, error: unknown): void {
  const { status, code } = error as { status?: number; code?: string }
  if (typeof code === 'string') span.setAttribute('error.type', code)
  if (typeof status === 'number' && status < 500) return
  span.recordException(error as Error)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
