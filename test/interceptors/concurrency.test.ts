import { CancelledError, ConfigError, createGateway, ProviderError, RejectedError, type CallOptions, type Decision, type Gateway, type ProviderAdapter } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { fakeServer, interceptorSuite, mockProvider, type MockProvider } from 'headgate/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { concurrency, type ConcurrencyOptions } from '../../src/interceptors/concurrency.js';
import { fallback } from '../../src/interceptors/fallback.js';
import { answering, ask, failure } from '../support/adapters.js';

interface Setting {
  readonly mock: MockProvider;
  readonly gateway: Gateway;
  readonly decisions: Decision[];
  /** Asks this; its answer, or the code of its error, goes into `ended`. */
  chat(content: string, options?: CallOptions, model?: string): Promise<string>;
  readonly ended: string[];
}

/** A provider that takes 100 ms for each call. */
function setUp(options: ConcurrencyOptions): Setting {
  const mock = mockProvider();
  mock.always(({ text }) => ({ text, delayMs: 100 }));
  const decisions: Decision[] = [];
  const ended: string[] = [];
  const gateway = createGateway({ providers: [mock, answering('elsewhere', 'other')], interceptors: [fallback(), concurrency(options)], models: { smart: ['mock/m', 'other/m'] }, onDecision: (decision) => decisions.push(decision) });
  return {
    mock,
    gateway,
    decisions,
    ended,
    async chat(content, callOptions, model = 'mock/m') {
      const answer = await gateway.chat({ ...ask, model, messages: [{ role: 'user', content }] }, callOptions).then(({ text }) => text, (error: { readonly code: string }) => `${content} ${error.code}`);
      ended.push(answer);
      return answer;
    },
  };
}

const what = (decisions: readonly Decision[], kind: Decision['what']): readonly Decision[] => decisions.filter((decision) => decision.by === 'concurrency' && decision.what === kind);

describe('concurrency', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets as many calls into a target as it may take, and the next when one has ended', async () => {
    const { mock, chat, decisions, ended } = setUp({ maxConcurrent: 2 });
    for (const name of ['a', 'b', 'c']) void chat(name);
    await vi.advanceTimersByTimeAsync(99);
    expect(mock.calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(mock.calls).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual(['a', 'b', 'c']);
    expect(what(decisions, 'waited')).toMatchObject([{ waitMs: 100, code: 'concurrency_exceeded', target: 'mock/m' }]);
  });

  it('counts each target by itself, with a limit of its own where it has one', async () => {
    const { mock, chat } = setUp({ maxConcurrent: 1, limits: { 'mock/b': 2, other: 5 } });
    for (const model of ['mock/a', 'mock/a', 'mock/b', 'mock/b', 'mock/b']) void chat('x', {}, model);
    await vi.advanceTimersByTimeAsync(50);
    expect(mock.calls.map(({ model }) => model)).toEqual(['a', 'b', 'b']);
    await vi.advanceTimersByTimeAsync(1000);
  });

  it('holds the slot of a stream until the stream has ended', async () => {
    const { mock, gateway, chat } = setUp({ maxConcurrent: 1 });
    mock.on({ streaming: true }).always({ text: ['one ', 'two'], chunkDelayMs: 100 });
    const stream = gateway.stream({ ...ask, model: 'mock/m' });
    await stream.open();
    void chat('next');
    await vi.advanceTimersByTimeAsync(1000);
    expect(mock.calls).toHaveLength(1);
    const response = stream.response();
    await vi.advanceTimersByTimeAsync(1000);
    expect((await response).text).toBe('one two');
    expect(mock.calls).toHaveLength(2);
  });

  it('does not wait for the reader of an answer that came in one piece', async () => {
    const mock = mockProvider({ methods: ['chat'] });
    mock.always({ text: 'whole', delayMs: 100 });
    const gateway = createGateway({ providers: [mock], interceptors: [concurrency({ maxConcurrent: 1 })] });
    const streams = ['first', 'second', 'third'].map(() => gateway.stream({ ...ask, model: 'mock/m' }));
    const opened = Promise.all(streams.map((stream) => stream.open()));
    await vi.advanceTimersByTimeAsync(250);
    expect(mock.calls).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(50);
    await opened;
    // Once read, nobody is let in twice for it.
    for (const stream of streams) expect((await stream.response()).text).toBe('whole');
    for (let more = 0; more < 3; more++) void gateway.chat({ ...ask, model: 'mock/m' });
    await vi.advanceTimersByTimeAsync(50);
    expect(mock.calls).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(300);
    expect(mock.calls).toHaveLength(6);
  });

  it.each<[string, (gateway: Gateway, mock: MockProvider) => Promise<unknown>]>([
    ['failed', (gateway, mock) => (mock.fail('server_error'), failure(gateway.chat({ ...ask, model: 'mock/m' })))],
    ['broke off', (gateway, mock) => (mock.reply({ text: ['half'], ending: 'cut' }), failure(gateway.stream({ ...ask, model: 'mock/m' }).response()))],
    ['was cancelled unread', async (gateway, mock) => {
      mock.reply({ text: ['half'], ending: 'hang' });
      const stream = gateway.stream({ ...ask, model: 'mock/m' });
      await stream.open();
      await stream.cancel();
    }],
    ['lost its reader', async (gateway, mock) => {
      mock.reply({ text: ['half', 'whole'], ending: 'hang' });
      for await (const event of gateway.stream({ ...ask, model: 'mock/m' })) if (event.type === 'text-delta') break;
    }],
    ['passed its deadline', async (gateway, mock) => {
      mock.reply({ text: 'x', delayMs: Infinity });
      const late = failure(gateway.chat({ ...ask, model: 'mock/m' }, { timeoutMs: 10 }));
      await vi.advanceTimersByTimeAsync(10);
      await late;
    }],
  ])('gets the slot back from a call that %s', async (_how, end) => {
    const { mock, gateway, chat, decisions } = setUp({ maxConcurrent: 1, maxQueued: 0 });
    mock.reset();
    await end(gateway, mock);
    mock.reply('next');
    expect(await chat('next')).toBe('next');
    expect(what(decisions, 'waited')).toEqual([]);
  });

  it('gives the slot to the highest priority, then to the tags in turns, then to the first that came', async () => {
    const { chat, ended } = setUp({ maxConcurrent: 1, fairBy: 'team' });
    void chat('first');
    for (const [name, team, priority] of [['a1', 'a', 0], ['a2', 'a', 0], ['a3', 'a', 0], ['b1', 'b', 0], ['low', 'c', -1], ['high', 'a', 1], ['none', undefined, 0]] as const) {
      void chat(name, { priority, ...(team !== undefined && { tags: { team } }) });
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(ended).toEqual(['first', 'high', 'a1', 'b1', 'none', 'a2', 'a3', 'low']);
  });

  it('refuses a call that finds the queue full, and says when to come again once it knows', async () => {
    const { mock, gateway, chat, decisions } = setUp({ maxConcurrent: 2, maxQueued: 2 });
    const before = [chat('a'), chat('b')];
    await vi.advanceTimersByTimeAsync(0);
    for (const name of ['c', 'd']) void chat(name);
    await vi.advanceTimersByTimeAsync(0);
    const early = await failure(gateway.chat({ ...ask, model: 'mock/m' }));
    expect(early).toBeInstanceOf(RejectedError);
    expect(early).toMatchObject({ code: 'concurrency_exceeded', retryable: true, retryAfterMs: undefined, target: { provider: 'mock', model: 'm' }, report: { attempts: [] } });
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(before);
    for (const name of ['e', 'f']) void chat(name);
    await vi.advanceTimersByTimeAsync(0);
    expect(await failure(gateway.chat({ ...ask, model: 'mock/m' }))).toMatchObject({ retryAfterMs: 150 });
    expect(what(decisions, 'rejected')).toMatchObject([{ code: 'concurrency_exceeded', target: 'mock/m' }, {}]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(mock.calls).toHaveLength(6);
  });

  it('sends a call that is refused on to its next target', async () => {
    const { chat, ended } = setUp({ maxConcurrent: 1, maxQueued: 0 });
    void chat('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(await chat('b', {}, 'smart')).toBe('elsewhere');
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual(['elsewhere', 'a']);
  });

  it('sheds negative priorities first: none is queued while the queue is full, and one in it makes room', async () => {
    const { chat, ended } = setUp({ maxConcurrent: 1, maxQueued: 2 });
    void chat('first');
    void chat('low', { priority: -1 });
    void chat('lower', { priority: -2 });
    await vi.advanceTimersByTimeAsync(0);
    void chat('lowest', { priority: -3 });
    void chat('mid', { priority: -0.5 });
    void chat('plain');
    await vi.advanceTimersByTimeAsync(0);
    void chat('high', { priority: 5 });
    await vi.advanceTimersByTimeAsync(0);
    void chat('higher', { priority: 9 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(ended).toEqual(['lowest concurrency_exceeded', 'mid concurrency_exceeded', 'lower concurrency_exceeded', 'low concurrency_exceeded', 'higher concurrency_exceeded', 'first', 'high', 'plain']);
  });

  it('lets nobody wait longer than queueTimeoutMs', async () => {
    const { chat, decisions, ended } = setUp({ maxConcurrent: 1, queueTimeoutMs: 40 });
    void chat('a');
    void chat('b');
    await vi.advanceTimersByTimeAsync(39);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['b concurrency_exceeded']);
    expect(what(decisions, 'waited')).toMatchObject([{ waitMs: 40 }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ended).toEqual(['b concurrency_exceeded', 'a']);
  });

  it('lets a call that waits go at once when it is aborted or its deadline passes, and its place with it', async () => {
    const { mock, gateway, chat, ended } = setUp({ maxConcurrent: 1, maxQueued: 2 });
    const abort = new AbortController();
    void chat('a');
    const aborted = failure(gateway.chat({ ...ask, model: 'mock/m' }, { signal: abort.signal }));
    const late = failure(gateway.chat({ ...ask, model: 'mock/m' }, { timeoutMs: 30 }));
    await vi.advanceTimersByTimeAsync(10);
    abort.abort();
    expect(await aborted).toBeInstanceOf(CancelledError);
    await vi.advanceTimersByTimeAsync(20);
    expect(await late).toMatchObject({ code: 'deadline_exceeded' });
    void chat('b');
    void chat('c');
    await vi.advanceTimersByTimeAsync(270);
    expect(ended).toEqual(['a', 'b', 'c']);
    expect(mock.calls).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets no target that is in use', async () => {
    const { mock, chat } = setUp({ maxConcurrent: 1, maxTargets: 1 });
    for (const model of ['mock/a', 'mock/b', 'mock/a', 'mock/b', 'mock/c']) void chat('x', {}, model);
    await vi.advanceTimersByTimeAsync(50);
    expect(mock.calls.map(({ model }) => model)).toEqual(['a', 'b', 'c']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(mock.calls).toHaveLength(5);
  });
});

describe('concurrency over many calls', () => {
  it('loses no slot and lets nobody in too many, in 10,000 random runs', { timeout: 120_000 }, async () => {
    const call = fc.record({
      priority: fc.integer({ min: -1, max: 1 }),
      streamed: fc.boolean(),
      /** Turns of the event queue. */
      takes: fc.nat(6),
      /** When it is aborted, if it is; 7 and more: never. */
      abortAfter: fc.nat(12),
      fails: fc.boolean(),
    });
    let inside = 0;
    let most = 0;
    const plans = new Map<string, { readonly takes: number; readonly fails: boolean }>();
    const work: ProviderAdapter = {
      name: 'x',
      async *stream(request, { signal }) {
        let gone = signal.aborted;
        const leave = (): void => {
          if (!gone) inside--;
          gone = true;
        };
        if (!gone) most = Math.max(most, ++inside);
        signal.addEventListener('abort', leave);
        try {
          const plan = plans.get(String(request.messages[0]?.content));
          await turns(plan?.takes ?? 0);
          if (plan?.fails) throw new ProviderError('server_error', 'on purpose');
          yield { type: 'text-delta', text: 'x' };
          await turns(1);
          yield { type: 'finish', finishReason: 'stop' };
        } finally {
          leave();
        }
      },
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.nat(3), fc.array(call, { minLength: 1, maxLength: 8 }), async (maxConcurrent, maxQueued, calls) => {
        const decisions: Decision[] = [];
        const gateway = createGateway({ providers: [work], interceptors: [concurrency({ maxConcurrent, maxQueued })], onDecision: (decision) => decisions.push(decision) });
        plans.clear();
        most = 0;
        await Promise.allSettled(
          calls.map(async ({ priority, streamed, takes, fails, abortAfter }, at) => {
            plans.set(String(at), { takes, fails });
            const abort = new AbortController();
            const request = { ...ask, messages: [{ role: 'user' as const, content: String(at) }] };
            const options = { priority, signal: abort.signal };
            const answer = streamed ? gateway.stream(request, options).response() : gateway.chat(request, options);
            void answer.catch(() => {}); // it is looked at below
            if (abortAfter < 7) {
              await turns(abortAfter);
              abort.abort();
            }
            await answer;
          }),
        );
        expect(most).toBeLessThanOrEqual(maxConcurrent);
        plans.clear();
        decisions.length = 0;
        await Promise.all(Array.from({ length: maxConcurrent }, () => gateway.chat(ask)));
        expect(decisions.filter(({ by }) => by === 'concurrency')).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

describe('concurrency on sockets', () => {
  it('gets its slot back when a reader leaves a stream', async () => {
    const server = await fakeServer();
    const gateway = createGateway({ providers: [openai({ apiKey: 'k', baseUrl: server.baseUrls.openai })], interceptors: [concurrency({ maxConcurrent: 2, queueTimeoutMs: 2000 })] });
    try {
      server.always({ text: Array.from({ length: 50 }, (_, at) => `word${at} `), chunkDelayMs: 5 });
      const leave = async (): Promise<void> => {
        for await (const event of gateway.stream({ ...ask, model: 'openai/gpt-5-mini' })) if (event.type === 'text-delta') break;
      };
      await Promise.all(Array.from({ length: 20 }, leave));
      expect(server.calls).toHaveLength(20);
    } finally {
      await gateway.close();
      await server.close();
    }
  });
});

describe('concurrency options', () => {
  it.each<[unknown, string]>([
    [{ maxConcurrent: 0 }, 'concurrency: maxConcurrent: wanted a whole number, 1 or more, got 0'],
    [{ maxConcurrent: 1.5 }, 'concurrency: maxConcurrent: wanted a whole number, 1 or more, got 1.5'],
    [{ maxTargets: -1 }, 'concurrency: maxTargets: wanted a whole number, 1 or more, got -1'],
    [{ maxQueued: -1 }, 'concurrency: maxQueued: wanted a whole number, 0 or more, got -1'],
    [{ queueTimeoutMs: 0 }, 'concurrency: queueTimeoutMs: wanted milliseconds, 1 to 2147483647, got 0'],
    [{ fairBy: '' }, 'concurrency: fairBy: wanted the name of a tag, got '],
    [{ limits: 5 }, "concurrency: limits: wanted an object such as { 'openai/gpt-5-mini': 20 }, got 5"],
    [{ limits: { '': 5 } }, "concurrency: limits: wanted names such as 'openai' or 'openai/gpt-5-mini', got "],
    [{ limits: { openai: '5' } }, 'concurrency: limits.openai: wanted a whole number, 1 or more, got 5'],
  ])('%j is refused by name', (options, message) => {
    expect(() => concurrency(options as ConcurrencyOptions)).toThrow(new ConfigError(message));
  });
});

describe('concurrency keeps to what every interceptor must', () => {
  for (const { name, run } of interceptorSuite({ create: () => concurrency({ maxConcurrent: 4 }) })) it(name, run);
});
