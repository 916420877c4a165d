import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];
type MetricReader = NonNullable<NodeSDKConfiguration['metricReaders']>[number];
type MetricProducer = Parameters<MetricReader['setMetricProducer']>[0];
type Span = Parameters<SpanProcessor['onEnd']>[0];

export interface MemoryTelemetry {
  /** For the SDK: keeps everything here instead of sending it anywhere. */
  readonly configuration: Partial<NodeSDKConfiguration>;
  readonly spans: readonly Span[];
  /** Name, attributes and value (of a histogram: how many) of everything measured so far. */
  metrics(): Promise<readonly { readonly name: string; readonly attributes: object; readonly value: number }[]>;
}

export function memoryTelemetry(): MemoryTelemetry {
  const spans: Span[] = [];
  let producer: MetricProducer | undefined;
  const nothing = async (): Promise<void> => {};
  const collect: MetricReader['collect'] = async () => {
    if (producer === undefined) throw new Error('the SDK was not started');
    return producer.collect();
  };
  return {
    configuration: {
      autoDetectResources: false,
      spanProcessors: [{ onStart: () => {}, onEnd: (span) => void spans.push(span), forceFlush: nothing, shutdown: nothing }],
      metricReaders: [
        { setMetricProducer: (given) => void (producer = given), selectAggregation: () => ({ type: 0 }), selectAggregationTemporality: () => 1, selectCardinalityLimit: () => 2000, collect, forceFlush: nothing, shutdown: nothing },
      ],
      logRecordProcessors: [],
    },
    spans,
    async metrics() {
      const { resourceMetrics } = await collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) => dataPoints.map(({ attributes, value }) => ({ name: descriptor.name, attributes, value: typeof value === 'number' ? value : value.count }))),
      );
    },
  };
}
