import { createGateway, exactCache } from 'headgate';
import { mockProvider } from 'headgate/testing';
import type { Chance } from '../simulation/seed.ts';

export interface CrowdCounts {
  readonly crowds: number;
  readonly calls: number;
  readonly upstream: number;
  /** Readers that got something other than the whole answer. */
  readonly wrong: number;
}

/** Crowds that ask the same at once, plain and streamed; some leave midway. */
export async function crowd(crowds: number, size: number, chance: Chance): Promise<CrowdCounts> {
  const mock = mockProvider();
  const pieces = Array.from({ length: 10 }, (_, at) => `piece ${at} `);
  mock.always({ text: pieces, delayMs: 2, chunkDelayMs: 1 });
  const gateway = createGateway({ providers: [mock], interceptors: [exactCache({ scope: 'shared' })] });
  let wrong = 0;
  let calls = 0;

  async function ask(number: number): Promise<void> {
    calls++;
    const request = { model: 'mock/m', messages: [{ role: 'user' as const, content: `crowd ${number}` }] };
    // One stays in each crowd: the last who leaves ends the call.
    const leaves = calls % size !== 0 && chance.maybe(0.1);
    if (chance.maybe(0.5)) {
      const { text } = await gateway.chat(request);
      if (text !== pieces.join('')) wrong++;
      return;
    }
    let read = '';
    for await (const event of gateway.stream(request)) {
      if (event.type === 'text-delta') read += event.text;
      if (leaves && event.type === 'text-delta') return;
    }
    if (read !== pieces.join('')) wrong++;
  }

  for (let number = 0; number < crowds; number++) await Promise.all(Array.from({ length: size }, () => ask(number)));
  await gateway.close();
  return { crowds, calls, upstream: mock.calls.length, wrong };
}
