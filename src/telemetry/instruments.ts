import type { Attributes, Meter } from '@opentelemetry/api';
import type { MetricEntry } from './names.js';

/** Takes one measurement of one metric, whatever its kind. */
export type Instrument = (value: number, attributes: Attributes) => void;

export type Instruments<K extends string> = { readonly [Key in K]: Instrument };

/** One instrument for each entry of a table, with the bucket boundaries it wants. */
export function createInstruments<K extends string>(meter: Meter, table: Readonly<Record<K, MetricEntry>>): Instruments<K> {
  const made = (Object.entries(table) as [K, MetricEntry][]).map(([key, entry]) => [key, createInstrument(meter, entry)] as const); // the keys are those of the type
  return Object.fromEntries(made) as Instruments<K>; // the same keys
}

function createInstrument(meter: Meter, { name, kind, unit, what, buckets }: MetricEntry): Instrument {
  const options = { description: what, unit };
  switch (kind) {
    case 'histogram': {
      const histogram = meter.createHistogram(name, { ...options, ...(buckets !== undefined && { advice: { explicitBucketBoundaries: [...buckets] } }) });
      return (value, attributes) => histogram.record(value, attributes);
    }
    case 'counter': {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    }
    case 'up-down-counter': {
      const counter = meter.createUpDownCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    }
    case 'gauge': {
      const gauge = meter.createGauge(name, options);
      return (value, attributes) => gauge.record(value, attributes);
    }
    default:
      return kind satisfies never;
  }
}
