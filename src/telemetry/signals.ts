import api, { createNoopMeter, ROOT_CONTEXT, type Logger, type ProxyTracerProvider, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { createInstruments, type Instruments } from './instruments.js';
import type { MetricEntry } from './names.js';

/** What there is to tell. Each is there only when an SDK was registered for it. */
export interface Signals<K extends string> {
  readonly tracer: Tracer | undefined;
  readonly instruments: Instruments<K> | undefined;
  readonly logger: Logger | undefined;
}

/** The instrumentation scope. */
const SCOPE = 'headgate';

/**
 * What is registered now, or undefined when nothing is: then a call costs three look-ups. Asked for every call, because an SDK
 * may be started after the gateway was made, and a meter that was taken before that measures nothing for good.
 */
export function createSignals<K extends string>(table: Readonly<Record<K, MetricEntry>>): () => Signals<K> | undefined {
  let providers: readonly unknown[] = [];
  let signals: Signals<K> | undefined;

  return () => {
    const tracers = registeredTracers();
    const meters = api.metrics.getMeterProvider();
    const loggers = logsApi()?.getLoggerProvider();
    if (tracers === providers[0] && meters === providers[1] && loggers === providers[2]) return signals;
    providers = [tracers, meters, loggers];
    const meter = meters.getMeter(SCOPE);
    const logger = loggers?.getLogger(SCOPE);
    const found = {
      tracer: tracers?.getTracer(SCOPE),
      instruments: meter === createNoopMeter() ? undefined : createInstruments(meter, table),
      logger: logger?.enabled({ context: ROOT_CONTEXT }) === true ? logger : undefined,
    };
    return (signals = Object.values(found).every((one) => one === undefined) ? undefined : found);
  };
}

/** The API gives out a proxy whether or not anything is registered; it delegates to what is. */
function registeredTracers(): TracerProvider | undefined {
  const provider: TracerProvider & Partial<Pick<ProxyTracerProvider, 'getDelegate' | 'getDelegateTracer'>> = api.trace.getTracerProvider();
  if (provider.getDelegate === undefined || provider.getDelegateTracer === undefined) return provider;
  return provider.getDelegateTracer(SCOPE) === undefined ? undefined : provider.getDelegate();
}

/** Since version 1.10 of the API. */
function logsApi(): typeof api.logs | undefined {
  return api.logs; // the types are those of 1.10
}
