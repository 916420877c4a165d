// What telemetry adds to a call over a provider in memory: without an SDK, or with the real one. Writes JSON and ends.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createGateway } from 'headgate';
import { telemetry } from 'headgate/telemetry';
import { memoryTelemetry } from '../examples/support/memory-telemetry.ts';
import { call, measure, memory, stream } from './memory-provider.ts';
import { CHUNKS } from './scenario.ts';
import { median } from './statistics.ts';

export interface TelemetryCost {
  /** Microseconds of CPU added. */
  readonly call: number;
  readonly chunk: number;
}

const [mode, rounds, sliceMs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

if (mode !== 'none') {
  const { metricReaders } = memoryTelemetry().configuration;
  new NodeSDK({
    autoDetectResources: false,
    // Behind the SDK's own batch processor; what it sends is thrown away.
    traceExporter: { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} },
    ...(metricReaders !== undefined && { metricReaders }),
    logRecordProcessors: [],
    ...(mode === 'sampled' && { sampler: { shouldSample: () => ({ decision: Math.random() < 0.01 ? 2 : 0 }), toString: () => 'one in a hundred' } }),
  }).start();
}

const bare = createGateway({ providers: [memory] });
const told = createGateway({ providers: [memory], interceptors: [telemetry()] });
const added: { readonly call: number[]; readonly chunk: number[] } = { call: [], chunk: [] };
const warmUps = 10;
for (let round = -warmUps; round < rounds; round++) {
  const calls = [await measure(call, bare, sliceMs), await measure(call, told, sliceMs)] as const;
  const streams = [await measure(stream, bare, sliceMs), await measure(stream, told, sliceMs)] as const;
  if (round < 0) continue;
  added.call.push(calls[1] - calls[0]);
  added.chunk.push((streams[1] - streams[0]) / CHUNKS);
}
const measured: TelemetryCost = { call: median(added.call), chunk: median(added.chunk) };
console.log(JSON.stringify(measured));
process.exit(0); // the batch processor's timer would keep it
