import { execFile } from 'node:child_process';
import path from 'node:path';
import { inspect, promisify } from 'node:util';
import CircuitBreaker from 'opossum';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGateway, derive, type ChatRequest, type Decision, type Gateway, type Interceptor } from '../../src/index.js';
import { circuitBreaker, type CircuitBreakerOptions } from '../../src/interceptors/circuit-breaker.js';
import { interceptorSuite, mockProvider, type MockProvider, type ReplyScript } from '../../src/testing/index.js';
import type { ProviderCode } from '../../src/types/codes.js';
import { failure } from '../support/adapters.js';

const OPEN_MS = 15_000;
const ask: ChatRequest = { model: 'mock/model', messages: [{ role: 'user', content: 'Are you there?' }] };
const down: ReplyScript = { error: 'server_error' };
const silent: ReplyScript = { text: 'never', delayMs: Infinity };

/** What each failure says about its target. */
const MEANING: Readonly<Record<ProviderCode, 'the target fails' | 'nothing'>> = {
  server_error: 'the target fails',
  network: 'the target fails',
  connect_timeout: 'the target fails',
  stream_interrupted: 'the target fails',
  overloaded: 'the target fails',
  invalid_response: 'the target fails',
  first_content_timeout: 'the target fails',
  idle_timeout: 'the target fails',
  attempt_timeout: 'the target fails',
  provider_rate_limit: 'nothing',
  quota_exhausted: 'nothing',
  authentication: 'nothing',
  permission: 'nothing',
  not_found: 'nothing',
  unsupported: 'nothing',
  invalid_request: 'nothing',
  context_length: 'nothing',
  content_filter: 'nothing',
};

interface Setting {
  readonly gateway: Gateway;
  readonly mock: MockProvider;
  readonly decisions: Decision[];
  /** How a call ends: its text, or the code of its error. */
  chat(model?: string): Promise<string>;
  stream(): Promise<string>;
  /** Ends this many calls, one after the other. */
  chats(count: number): Promise<readonly string[]>;
  /** Lets 20 calls fail. */
  trip(): Promise<void>;
  circuit(): string[];
}

function setUp(options: CircuitBreakerOptions = {}, around: readonly Interceptor[] = [], credentials?: readonly string[]): Setting {
  const mock = mockProvider(credentials === undefined ? {} : { credentials });
  const decisions: Decision[] = [];
  const gateway = createGateway({ providers: [mock], interceptors: [...around, circuitBreaker(options)], onDecision: (decision) => decisions.push(decision) });
  const ended = (work: Promise<{ readonly text: string }>): Promise<string> => work.then(({ text }) => text, (error: { readonly code: string }) => error.code);
  const setting: Setting = {
    gateway,
    mock,
    decisions,
    chat: (model = 'mock/model') => ended(gateway.chat({ ...ask, model })),
    stream: () => ended(gateway.stream(ask).response()),
    async chats(count) {
      const all: string[] = [];
      for (let call = 0; call < count; call++) all.push(await setting.chat());
      return all;
    },
    async trip() {
      mock.always(down);
      await setting.chats(20);
      mock.always('ok');
    },
    circuit: () => decisions.flatMap((decision) => (decision.what === 'circuit' ? [decision.state] : [])),
  };
  return setting;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a closed circuit', () => {
  it('opens when half of 20 outcomes failed, and not a call sooner', async () => {
    const { mock, chats, chat, circuit } = setUp();
    mock.always('ok');
    await chats(10);
    mock.always(down);
    await chats(9);
    expect(circuit()).toEqual([]);
    expect(await chats(2)).toEqual(['server_error', 'circuit_open']);
    expect(circuit()).toEqual(['open']);
    expect(await chat()).toBe('circuit_open');
    expect(mock.calls).toHaveLength(20);
  });

  it('stays closed while fewer than half fail', async () => {
    const { mock, chats, circuit } = setUp();
    mock.always('ok');
    await chats(60);
    mock.always(down);
    await chats(59);
    expect(circuit()).toEqual([]);
  });

  it('forgets outcomes older than 30 s', async () => {
    const { mock, chats, circuit } = setUp();
    mock.always(down);
    await chats(19);
    await pass(30_001);
    await chats(19);
    expect(circuit()).toEqual([]);
    await pass(20_000);
    await chats(1);
    expect(circuit()).toEqual(['open']);
  });

  it.each(Object.entries(MEANING))('is told by %s: %s', async (code, meaning) => {
    const { mock, chats, circuit } = setUp();
    mock.always({ error: code as ProviderCode }); // the table has provider codes only
    await chats(30);
    expect(circuit()).toEqual(meaning === 'the target fails' ? ['open'] : []);
  });

  it('is not opened by calls that were cancelled or ran out of time', async () => {
    const { gateway, mock, circuit } = setUp();
    mock.always(silent);
    for (let call = 0; call < 30; call++) {
      const controller = new AbortController();
      const cancelled = failure(gateway.chat(ask, { signal: controller.signal }));
      const late = failure(gateway.stream(ask, { timeoutMs: 100 }).response());
      controller.abort();
      await pass(100);
      expect([await cancelled, await late]).toMatchObject([{ code: 'cancelled' }, { code: 'deadline_exceeded' }]);
    }
    expect(circuit()).toEqual([]);
  });

  it('counts a stream when it ends, and one that breaks midway as a failure', async () => {
    const { gateway, mock, stream, circuit } = setUp();
    mock.always({ text: ['half ', 'an'], ending: 'cut' });
    for (let call = 0; call < 19; call++) expect(await stream()).toBe('stream_interrupted');
    const last = gateway.stream(ask);
    await last.open();
    expect(circuit()).toEqual([]);
    await failure(last.response());
    expect(circuit()).toEqual(['open']);
  });

  it('is not opened by readers who leave', async () => {
    const { gateway, mock, circuit } = setUp();
    mock.always({ text: ['half ', 'an'], ending: 'hang' });
    for (let call = 0; call < 30; call++) for await (const event of gateway.stream(ask)) if (event.type === 'text-delta') break;
    expect(circuit()).toEqual([]);
  });

  it('counts embeddings as well', async () => {
    const { gateway, mock, circuit } = setUp();
    mock.always(down);
    for (let call = 0; call < 20; call++) await failure(gateway.embed({ model: 'mock/model', input: ['a'] }));
    expect(circuit()).toEqual(['open']);
  });
});

describe('a circuit', () => {
  it('is one for all keys of a provider', async () => {
    let turn = 0;
    const otherKey: Interceptor = { name: 'keys', intercept: (call, next) => next(derive(call, { target: { ...call.target, credential: turn++ % 2 === 0 ? 'main' : 'spare' } })) };
    const { trip, circuit, mock } = setUp({}, [otherKey], ['main', 'spare']);
    await trip();
    expect(circuit()).toEqual(['open']);
    expect(new Set(mock.calls.map(({ credential }) => credential))).toEqual(new Set(['main', 'spare']));
  });

  it('is one for each model of a provider', async () => {
    const { trip, chat } = setUp();
    await trip();
    expect([await chat('mock/other'), await chat()]).toEqual(['ok', 'circuit_open']);
  });
});

describe('an open circuit', () => {
  it('refuses with the target, and with the time that is left', async () => {
    const { gateway, trip, decisions, mock } = setUp();
    await trip();
    await pass(5000);
    const asked = mock.calls.length;
    const error = await failure(gateway.chat(ask));
    expect(error).toMatchObject({ name: 'RejectedError', code: 'circuit_open', retryAfterMs: 10_000, target: { provider: 'mock', model: 'model' } });
    expect(decisions.at(-1)).toMatchObject({ by: 'circuit-breaker', what: 'rejected', code: 'circuit_open', target: 'mock/model' });
    expect(mock.calls).toHaveLength(asked);
  });

  it('is open for 15 s, then twice as long after each failed probe, and never longer than 5 min', async () => {
    const { trip, chat, mock, decisions } = setUp();
    await trip();
    mock.always(down);
    for (const openMs of [15, 30, 60, 120, 240, 300, 300].map((seconds) => seconds * 1000)) {
      expect(decisions.findLast(({ what }) => what === 'circuit')).toMatchObject({ state: 'open', forMs: openMs });
      await pass(openMs - 1);
      expect(await chat()).toBe('circuit_open');
      await pass(1);
      expect(await chat()).toBe('server_error');
    }
  });

  it('is open for 15 s again once it has stayed closed for as long as it last was open, and twice as long when it has not', async () => {
    const { trip, chats, mock, decisions } = setUp();
    const openings = (): (number | undefined)[] => decisions.flatMap((decision) => (decision.what === 'circuit' && decision.state === 'open' ? [decision.forMs] : []));
    await trip();
    await pass(OPEN_MS);
    await chats(3);
    await pass(14_000);
    await trip();
    await pass(30_000);
    await chats(3);
    await pass(30_000);
    await trip();
    expect(openings()).toEqual([15_000, 30_000, 15_000]);
    expect(mock.calls).toHaveLength(66);
  });
});

describe('a half-open circuit', () => {
  it('lets three of a hundred callers through, and is closed when all three succeeded', async () => {
    const { trip, chat, chats, mock, circuit } = setUp();
    await trip();
    await pass(OPEN_MS);
    mock.always({ text: 'ok', delayMs: 100 });
    const hundred = Promise.all(Array.from({ length: 100 }, () => chat()));
    await pass(100);
    const texts = await hundred;
    expect([texts.filter((text) => text === 'ok').length, texts.filter((text) => text === 'circuit_open').length]).toEqual([3, 97]);
    expect(mock.calls).toHaveLength(23);
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
    mock.always('ok');
    expect(await chats(10)).toEqual(Array.from({ length: 10 }, () => 'ok'));
  });

  it('is not closed by the success of one probe or two', async () => {
    const { trip, chats, circuit } = setUp();
    await trip();
    await pass(OPEN_MS);
    await chats(2);
    expect(circuit()).toEqual(['open', 'half-open']);
    await chats(1);
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
  });

  it('is opened by one failed probe, and the other probes no longer count', async () => {
    const { trip, chat, mock, circuit } = setUp();
    await trip();
    await pass(OPEN_MS);
    mock.reply({ text: 'ok', delayMs: 1000 }, { text: 'ok', delayMs: 1000 }, down);
    const probes = Promise.all([chat(), chat(), chat()]);
    await pass(1000);
    expect(await probes).toEqual(['ok', 'ok', 'server_error']);
    expect(circuit()).toEqual(['open', 'half-open', 'open']);
    expect(await chat()).toBe('circuit_open');
  });

  it('says when the first slot comes free while all are taken', async () => {
    const { trip, gateway, chat, mock } = setUp();
    await trip();
    await pass(OPEN_MS);
    mock.always({ text: 'ok', delayMs: 30_000 });
    const first = chat();
    await pass(1000);
    const others = [chat(), chat()];
    await pass(1000);
    expect(await failure(gateway.chat(ask))).toMatchObject({ code: 'circuit_open', retryAfterMs: 58_000, message: expect.stringContaining('half-open') as string });
    await pass(30_000);
    expect(await Promise.all([first, ...others])).toEqual(['ok', 'ok', 'ok']);
  });

  it('gets the slot back from an outcome that says nothing about the target, and stays half-open', async () => {
    const { trip, chat, chats, mock, circuit } = setUp();
    await trip();
    await pass(OPEN_MS);
    mock.always({ error: 'provider_rate_limit' });
    expect(await chats(10)).toEqual(Array.from({ length: 10 }, () => 'provider_rate_limit'));
    expect(circuit()).toEqual(['open', 'half-open']);
    mock.always('ok');
    await chats(3);
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
    expect(await chat()).toBe('ok');
  });

  const streamed: ReplyScript = { text: ['one ', 'two'], ending: 'hang' };

  it.each([
    ['before the answer', silent, (gateway: Gateway, signal: AbortSignal) => gateway.chat(ask, { signal })],
    ['before the first content of a stream', silent, (gateway: Gateway, signal: AbortSignal) => gateway.stream(ask, { signal }).response()],
    ['in the middle of a stream', streamed, (gateway: Gateway, signal: AbortSignal) => gateway.stream(ask, { signal }).response()],
  ])('is neither closed nor held up by probes that hang %s, 100 of 100 times', async (_when, reply, send) => {
    let right = 0;
    for (let run = 0; run < 100; run++) {
      const { gateway, trip, chat, chats, mock, circuit } = setUp();
      await trip();
      await pass(OPEN_MS);
      mock.always(reply);
      const controller = new AbortController();
      const hung = [1, 2, 3].map(() => failure(send(gateway, controller.signal)));
      await pass(59_999);
      const full = await chat();
      const before = circuit().join();
      await pass(1);
      mock.always('ok');
      const after = await chats(3);
      if (full === 'circuit_open' && before === 'open,half-open' && after.join() === 'ok,ok,ok' && circuit().at(-1) === 'closed') right++;
      controller.abort();
      await Promise.all(hung);
    }
    expect(right).toBe(100);
  });

  it.each([
    ['before the answer', silent, (gateway: Gateway, signal: AbortSignal) => gateway.chat(ask, { signal })],
    ['before the first content of a stream', silent, (gateway: Gateway, signal: AbortSignal) => gateway.stream(ask, { signal }).response()],
    ['in the middle of a stream', streamed, (gateway: Gateway, signal: AbortSignal) => gateway.stream(ask, { signal }).response()],
  ])('is neither closed nor held up by probes that are cancelled %s, 100 of 100 times', async (_when, reply, send) => {
    let right = 0;
    for (let run = 0; run < 100; run++) {
      const { gateway, trip, chat, chats, mock, circuit } = setUp();
      await trip();
      await pass(OPEN_MS);
      mock.always(reply);
      const controller = new AbortController();
      const cancelled = [1, 2, 3].map(() => failure(send(gateway, controller.signal)));
      await pass(run);
      const full = await chat();
      controller.abort();
      await Promise.all(cancelled);
      const before = circuit().join();
      mock.always('ok');
      const after = await chats(3);
      if (full === 'circuit_open' && before === 'open,half-open' && after.join() === 'ok,ok,ok' && circuit().at(-1) === 'closed') right++;
    }
    expect(right).toBe(100);
  });

  it('counts a probe that ends well after it lost its slot', async () => {
    const { trip, chat, mock, circuit } = setUp();
    await trip();
    await pass(OPEN_MS);
    mock.always({ text: 'ok', delayMs: 90_000 });
    const slow = Promise.all([chat(), chat(), chat()]);
    await pass(90_000);
    expect(await slow).toEqual(['ok', 'ok', 'ok']);
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
  });
});

describe('what began before the circuit changed', () => {
  it('does not close it: answers from before the outage, told while it is half-open', async () => {
    const { trip, chat, mock, circuit } = setUp();
    mock.always({ text: 'ok', delayMs: OPEN_MS + 1000 });
    const early = Promise.all([chat(), chat(), chat()]);
    await pass(0);
    await trip();
    await pass(OPEN_MS);
    mock.reply({ ...silent, delayMs: 5000 });
    const probe = chat();
    await pass(1000);
    expect(await early).toEqual(['ok', 'ok', 'ok']);
    expect(circuit()).toEqual(['open', 'half-open']);
    await pass(4000);
    await probe;
  });

  it('does not open it again: failures from before the recovery, told when it is closed', async () => {
    const { trip, chat, chats, mock, circuit } = setUp();
    mock.always({ ...down, delayMs: 20_000 });
    const early = Promise.all(Array.from({ length: 30 }, () => chat()));
    await pass(0);
    await trip();
    await pass(OPEN_MS);
    await chats(3);
    await pass(5000);
    expect(new Set(await early)).toEqual(new Set(['server_error']));
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
  });

  it('is forgotten when it closes: one more failure does not open it', async () => {
    const { trip, chats, mock, circuit } = setUp({ windowMs: 300_000 });
    await trip();
    await pass(OPEN_MS);
    await chats(3);
    mock.always(down);
    await chats(16);
    expect(circuit()).toEqual(['open', 'half-open', 'closed']);
  });
});

describe('an outage', () => {
  it('costs few requests while it lasts, and at most 3 probes when it is over', async () => {
    const { chat, mock, decisions, circuit } = setUp();
    /** A hundred callers a second. */
    const seconds = async (count: number): Promise<readonly string[]> => {
      const all: Promise<string>[] = [];
      for (let tick = 0; tick < count * 100; tick++) {
        all.push(chat());
        await pass(10);
      }
      await pass(1000);
      return Promise.all(all);
    };
    mock.always({ ...down, delayMs: 200 });
    await seconds(40);
    // 20 open it while 20 more are under way; three probes each after 15 s and, had it lasted so long, after 45 s.
    expect(mock.calls.length).toBeLessThanOrEqual(20 + 20 + 3);
    expect(circuit()).toEqual(['open', 'half-open', 'open']);

    mock.always({ text: 'ok', delayMs: 200 });
    await seconds(8);
    expect(circuit()).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
    const [from, to] = ['half-open', 'closed'].map((state) => decisions.findLastIndex((decision) => decision.what === 'circuit' && decision.state === state));
    expect(decisions.slice(from, to).filter(({ what }) => what === 'attempt-start')).toHaveLength(3);
    expect(new Set(await seconds(5))).toEqual(new Set(['ok']));
  });

  it('is over for 95 % of the calls within two open intervals', async () => {
    const { trip, chats } = setUp();
    await trip();
    await pass(OPEN_MS);
    let good = 0;
    for (let second = 0; second < 15; second++) {
      good += (await chats(20)).filter((text) => text === 'ok').length;
      await pass(1000);
    }
    expect(good / 300).toBeGreaterThanOrEqual(0.95);
  });
});

describe('slow', () => {
  const tokens = (outputTokens: number): Pick<Extract<ReplyScript, { readonly text?: unknown }>, 'usage'> => ({ usage: { inputTokens: 5, outputTokens } });

  it('counts streams as failures whose first content came late', async () => {
    const { gateway, mock, circuit } = setUp({ slow: { timeToFirstContentMs: 1000 } });
    const runs = async (delayMs: number): Promise<void> => {
      mock.always({ text: 'ok', delayMs });
      const all = Promise.all(Array.from({ length: 20 }, () => gateway.stream(ask).response()));
      await pass(delayMs);
      await all;
    };
    await runs(1000);
    expect(circuit()).toEqual([]);
    await runs(1100);
    expect(circuit()).toEqual(['open']);
  });

  it.each([
    ['a stream, from its first content', 'stream', { text: ['one ', 'two'], delayMs: 60_000, chunkDelayMs: 5000 }],
    ['a whole answer', 'chat', { text: 'one two', delayMs: 10_000 }],
  ] as const)('counts as failures what came with too few tokens a second: %s', async (_what, method, reply) => {
    const { mock, circuit, ...send } = setUp({ slow: { tokensPerSecond: 10 } });
    const runs = async (outputTokens: number): Promise<void> => {
      mock.always({ ...reply, ...tokens(outputTokens) });
      const all = Promise.all(Array.from({ length: 20 }, () => send[method]()));
      await pass(70_000);
      expect(new Set(await all)).toEqual(new Set(['one two']));
    };
    await runs(101);
    await runs(49); // too short to judge
    expect(circuit()).toEqual([]);
    await pass(30_000);
    await runs(99);
    expect(circuit()).toEqual(['open']);
  });
});

describe('circuits', () => {
  it('are kept up to maxTargets; the one not used for longest is forgotten, with its timer', async () => {
    const { mock, chat } = setUp({ maxTargets: 2, minOutcomes: 1 });
    mock.always(down);
    await chat('mock/a');
    await chat('mock/b');
    expect(await chat('mock/a')).toBe('circuit_open');
    expect(vi.getTimerCount()).toBe(2);
    await chat('mock/c');
    expect(vi.getTimerCount()).toBe(2);
    mock.always('ok');
    expect([await chat('mock/a'), await chat('mock/b')]).toEqual(['circuit_open', 'ok']);
  });

  it('take no word from an attempt that outlived them', async () => {
    const { mock, chat, gateway } = setUp({ maxTargets: 1, minOutcomes: 1 });
    mock.reply({ ...down, delayMs: 1000 }, 'ok');
    const outliving = chat('mock/a');
    await pass(0);
    expect(await chat('mock/b')).toBe('ok');
    await pass(1000);
    expect(await outliving).toBe('server_error');
    expect(vi.getTimerCount()).toBe(0);
    await gateway.close();
  });

  it('hold no timer unless they are open, and none after close', async () => {
    const { trip, chat, gateway } = setUp();
    await chat();
    expect(vi.getTimerCount()).toBe(0);
    await trip();
    expect(vi.getTimerCount()).toBe(1);
    await gateway.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tell listeners nothing of a call', async () => {
    const emitted: unknown[] = [];
    const prototype = CircuitBreaker.prototype as unknown as { emit(...event: readonly unknown[]): boolean };
    const emit = prototype.emit;
    const spy = vi.spyOn(prototype, 'emit').mockImplementation(function (this: unknown, ...event) {
      emitted.push(...event);
      return emit.apply(this, event);
    });
    try {
      const { gateway, mock, trip, chats } = setUp();
      mock.reply('the answer: canary');
      await gateway.chat({ ...ask, messages: [{ role: 'user', content: 'the prompt: canary' }] }, { headers: { 'x-key': 'canary' }, tags: { user: 'canary' } });
      mock.fail('server_error', { message: 'canary' });
      await failure(gateway.chat({ ...ask, messages: [{ role: 'user', content: 'canary' }] }));
      await trip();
      await pass(OPEN_MS);
      await chats(3);
    } finally {
      spy.mockRestore();
    }
    expect(emitted).toEqual(expect.arrayContaining(['fire', 'success', 'failure', 'open', 'halfOpen']));
    expect(inspect(emitted, { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

describe('an idle process', () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  it('exits within 200 ms though a circuit is open', async () => {
    const source = path.resolve('src');
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve: (specifier, context, next) => next(specifier.startsWith('.') && context.parentURL?.includes('/src/') ? specifier.replace(/\\.js$/, '.ts') : specifier, context) });
      const { createGateway } = await import(${JSON.stringify(path.join(source, 'index.ts'))});
      const { circuitBreaker } = await import(${JSON.stringify(path.join(source, 'interceptors/circuit-breaker.ts'))});
      const gateway = createGateway({ providers: [{ name: 'mock', chat: async () => { throw new Error('down'); } }], interceptors: [circuitBreaker({ minOutcomes: 1 })] });
      const codes = [];
      for (let call = 0; call < 2; call++) await gateway.chat({ model: 'mock/model', messages: [{ role: 'user', content: 'hi' }] }).catch(({ code }) => codes.push(code));
      const idleSince = performance.now();
      process.on('exit', () => console.log(JSON.stringify({ codes, ms: performance.now() - idleSince })));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
    const { codes, ms } = JSON.parse(stdout) as { readonly codes: readonly string[]; readonly ms: number };
    expect(codes.at(-1)).toBe('circuit_open');
    expect(ms).toBeLessThan(200);
  });
});

describe('options', () => {
  it.each<[CircuitBreakerOptions, string]>([
    [{ failureRate: 0 }, 'circuitBreaker: failureRate: wanted a number above 0 and up to 1, got 0'],
    [{ failureRate: 50 }, 'failureRate'],
    [{ windowMs: Number.NaN }, 'windowMs: wanted milliseconds'],
    [{ openMs: 0 }, 'openMs'],
    [{ openMs: 60_000, maxOpenMs: 30_000 }, 'maxOpenMs: wanted at least openMs (60000), got 30000'],
    [{ maxOpenMs: 2 ** 31 }, 'maxOpenMs: wanted milliseconds, 1 to 2147483647, got 2147483648'],
    [{ probeTimeoutMs: -1 }, 'probeTimeoutMs'],
    [{ minOutcomes: 0 }, 'minOutcomes: wanted a whole number, 1 or more, got 0'],
    [{ probes: 1.5 }, 'probes'],
    [{ maxTargets: 0 }, 'maxTargets'],
    [{ slow: { tokensPerSecond: 0 } }, 'slow.tokensPerSecond: wanted a number above 0, got 0'],
    [{ slow: { timeToFirstContentMs: '5s' as never } }, 'slow.timeToFirstContentMs'],
    [{ slow: 5000 as never }, 'slow: wanted an object'],
  ])('that cannot work are refused: %j', (options, message) => {
    expect(() => circuitBreaker(options)).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(message) as string }));
  });

  it('may ask that all fail', async () => {
    const { mock, chats, circuit } = setUp({ failureRate: 1, minOutcomes: 2 });
    mock.reply('ok').always(down);
    await chats(30);
    expect(circuit()).toEqual([]);
    await pass(30_001);
    await chats(2);
    expect(circuit()).toEqual(['open']);
  });
});

describe('a circuit breaker keeps to what every interceptor must', () => {
  beforeEach(() => {
    vi.useRealTimers();
  });
  for (const { name, run } of interceptorSuite({ create: () => circuitBreaker() })) it(name, run);
});
