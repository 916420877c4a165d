import { ConfigError, createGateway, recommended, stats, type CacheHit, type Interceptor, type StatsOptions } from 'headgate';
import { interceptorSuite, mockProvider } from 'headgate/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DurationCounts, percentiles } from '../../src/observing/log-histogram.js';
import { failure } from '../support/adapters.js';

const ask = (model = 'mock/m') => ({ model, messages: [{ role: 'user', content: 'hi' }] }) as const;

function setUp(options: StatsOptions = {}, others: readonly Interceptor[] = []) {
  const mock = mockProvider();
  return { mock, gateway: createGateway({ providers: [mock], interceptors: [stats(options), ...others] }) };
}

/** Records this fact for every call. */
const telling = (fact: Parameters<Parameters<Interceptor['intercept']>[0]['trace']['record']>[1]): Interceptor => ({
  name: 'telling',
  intercept: (call, next) => (call.trace.record('telling', fact, { target: call.target, index: 1 }), next(call)),
});

describe('stats', () => {
  afterEach(() => void vi.useRealTimers());

  it('counts calls by how they ended, and their tokens', async () => {
    const { mock, gateway } = setUp();
    mock.reply('a', 'b').fail('overloaded').reply({ text: ['half', 'whole'], ending: 'hang' });
    await gateway.chat(ask());
    await gateway.stream(ask()).response();
    await failure(gateway.chat(ask()));
    for await (const event of gateway.stream(ask())) if (event.type === 'text-delta') break;
    const { calls, active } = gateway.stats();
    expect(calls).toMatchObject({ total: 4, ok: 2, failed: 1, cancelled: 1, errors: { overloaded: 1, cancelled: 1 }, attempts: 4 });
    expect(calls.inputTokens).toBeGreaterThanOrEqual(20);
    expect(calls.timeToFirstContentMs?.max).toBeGreaterThan(0);
    expect(active).toBe(0);
  });

  it('counts attempts by target, with retries and fallbacks on the call', async () => {
    const [a, b] = [mockProvider({ name: 'a' }), mockProvider({ name: 'b' })];
    const gateway = createGateway({ providers: [a, b], models: { smart: ['a/m', 'b/m'] }, interceptors: [stats(), recommended({ retry: { minDelayMs: 0 } })] });
    a.fail('server_error').fail('server_error');
    b.reply('there');
    await gateway.chat(ask('smart'));
    const { calls, targets } = gateway.stats();
    expect(calls).toMatchObject({ total: 1, ok: 1, attempts: 3, retries: 1, fallbacks: 1 });
    expect(targets).toMatchObject({ 'a/m': { total: 2, failed: 2, errors: { server_error: 2 }, durationMs: undefined }, 'b/m': { total: 1, ok: 1, inputTokens: 10, outputTokens: 5 } });
    await gateway.close();
  });

  it('says how many calls are under way', async () => {
    const { mock, gateway } = setUp();
    mock.reply({ text: ['a', 'b'], ending: 'hang' });
    const stream = gateway.stream(ask());
    await stream.open();
    expect(gateway.stats().active).toBe(1);
    await stream.cancel();
    expect(gateway.stats().active).toBe(0);
  });

  it('adds up costs, and what cache hits avoided', async () => {
    const hit: CacheHit = { what: 'cache-hit', kind: 'exact', savedUsd: 0.25 };
    const cost = { what: 'cost', usd: 0.1, usage: { inputTokens: 1, outputTokens: 1 } } as const;
    const { mock, gateway } = setUp({ tags: ['team'] }, [telling(cost), { ...telling(hit), name: 'hits' }]);
    mock.always('x');
    for (let call = 0; call < 3; call++) await gateway.chat(ask(), { tags: { team: 'red' } });
    const { calls, targets, tags } = gateway.stats();
    expect(calls).toMatchObject({ costUsd: 0.3, savedUsd: 0.75, hits: 3, inputTokens: 0 });
    expect(targets['mock/m']?.costUsd).toBe(0.3);
    expect(tags['team']?.['red']).toMatchObject({ total: 3, costUsd: 0.3, savedUsd: 0.75 });
  });

  it('tells tags apart, up to a number of values', async () => {
    const { mock, gateway } = setUp({ tags: ['team'], maxNames: 2 });
    mock.always('x');
    for (const team of ['red', 'blue', 'green', 'red', '__proto__']) await gateway.chat(ask(), { tags: { team } });
    await gateway.chat(ask(), { tags: { user: 'ann' } });
    const teams = gateway.stats().tags['team'] ?? {};
    expect(Object.fromEntries(Object.entries(teams).map(([team, { total }]) => [team, total]))).toEqual({ red: 2, blue: 1, _OTHER: 2 });
  });

  it('forgets what is older than its window, and lets new names in then', async () => {
    vi.useFakeTimers();
    const { mock, gateway } = setUp({ windowMs: 12_000, maxNames: 1 });
    mock.always('x');
    await gateway.chat(ask());
    await vi.advanceTimersByTimeAsync(6000);
    await gateway.chat(ask('mock/other'));
    expect(Object.keys(gateway.stats().targets)).toEqual(['mock/m', '_OTHER']);
    await vi.advanceTimersByTimeAsync(6001);
    expect(gateway.stats().calls.total).toBe(1);
    await gateway.chat(ask('mock/new'));
    expect(Object.keys(gateway.stats().targets)).toEqual(['_OTHER', 'mock/new']);
    await vi.advanceTimersByTimeAsync(12_001);
    expect(gateway.stats()).toMatchObject({ calls: { total: 0, durationMs: undefined }, targets: {} });
  });

  it('gives percentiles within 5 % of the real ones', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.02, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
        const [first, second] = [new DurationCounts(), new DurationCounts()];
        values.forEach((value, at) => (at % 2 === 0 ? first : second).add(value));
        const sorted = values.toSorted((one, other) => one - other);
        const found = percentiles([first, second]);
        for (const [share, value] of [[0.5, found?.p50], [0.9, found?.p90], [0.99, found?.p99]] as const) {
          const real = sorted[Math.ceil(sorted.length * share) - 1] as number; // the list is not empty
          expect(Math.abs((value ?? Number.NaN) - real) / real).toBeLessThan(0.05);
        }
        expect(found?.max).toBe(sorted.at(-1));
      }),
    );
  });

  it('is not there to ask without its interceptor', () => {
    expect(() => createGateway({ providers: [mockProvider()] }).stats()).toThrow('stats: no interceptor here knows it; add stats() to interceptors');
  });

  it.each<[string, StatsOptions]>([
    ['windowMs', { windowMs: 0 }],
    ['tags', { tags: 'team' as never }],
    ['maxNames', { maxNames: 1.5 }],
  ])('refuses a wrong %s', (field, options) => {
    expect(() => stats(options)).toThrow(ConfigError);
    expect(() => stats(options)).toThrow(`stats: ${field}: wanted`);
  });

  describe('as an interceptor', () => {
    for (const { name, run } of interceptorSuite({ create: () => stats({ tags: ['team'] }) })) it(name, run);
  });
});
