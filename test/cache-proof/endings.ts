import { createGateway, exactCache, type CacheStore, type FinishReason } from 'headgate';
import { mockProvider } from 'headgate/testing';
import type { Chance } from '../simulation/seed.ts';

export interface EndingCounts {
  readonly calls: number;
  /** Entries in the store at the end. */
  readonly stored: number;
  /** Calls that ended well and whole, so that each may have an entry. */
  readonly whole: number;
  /** Entries of calls that did not, and entries that are not what was said. */
  readonly bad: number;
}

const BAD_ENDINGS: readonly FinishReason[] = ['refusal', 'content-filter', 'length', 'other'];
const AT_ONCE = 200;

/** Answers that are cut, fail, are aborted, left, filtered and refused at random places. Each call asks a question of its own, so that what is stored can be counted. */
export async function endEverywhere(count: number, chance: Chance): Promise<EndingCounts> {
  const values = new Map<string, string>();
  const store: CacheStore = {
    get: async (key) => values.get(key),
    set: async (key, value) => {
      values.set(key, value);
      return true;
    },
    delete: async (key) => void values.delete(key),
  };
  const mock = mockProvider();
  const gateway = createGateway({ providers: [mock], interceptors: [exactCache({ scope: 'shared', store, onStoreError: 'reject' })] });
  const texts = new Map<string, string>();
  const whole = new Set<string>();
  /** Those whose answer the provider brought to a good end. */
  const sound = new Set<string>();
  let calls = 0;

  mock.always(({ text: name }) => {
    const pieces = Array.from({ length: chance.whole(1, 12) }, (_, at) => `${name} ${at}. `);
    texts.set(name, pieces.join(''));
    const kept = pieces.slice(0, chance.whole(0, pieces.length));
    switch (chance.weighted({ whole: 4, cut: 3, error: 2, refusal: 1, ended: 2, fails: 1 })) {
      case 'cut':
        return { text: kept, ending: 'cut' };
      case 'error':
        return { text: kept, ending: { error: chance.pick(['network', 'overloaded', 'content_filter'] as const) } };
      case 'refusal':
        return { text: kept, refusal: 'No.', finishReason: 'stop' };
      case 'ended':
        return { text: kept, finishReason: chance.pick(BAD_ENDINGS) };
      case 'fails':
        return { error: 'server_error' };
      case 'whole':
        sound.add(name);
        return chance.maybe(0.3) ? { text: pieces, chunkDelayMs: 1 } : { text: pieces };
    }
  });

  async function once(): Promise<void> {
    const name = `n${++calls}`;
    const request = { model: 'mock/m', messages: [{ role: 'user' as const, content: name }] };
    const abort = new AbortController();
    const leaveAfter = chance.maybe(0.3) ? chance.whole(0, 14) : Infinity;
    if (chance.maybe(0.2)) setTimeout(() => abort.abort(), chance.whole(0, 5));
    try {
      if (chance.maybe(0.3)) {
        const { text, finishReason, content } = await gateway.chat(request, { signal: abort.signal });
        if (finishReason === 'stop' && text === texts.get(name) && content.every(({ type }) => type === 'text')) whole.add(name);
        return;
      }
      let read = 0;
      for await (const event of gateway.stream(request, { signal: abort.signal })) {
        if (event.type === 'end' && event.response.finishReason === 'stop' && event.response.text === texts.get(name) && event.response.content.every(({ type }) => type === 'text')) whole.add(name);
        if (event.type === 'end' || ++read > leaveAfter) break;
      }
    } catch {
      // it ended badly: so it must not be there
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (calls < count) await once();
  }));
  await gateway.close();

  let bad = 0;
  let stored = 0;
  for (const [key, value] of values) {
    if (!key.includes(':exact:')) continue;
    stored++;
    const { response } = JSON.parse(value) as { readonly response: { readonly content: readonly { readonly type: string; readonly text: string }[] } };
    const text = response.content.map((part) => part.text).join('');
    const name = text.split(' ')[0] ?? '';
    // A reader may have left or aborted in the very moment of the end: then the answer was whole all the same.
    if (text !== texts.get(name) || !sound.has(name)) bad++;
  }
  return { calls, stored, whole: whole.size, bad };
}
