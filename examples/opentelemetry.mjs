// Turns the events of a client into OpenTelemetry metrics, and a span for each call.
// import { telemetry } from './opentelemetry.mjs'
// new NorthApiClient(clientInfo, { onEvent: telemetry() })
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

/** A renewal in the background outlives the call that began it, so what is kept of calls has a bound. */
const MOST_CALLS = 10_000

/**
 * A listener for one client. Operation, outcome, kind, code, cause and the like become attributes:
 * few values each, and no secret among them. Paths stay out, since they name devices.
 */
export function telemetry({
  meter = metrics.getMeter('northbound'),
  tracer = trace.getTracer('northbound'),
} = {}) {
  const calls = meter.createCounter('northbound.calls')
  const retries = meter.createCounter('northbound.retries')
  const tokens = meter.createCounter('northbound.tokens')
  const warnings = meter.createCounter('northbound.warnings')
  const durations = meter.createHistogram('northbound.call.duration', { unit: 's' })
  const waits = meter.createHistogram('northbound.throttle.wait', { unit: 's' })
  /** What happened on the way, by the number of the call. */
  const underWay = new Map()

  function note({ type, call, path, ...attributes }) {
    if (!underWay.has(call)) underWay.set(call, [])
    underWay.get(call).push({ type, attributes, time: Date.now() })
    if (underWay.size > MOST_CALLS) underWay.delete(underWay.keys().next().value)
  }

  function end({ call, operation, attempts, outcome, durationMs }) {
    const now = Date.now()
    const span = tracer.startSpan(`northbound ${operation}`, {
      kind: SpanKind.CLIENT,
      // Calls share their work, so what is active now may be another caller's.
      root: true,
      startTime: now - durationMs,
      attributes: { operation, attempts, outcome, call },
    })
    for (const { type, attributes, time } of underWay.get(call) ?? []) {
      span.addEvent(type, attributes, time)
    }
    underWay.delete(call)
    if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
    span.end(now)
  }

  return (event) => {
    if (event.type === 'warning') return warnings.add(1, { about: event.about })
    if (event.type === 'token') return tokens.add(1, { cause: event.cause })
    const { operation, outcome, kind, code } = event
    if (event.type === 'done') {
      calls.add(1, { operation, outcome })
      durations.record(event.durationMs / 1000, { operation, outcome })
      return end(event)
    }
    if (event.type === 'retry') retries.add(1, { operation, kind, ...(code && { code }) })
    if (event.type === 'throttle') waits.record(event.delayMs / 1000, { operation })
    note(event)
  }
}
