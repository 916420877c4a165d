import { createGateway, fallback, retry, type Gateway, type GatewayOptions, type Interceptor } from 'headgate';
import { telemetry, type TelemetryOptions } from 'headgate/telemetry';
import { mockProvider, type MockProvider } from 'headgate/testing';
import type { RecordedSpan, Recorder } from './sdk.js';

export interface Setting {
  readonly openai: MockProvider;
  readonly anthropic: MockProvider;
  readonly gateway: Gateway;
}

/** Two providers, telemetry, then `inside`, then what keeps answering. */
export function setUp(options: TelemetryOptions = {}, inside: readonly Interceptor[] = [], more: Partial<GatewayOptions> = {}): Setting {
  const openai = Object.assign(mockProvider({ name: 'openai' }), { server: { address: 'api.openai.com', port: 443 } });
  const anthropic = mockProvider({ name: 'anthropic' });
  const gateway = createGateway({ providers: [openai, anthropic], interceptors: [telemetry(options), ...inside, fallback(), retry({ minDelayMs: 0, budget: false })], ...more });
  return { openai, anthropic, gateway };
}

export const asking = (model: string, content = 'hi') => ({ model, messages: [{ role: 'user', content }] }) as const;

/** A call's span with its attempts, in order. */
export interface Tree {
  readonly call: RecordedSpan;
  readonly attempts: readonly RecordedSpan[];
}

export function treesOf({ spans }: Pick<Recorder, 'spans'>): readonly Tree[] {
  const calls = spans.filter(({ kind }) => kind === 2);
  return calls.map((call) => ({ call, attempts: spans.filter((span) => span !== call && span.parentSpanContext?.spanId === call.spanContext().spanId) }));
}

/** The one call that was made. */
export function onlyTree(recorder: Pick<Recorder, 'spans'>): Tree {
  const trees = treesOf(recorder);
  if (trees.length !== 1) throw new Error(`${trees.length} calls were recorded`);
  return trees[0] as Tree; // just counted
}
