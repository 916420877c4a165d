import api, { type SpanContext } from '@opentelemetry/api';
import { derive, type Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Reply } from '../core/reply.js';
import { openOperation } from './operation.js';
import { settingsOf, type TelemetryOptions } from './settings.js';
import { createSignals } from './signals.js';

/**
 * OpenTelemetry, by the conventions for generative AI: a span for each call with a child for each attempt, the metrics of the
 * conventions, and metrics of ours for what they have no name for. Writes to whatever SDK the process has registered, before or
 * after the gateway was made; without one it does nothing. No content leaves it unless `content` says so.
 *
 * @example
 * createGateway({ providers, interceptors: [telemetry({ tags: ['team'] }), recommended()] });
 */
export function telemetry(options: TelemetryOptions = {}): Interceptor {
  const settings = settingsOf(options);
  const signalsNow = createSignals(settings.vocabulary.metrics);

  function intercept(asked: Call, next: Next): Promise<Reply> {
    const signals = signalsNow();
    if (signals === undefined) return next(asked);
    const call = settings.baggage.length === 0 ? asked : withBaggage(asked, settings.baggage);
    const operation = guarded(() => openOperation(call, signals, settings));
    if (operation === undefined) return next(call);
    const sent = settings.propagate ? withTraceparent(call, operation.spanContext) : call;
    return observe(sent, operation.below(next), (outcome) => guarded(() => operation.settled(outcome)), operation.delta);
  }

  return { name: 'telemetry', stage: 'observe', intercept, bind: (work) => api.context.bind(api.context.active(), work) };
}

/** A processor or a sampler of somebody's that throws must not take the call with it. */
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    api.diag.error(`headgate: telemetry of a call was lost to a ${error instanceof Error ? error.name : typeof error}`);
    return undefined;
  }
}

function withBaggage(call: Call, names: readonly string[]): Call {
  const baggage = api.propagation.getActiveBaggage();
  if (baggage === undefined) return call;
  const found = names.flatMap((name) => {
    const value = Object.hasOwn(call.tags, name) ? undefined : baggage.getEntry(name)?.value;
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? call : derive(call, { tags: { ...call.tags, ...Object.fromEntries(found) } });
}

/** The caller's own header wins. A getter, because an attempt's span begins when the call has long gone down. */
function withTraceparent(call: Call, spanContext: () => SpanContext | undefined): Call {
  if (Object.keys(call.headers).some((name) => name.toLowerCase() === 'traceparent') || spanContext() === undefined) return call;
  const headers = { ...call.headers };
  Object.defineProperty(headers, 'traceparent', { enumerable: true, get: () => traceparent(spanContext()) });
  return derive(call, { headers });
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function traceparent(context: SpanContext | undefined): string {
  return context === undefined ? '' : `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, '0')}`;
}
