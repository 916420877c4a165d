import type { AdapterEvent, Gateway, ProviderAdapter } from 'headgate';
import { CHUNKS, MESSAGES } from './scenario.ts';

const usage = { inputTokens: 40, outputTokens: CHUNKS };
const events: readonly AdapterEvent[] = [
  { type: 'start', id: 'answer', model: 'memory' },
  ...Array.from({ length: CHUNKS }, (): AdapterEvent => ({ type: 'text-delta', text: ' word' })),
  { type: 'finish', finishReason: 'stop', usage },
];
const content = [{ type: 'text', text: ' word'.repeat(80) }] as const;

/** A provider without a wire, so that nothing but the pipeline is in a figure. */
export const memory: ProviderAdapter = {
  name: 'memory',
  async chat(_request, context) {
    context.sent();
    return { id: 'answer', model: 'memory', content, finishReason: 'stop', usage };
  },
  stream(_request, context) {
    context.sent();
    let at = 0;
    const next = (): Promise<IteratorResult<AdapterEvent>> => {
      const value = events[at++];
      return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value });
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  },
};

export async function call(gateway: Gateway): Promise<void> {
  await gateway.chat({ model: 'memory/model', messages: MESSAGES });
}

export async function stream(gateway: Gateway): Promise<void> {
  await gateway.stream({ model: 'memory/model', messages: MESSAGES }).response();
}

/** Microseconds of CPU for each, one after the other, for `sliceMs` milliseconds. */
export async function measure(once: (gateway: Gateway) => Promise<void>, gateway: Gateway, sliceMs: number): Promise<number> {
  const until = performance.now() + sliceMs;
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() < until) {
    for (let turn = 0; turn < 10; turn++) await once(gateway);
    done += 10;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done;
}
