import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { NodeSDK } from '@opentelemetry/sdk-node';

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];
type MetricReader = NonNullable<NodeSDKConfiguration['metricReaders']>[number];
type LogProcessor = NonNullable<NodeSDKConfiguration['logRecordProcessors']>[number];
type Producer = Parameters<MetricReader['setMetricProducer']>[0];

export type RecordedSpan = Parameters<SpanProcessor['onEnd']>[0];
export type RecordedEvent = Parameters<LogProcessor['onEmit']>[0];
export type RecordedMetric = Awaited<ReturnType<Producer['collect']>>['resourceMetrics']['scopeMetrics'][number]['metrics'][number];

export interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number | { readonly count: number; readonly sum?: number; readonly buckets: { readonly boundaries: readonly number[] } };
}

/** The real SDK, with everything that it would export kept in memory instead. */
export interface Recorder {
  readonly spans: readonly RecordedSpan[];
  /** Every span as it was when it started. */
  readonly started: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly events: readonly RecordedEvent[];
  metrics(): Promise<readonly RecordedMetric[]>;
  /** The points of one metric. */
  points(name: string): Promise<readonly Point[]>;
  /** Everything that was recorded, as text to search in. */
  everything(): Promise<string>;
  /** Forgets spans and events; metrics are cumulative. */
  clear(): void;
  stop(): Promise<void>;
}

/** Once in each test file: what is registered with the API stays registered for the process. */
export function startRecorder(options: Partial<NodeSDKConfiguration> = {}): Recorder {
  const spans: RecordedSpan[] = [];
  const started: { name: string; attributes: Record<string, unknown> }[] = [];
  const events: RecordedEvent[] = [];
  let producer: Producer | undefined;
  const nothing = async (): Promise<void> => {};

  const reader: MetricReader = {
    setMetricProducer: (given) => void (producer = given),
    selectAggregation: () => ({ type: 0 }), // the default of each instrument
    selectAggregationTemporality: () => 1, // cumulative
    selectCardinalityLimit: () => 2000,
    collect: async () => collected(),
    shutdown: nothing,
    forceFlush: nothing,
  };
  const sdk = new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [
      { onStart: (span) => void started.push({ name: span.name, attributes: { ...span.attributes } }), onEnd: (span) => void spans.push(span), shutdown: nothing, forceFlush: nothing },
    ],
    logRecordProcessors: [{ onEmit: (record) => void events.push(record), shutdown: nothing, forceFlush: nothing }],
    metricReaders: [reader],
    ...options,
  });
  sdk.start();

  async function collected(): ReturnType<Producer['collect']> {
    if (producer === undefined) throw new Error('the SDK was not started');
    return producer.collect();
  }

  async function metrics(): Promise<readonly RecordedMetric[]> {
    return (await collected()).resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  }

  return {
    spans,
    started,
    events,
    metrics,
    async points(name) {
      return ((await metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) as unknown as readonly Point[];
    },
    async everything() {
      const written = spans.map(({ name, attributes, status, events: own, links }) => ({ name, attributes, status, own, links }));
      return JSON.stringify([written, started, events.map(({ eventName, body, attributes, severityText }) => ({ eventName, body, attributes, severityText })), await metrics()]);
    },
    clear() {
      spans.length = 0;
      started.length = 0;
      events.length = 0;
    },
    stop: () => sdk.shutdown(),
  };
}
