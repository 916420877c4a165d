import { createGateway, isGatewayError, type AdapterContext, type ChatRequest, type ProviderAdapter } from 'headgate';
import { fakeServer, type ServerReply } from 'headgate/testing';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SHARED_TIMERS, watchLeaks } from '../support/leaks.js';
import { watchTrouble } from './trouble.js';
import { vendors } from './vendors.js';

const WORDS = Array.from({ length: 8 }, (_, at) => `word${at} `);
/** Between two events, in milliseconds: longer than the longest offset, so that a boundary has a before and an after. */
const GAP_MS = 6;
/** Before and after a boundary, in milliseconds. */
const OFFSETS = [-5, -1, 0, 1, 5];
/** A call that has not ended so long after its abort never will, in milliseconds. */
const HUNG_AFTER_MS = 1000;
const AT_ONCE = 100;
const ROUNDS = 5;

/** How the answer comes, and where its reader is when the abort comes. */
const ways: Readonly<Record<string, { readonly reply: ServerReply; readonly waits: boolean }>> = {
  'event by event': { reply: { text: WORDS, chunkDelayMs: GAP_MS }, waits: false },
  'event by event, and never ends': { reply: { text: WORDS, chunkDelayMs: GAP_MS, ending: 'hang' }, waits: false },
  // On Node 22 a fetch body that is aborted with its last byte unread is never heard of again.
  'all at once, to a reader who is busy': { reply: { text: WORDS, write: 'whole' }, waits: true },
};

interface Race {
  /** The delta that is the boundary; 0 is the call itself. */
  readonly boundary: number;
  readonly offsetMs: number;
}

const races: readonly Race[] = WORDS.concat('').flatMap((_, boundary) => OFFSETS.map((offsetMs) => ({ boundary, offsetMs }))).filter(({ boundary, offsetMs }) => boundary > 0 || offsetMs >= 0);

/** A stream that this signal aborts. */
type Open = (signal: AbortSignal) => AsyncIterable<{ readonly type: string }>;

const messages: ChatRequest['messages'] = [{ role: 'user', content: 'hi' }];

/** The core would settle a call whose adapter hangs, so adapters are held to it alone too. */
const readers: Readonly<Record<string, (adapter: ProviderAdapter) => Open>> = {
  'the gateway'(adapter) {
    const gateway = createGateway({ providers: [adapter] });
    return (signal) => gateway.stream({ model: 'x/m', messages }, { signal });
  },
  'the adapter alone': (adapter) => (signal) => {
    const context: AdapterContext = { model: 'm', credential: undefined, signal, callId: 'c', headers: {}, warn() {}, sent() {}, answered() {}, alive() {} };
    if (adapter.stream === undefined) throw new Error('this adapter does not stream');
    return adapter.stream({ model: 'm', messages }, context);
  },
};

/** How a call ended that is aborted at its boundary; 'hung' is what must never be. */
async function run(open: Open, { boundary, offsetMs }: Race, waits: boolean): Promise<string> {
  const controller = new AbortController();
  const from = offsetMs < 0 ? boundary - 1 : boundary;
  const delayMs = offsetMs < 0 ? GAP_MS + offsetMs : offsetMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watched = new Promise<string>((resolve) => {
    const abort = (): void => {
      timer = setTimeout(resolve, HUNG_AFTER_MS, 'hung');
      controller.abort();
    };
    const settled = read(open, controller.signal, (seen) => {
      if (seen !== from) return undefined;
      if (delayMs === 0) abort();
      else timer = setTimeout(abort, delayMs);
      return waits && delayMs > 0 ? sleep(delayMs + 1) : undefined;
    });
    settled.then(resolve, resolve);
  });
  const ending = await watched;
  clearTimeout(timer);
  return getEventListeners(controller.signal, 'abort').length > 0 ? `${ending}, with a listener left` : ending;
}

async function read(open: Open, signal: AbortSignal, at: (seen: number) => Promise<void> | undefined): Promise<string> {
  let seen = 0;
  let ends = 0;
  try {
    const events = open(signal);
    await at(0);
    for await (const { type } of events) {
      if (type === 'end' || type === 'finish') ends++;
      else if (type === 'text-delta') await at(++seen);
    }
    return ends === 1 ? 'complete' : `${ends} ends`;
  } catch (error) {
    return error === signal.reason || isGatewayError(error, 'cancelled') ? 'cancelled' : String(error);
  }
}

/** All of them, a hundred at a time. Counts how they ended. */
async function runAll(open: Open, waits: boolean): Promise<Readonly<Record<string, number>>> {
  const waiting = Array.from({ length: ROUNDS }, () => races).flat();
  const endings: Record<string, number> = {};
  const worker = async (): Promise<void> => {
    for (let race = waiting.pop(); race !== undefined; race = waiting.pop()) {
      const ending = await run(open, race, waits);
      endings[ending] = (endings[ending] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return endings;
}

describe.each(Object.entries(ways))('an abort around every event of an answer that comes %s', (_way, { reply, waits }) => {
  describe.each(Object.entries(readers))('and is read from %s', (_reader, openWith) => {
    const transports = [['its own connections', undefined], ['an injected fetch', globalThis.fetch]] as const;
    const cases = vendors.flatMap((vendor) => transports.map(([transport, fetch]) => [vendor.name, transport, vendor, fetch] as const));

    it.each(cases)('settles every call to %s over %s, and leaves nothing behind', { timeout: 60_000 }, async (_name, _transport, vendor, fetch) => {
      const trouble = watchTrouble();
      const leaks = watchLeaks({ but: SHARED_TIMERS });
      await using server = await fakeServer({ record: false });
      server.always(reply);
      const adapter = vendor.connect('x', server.url, { fetch });
      try {
        const { cancelled = 0, complete = 0, ...others } = await runAll(openWith(adapter), waits);
        expect(others).toEqual({});
        expect(cancelled + complete).toBe(races.length * ROUNDS);
        expect(cancelled).toBeGreaterThan(complete);
        await adapter.close?.();
        await server.close();
        expect(await leaks.left()).toEqual({});
        expect(await trouble.seen()).toEqual([]);
      } finally {
        leaks.stop();
        trouble.stop();
      }
    });
  });
});
