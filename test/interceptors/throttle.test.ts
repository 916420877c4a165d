import { ConfigError, createGateway, formatReport, RejectedError, type ChatResponse, type Decision, type Gateway, type Interceptor } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { openai } from 'headgate/providers/openai';
import { fakeServer, interceptorSuite, mockProvider, type MockProvider } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fallback } from '../../src/interceptors/fallback.js';
import { retry } from '../../src/interceptors/retry.js';
import { throttle, type ThrottleOptions } from '../../src/interceptors/throttle.js';
import { answering, ask, failure, gatewayOf } from '../support/adapters.js';

const MINUTE_MS = 60_000;
const prompt = { ...ask, model: 'mock/m' };
const left = (remaining: number, limit = 60) => ({ 'x-ratelimit-limit-requests': String(limit), 'x-ratelimit-remaining-requests': String(remaining), 'x-ratelimit-reset-requests': `${Math.ceil(((limit - remaining) * MINUTE_MS) / limit)}ms` });

interface Setting {
  readonly mock: MockProvider;
  readonly gateway: Gateway;
  readonly decisions: Decision[];
  /** Its text, or the code of its error. */
  chat(model?: string): Promise<string>;
}

function setUp(options: ThrottleOptions = {}, around: readonly Interceptor[] = [], credentials?: readonly string[]): Setting {
  const mock = mockProvider(credentials === undefined ? {} : { credentials });
  const decisions: Decision[] = [];
  const gateway = createGateway({ providers: [mock, answering('elsewhere', 'other')], interceptors: [...around, throttle(options)], models: { smart: ['mock/m', 'other/m'] }, onDecision: (decision) => decisions.push(decision) });
  return {
    mock,
    gateway,
    decisions,
    chat: (model = 'mock/m') => gateway.chat({ ...prompt, model }).then(({ text }) => text, (error: { readonly code: string }) => error.code),
  };
}

const what = (decisions: readonly Decision[], ...kinds: readonly Decision['what'][]): readonly Decision[] => decisions.filter(({ by, what: kind }) => by === 'throttle' && kinds.includes(kind));

describe('throttle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets calls through when nothing is known', async () => {
    const { mock, chat, decisions } = setUp();
    mock.always('yes');
    expect(await Promise.all(Array.from({ length: 50 }, () => chat()))).toEqual(Array.from({ length: 50 }, () => 'yes'));
    expect(what(decisions, 'waited', 'rejected')).toEqual([]);
  });

  it('refuses a call that the provider would refuse, and says when to come again', async () => {
    const { mock, gateway, chat, decisions } = setUp({ maxWaitMs: 500 });
    mock.reply({ text: 'last', headers: left(0) });
    expect(await chat()).toBe('last');
    const error = await failure(gateway.chat(prompt));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 1000, target: { provider: 'mock', model: 'm' }, report: { attempts: [] } });
    expect(what(decisions, 'rejected')).toMatchObject([{ code: 'rate_limited', target: 'mock/m' }]);
    expect(mock.calls).toHaveLength(1);
  });

  it('waits for quota that comes soon, in the order of the calls, and records it', async () => {
    const { mock, gateway, chat, decisions } = setUp({ maxWaitMs: 2000 });
    mock.reply({ text: 'first', headers: left(0) }).always(({ text }) => text);
    await chat();
    const answers: string[] = [];
    const asked = ['b', 'c'].map((content) => gateway.chat({ ...prompt, messages: [{ role: 'user', content }] }).then(({ text }) => void answers.push(text)));
    const refused = chat();
    expect(await refused).toBe('rate_limited');
    await vi.advanceTimersByTimeAsync(999);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toEqual(['b']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toEqual(['b', 'c']);
    await Promise.all(asked);
    expect(what(decisions, 'waited')).toMatchObject([{ waitMs: 1000, code: 'rate_limited', target: 'mock/m' }, { waitMs: 2000 }]);
  });

  it('learns from streams when they open, from embeddings, and from failures', async () => {
    const { mock, gateway, chat } = setUp({ maxWaitMs: 0 });
    mock.reply({ text: 'x', headers: left(0), chunkDelayMs: 1, ending: 'hang' });
    const stream = gateway.stream(prompt);
    await stream.open();
    expect(await chat()).toBe('rate_limited');
    await stream.cancel();

    mock.reply({ embeddings: { dimensions: 2 }, headers: left(0) });
    await gateway.embed({ model: 'mock/e', input: ['a'] });
    expect(await failure(gateway.embed({ model: 'mock/e', input: ['a'] }))).toMatchObject({ code: 'rate_limited' });

    mock.fail('server_error', { headers: left(0) });
    expect(await chat('mock/f')).toBe('server_error');
    expect(await chat('mock/f')).toBe('rate_limited');
  });

  it('keeps the quota of each model and each key apart', async () => {
    const { mock, chat } = setUp({ maxWaitMs: 0 }, [fallback()], ['main', 'spare']);
    mock.always(({ credential }) => ({ text: credential ?? '', headers: left(credential === 'main' ? 0 : 30) }));
    expect([await chat('mock/a'), await chat('mock/a'), await chat('mock/b')]).toEqual(['main', 'spare', 'main']);
  });

  it('sends a call on to its next target instead of a 429', async () => {
    const { mock, chat, decisions } = setUp({ maxWaitMs: 100 }, [fallback()]);
    mock.reply({ text: 'last', headers: left(0) });
    expect([await chat('smart'), await chat('smart')]).toEqual(['last', 'elsewhere']);
    expect(decisions).toContainEqual(expect.objectContaining({ what: 'next-target', to: 'other/m', code: 'rate_limited' }));
  });

  it('spreads calls over time by the limit that is configured, whatever the provider says', async () => {
    const { mock, chat, decisions } = setUp({ limits: { 'mock/m': { requestsPerMinute: 120 } }, maxWaitMs: 1000 });
    mock.always({ text: 'yes', headers: left(50_000, 60_000) });
    const burst = Promise.all(Array.from({ length: 125 }, () => chat()));
    await vi.advanceTimersByTimeAsync(1000);
    const answers = await burst;
    expect(answers.filter((answer) => answer === 'yes')).toHaveLength(122);
    expect(answers.filter((answer) => answer === 'rate_limited')).toHaveLength(3);
    expect(what(decisions, 'waited')).toMatchObject([{ waitMs: 500 }, { waitMs: 1000 }]);
  });

  it('takes limits by provider for each of its models, and those of a model before them', async () => {
    const { mock, chat } = setUp({ limits: { mock: { requestsPerMinute: 1 }, 'mock/b': { requestsPerMinute: 2 } }, maxWaitMs: 0 });
    mock.always('yes');
    expect([await chat('mock/a'), await chat('mock/a')]).toEqual(['yes', 'rate_limited']);
    expect([await chat('mock/c'), await chat('mock/c')]).toEqual(['yes', 'rate_limited']);
    expect([await chat('mock/b'), await chat('mock/b'), await chat('mock/b')]).toEqual(['yes', 'yes', 'rate_limited']);
  });

  it('counts the tokens that calls really used against the configured limit, streams at their end', async () => {
    const { mock, gateway, chat } = setUp({ limits: { mock: { tokensPerMinute: 600 } }, maxWaitMs: 0 });
    mock.reply({ text: 'x', usage: { inputTokens: 300, outputTokens: 290 } }).always('y');
    await gateway.stream(prompt).response();
    expect(await chat()).toBe('y');
    expect(await chat()).toBe('rate_limited');
    await vi.advanceTimersByTimeAsync(2000);
    expect(await chat()).toBe('y');
  });

  it('refuses a prompt for which no tokens are left while it lets a short one through', async () => {
    const { mock, gateway } = setUp({ maxWaitMs: 0 });
    mock.always({ text: 'y', headers: { 'x-ratelimit-limit-tokens': '60000', 'x-ratelimit-remaining-tokens': '1000', 'x-ratelimit-reset-tokens': '59s' } });
    await gateway.chat(prompt);
    const long = { ...prompt, messages: [{ role: 'user' as const, content: 'word '.repeat(2000) }] };
    expect(await failure(gateway.chat(long))).toMatchObject({ code: 'rate_limited' });
    expect((await gateway.chat(prompt)).text).toBe('y');
  });

  it('does not charge for what was never sent', async () => {
    const refusing: Interceptor = { name: 'refusing', stage: 'break', intercept: () => Promise.reject(new RejectedError('circuit_open', 'open')) };
    const mock = mockProvider();
    const gateway = gatewayOf(mock, [throttle({ limits: { mock: { requestsPerMinute: 1 } }, maxWaitMs: 0 }), refusing]);
    for (let call = 0; call < 3; call++) expect(await failure(gateway.chat(prompt))).toMatchObject({ code: 'circuit_open' });

    const other = setUp({ limits: { mock: { requestsPerMinute: 1 } }, maxWaitMs: 0 });
    other.mock.fail('network', { certainty: 'not_sent' }).fail('server_error');
    expect([await other.chat(), await other.chat(), await other.chat()]).toEqual(['network', 'server_error', 'rate_limited']);
  });
});

describe('throttle after a 429', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets the key rest for as long as the provider asked', async () => {
    const { mock, chat, decisions } = setUp({ maxWaitMs: 0 });
    mock.fail('provider_rate_limit', { retryAfterMs: 5000 }).always('yes');
    expect([await chat(), await chat()]).toEqual(['provider_rate_limit', 'rate_limited']);
    expect(what(decisions, 'set-aside')).toMatchObject([{ forMs: 5000, code: 'provider_rate_limit', target: 'mock/m' }]);
    await vi.advanceTimersByTimeAsync(4990);
    expect(await chat()).toBe('rate_limited');
    await vi.advanceTimersByTimeAsync(10);
    expect(await chat()).toBe('yes');
  });

  it('keeps the longer of two waits, in whichever order they came', async () => {
    for (const waits of [[5000, 100], [100, 5000]]) {
      const { mock, gateway } = setUp({ maxWaitMs: 0 });
      for (const retryAfterMs of waits) mock.fail('provider_rate_limit', { retryAfterMs, delayMs: 10 });
      const both = [failure(gateway.chat(prompt)), failure(gateway.chat(prompt))];
      await vi.advanceTimersByTimeAsync(10);
      await Promise.all(both);
      expect(await failure(gateway.chat(prompt))).toMatchObject({ code: 'rate_limited', retryAfterMs: 5000 });
    }
  });

  it('keeps the longer wait when the second 429 names none', async () => {
    const { mock, gateway } = setUp({ maxWaitMs: 0 });
    mock.fail('provider_rate_limit', { retryAfterMs: 9000, delayMs: 10 }).fail('provider_rate_limit', { delayMs: 20 });
    const both = [failure(gateway.chat(prompt)), failure(gateway.chat(prompt))];
    await vi.advanceTimersByTimeAsync(20);
    await Promise.all(both);
    expect(await failure(gateway.chat(prompt))).toMatchObject({ retryAfterMs: 8990 });
  });

  it('rests for cooldownMs when no wait was named, and never longer than an hour', async () => {
    const { mock, gateway, chat } = setUp({ cooldownMs: 700, maxWaitMs: 0 });
    mock.fail('provider_rate_limit').fail('provider_rate_limit', { retryAfterMs: 86_400_000 });
    await chat();
    expect(await failure(gateway.chat(prompt))).toMatchObject({ retryAfterMs: 700 });
    await chat('mock/b');
    expect(await failure(gateway.chat({ ...prompt, model: 'mock/b' }))).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it('leaves other keys and models alone', async () => {
    const { mock, chat } = setUp({}, [fallback()], ['main', 'spare']);
    mock.fail('provider_rate_limit', { retryAfterMs: 60_000 }).always(({ credential }) => credential ?? '');
    expect([await chat('mock/a'), await chat('mock/a'), await chat('mock/b')]).toEqual(['spare', 'spare', 'main']);
  });

  it('lets a retry of the only target through, with and without a wait that was named', async () => {
    const { mock, chat } = setUp({}, [retry({ random: () => 0.5 })]);
    mock.fail('provider_rate_limit').reply('one').fail('provider_rate_limit', { retryAfterMs: 3000 }).reply('two');
    const one = chat();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await one).toBe('one');
    const two = chat('mock/b');
    await vi.advanceTimersByTimeAsync(3000);
    expect(await two).toBe('two');
    mock.assertDone();
  });

  it('sends on a call that waited for quota when a 429 comes meanwhile', async () => {
    const { mock, chat, decisions } = setUp({ maxWaitMs: 1500 }, [fallback()]);
    mock.fail('server_error', { headers: left(1) }).fail('provider_rate_limit', { retryAfterMs: 60_000, delayMs: 500 });
    await chat('mock/m');
    const refused = chat('mock/m');
    const waiting = chat('smart');
    await vi.advanceTimersByTimeAsync(1500);
    expect([await refused, await waiting]).toEqual(['provider_rate_limit', 'elsewhere']);
    expect(what(decisions, 'waited', 'rejected')).toMatchObject([{ what: 'waited', waitMs: 1000 }, { what: 'rejected' }]);
    expect(mock.calls).toHaveLength(2);
  });
});

describe('throttle, for a key that cannot work', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(['authentication', 'quota_exhausted'] as const)('sets it aside after %s, for every model, and asks the next key', async (code) => {
    const { mock, chat, decisions } = setUp({}, [fallback()], ['main', 'spare']);
    mock.always(({ credential }) => (credential === 'main' ? { error: code } : 'spare'));
    expect([await chat('mock/a'), await chat('mock/a'), await chat('mock/b')]).toEqual(['spare', 'spare', 'spare']);
    expect(mock.calls.map(({ credential }) => credential)).toEqual(['main', 'spare', 'spare', 'spare']);
    expect(what(decisions, 'set-aside', 'excluded')).toMatchObject([
      { what: 'set-aside', forMs: 300_000, code, credential: 'main', target: 'mock/a' },
      { what: 'excluded', target: 'mock/a', why: expect.stringContaining('a short while ago') },
      { what: 'excluded', target: 'mock/b' },
    ]);
    await vi.advanceTimersByTimeAsync(300_000);
    await chat('mock/a');
    expect(mock.calls.at(-2)).toMatchObject({ credential: 'main' });
  });

  it('fails without asking in the way the key would, so that the call goes where that failure leads', async () => {
    const { mock, gateway, chat } = setUp({}, [fallback()]);
    mock.always({ error: 'authentication' });
    await chat('smart');
    expect(await failure(gateway.chat({ ...prompt, model: 'smart' }))).toMatchObject({ code: 'authentication', retryable: false, certainty: 'not_sent', retryAfterMs: 300_000, report: { attempts: [] } });

    const other = setUp({}, [fallback()]);
    other.mock.always({ error: 'quota_exhausted' });
    expect([await other.chat('smart'), await other.chat('smart')]).toEqual(['elsewhere', 'elsewhere']);
    expect(other.mock.calls).toHaveLength(1);
  });

  it('asks it all the same where nobody else is left, and takes it back when it works', async () => {
    const { mock, chat } = setUp({}, [fallback()]);
    mock.fail('quota_exhausted').fail('quota_exhausted').always('works again');
    expect([await chat('mock/m'), await chat('mock/m'), await chat('mock/m')]).toEqual(['quota_exhausted', 'quota_exhausted', 'works again']);
    expect(await chat('smart')).toBe('works again');
  });

  it('sets nothing aside for a failure that has to do with something else, nor when told not to', async () => {
    const { mock, chat, decisions } = setUp({}, [fallback()]);
    for (const code of ['permission', 'invalid_request', 'server_error', 'overloaded'] as const) {
      mock.fail(code);
      await chat('mock/m');
    }
    mock.reply('asked');
    expect(await chat('smart')).toBe('asked');
    expect(what(decisions, 'set-aside', 'excluded')).toEqual([]);

    const never = setUp({ setAsideMs: 0 }, [fallback()]);
    never.mock.fail('quota_exhausted').always('asked');
    expect([await never.chat('smart'), await never.chat('smart')]).toEqual(['elsewhere', 'asked']);
  });

  it('tells health until when, and the report why', async () => {
    const { mock, gateway } = setUp({}, [fallback()], ['main', 'spare']);
    mock.fail('quota_exhausted').always('spare');
    const response: ChatResponse = await gateway.chat(prompt);
    expect(gateway.health()).toMatchObject([{ target: { provider: 'mock', model: 'm' }, setAsideUntil: Date.now() + 300_000 }]);
    expect(formatReport(response.gateway!)).toContain("key 'main' of mock/m is set aside for 300000 ms, because of quota_exhausted");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(gateway.health()).toMatchObject([{ setAsideUntil: undefined }]);
  });
});

describe('throttle while a call waits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends at once with an abort, and gives what it took to the others', async () => {
    const { mock, gateway, chat } = setUp({ maxWaitMs: 2000 });
    mock.reply({ text: 'first', headers: left(0) }).always('yes');
    await chat();
    const abort = new AbortController();
    const aborted = failure(gateway.chat(prompt, { signal: abort.signal }));
    await vi.advanceTimersByTimeAsync(500);
    abort.abort();
    expect(await aborted).toMatchObject({ code: 'cancelled' });
    expect(vi.getTimerCount()).toBe(0);
    const next = chat();
    await vi.advanceTimersByTimeAsync(500);
    expect(await next).toBe('yes');
  });

  it('does not begin to wait past the deadline: there may be time for another target', async () => {
    const { mock, gateway, chat, decisions } = setUp({ maxWaitMs: 2000 }, [fallback()]);
    mock.reply({ text: 'first', headers: left(0) });
    await chat();
    const response = await gateway.chat({ ...prompt, model: 'smart' }, { timeoutMs: 900 });
    expect(response.text).toBe('elsewhere');
    expect(what(decisions, 'waited')).toEqual([]);
  });
});

describe('throttle on real answers', () => {
  it('reads the headers that openai() and anthropic() let through', async () => {
    const server = await fakeServer();
    const gateway = createGateway({
      providers: [openai({ apiKey: 'k', baseUrl: server.baseUrls.openai }), anthropic({ apiKey: 'k', baseUrl: server.baseUrls.anthropic })],
      interceptors: [throttle({ maxWaitMs: 0 })],
    });
    const soon = new Date(Date.now() + MINUTE_MS).toISOString().replace(/\.\d+/, '');
    try {
      server.on({ model: /gpt/ }).always({ text: 'o', headers: left(0) });
      server.on({ model: /claude/ }).always({ text: 'a', headers: { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': soon } });
      for (const model of ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5']) {
        await gateway.stream({ ...prompt, model }).response();
        expect(await failure(gateway.chat({ ...prompt, model }))).toMatchObject({ code: 'rate_limited' });
      }
    } finally {
      await gateway.close();
      await server.close();
    }
  });
});

describe('throttle options', () => {
  it.each<[unknown, string]>([
    [{ maxWaitMs: -1 }, 'throttle: maxWaitMs: wanted milliseconds, 0 to 2147483647, got -1'],
    [{ cooldownMs: Number.NaN }, 'throttle: cooldownMs: wanted milliseconds, 0 to 2147483647, got NaN'],
    [{ setAsideMs: Infinity }, 'throttle: setAsideMs: wanted milliseconds, 0 to 2147483647, got Infinity'],
    [{ maxKeys: 0 }, 'throttle: maxKeys: wanted a whole number, 1 or more, got 0'],
    [{ limits: 60 }, "throttle: limits: wanted an object such as { 'openai/gpt-5-mini': { requestsPerMinute: 500 } }, got 60"],
    [{ limits: { '/m': { requestsPerMinute: 1 } } }, "throttle: limits: wanted names such as 'openai' or 'openai/gpt-5-mini', got /m"],
    [{ limits: { openai: 60 } }, 'throttle: limits.openai: wanted an object with requestsPerMinute or tokensPerMinute, got 60'],
    [{ limits: { openai: {} } }, 'throttle: limits.openai: wanted requestsPerMinute or tokensPerMinute, got neither'],
    [{ limits: { openai: { tokensPerMinute: 0 } } }, 'throttle: limits.openai.tokensPerMinute: wanted a number, 1 or more, got 0'],
    [{ limits: { openai: { requestsPerMinute: '60' } } }, 'throttle: limits.openai.requestsPerMinute: wanted a number, 1 or more, got 60'],
  ])('%j is refused by name', (options, message) => {
    expect(() => throttle(options as ThrottleOptions)).toThrow(new ConfigError(message));
  });

  it('remembers no more keys than it is told to', async () => {
    const { mock, chat } = setUp({ maxKeys: 2, maxWaitMs: 0, limits: { mock: { requestsPerMinute: 1 } } });
    mock.always('yes');
    expect([await chat('mock/a'), await chat('mock/b'), await chat('mock/a'), await chat('mock/b')]).toEqual(['yes', 'yes', 'rate_limited', 'rate_limited']);
    expect([await chat('mock/c'), await chat('mock/a')]).toEqual(['yes', 'yes']);
  });
});

describe('throttle keeps to what every interceptor must', () => {
  for (const { name, run } of interceptorSuite({ create: () => throttle() })) it(name, run);
});
