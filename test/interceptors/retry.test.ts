import { CancelledError, ConfigError, type ProviderCode, type ProviderError } from 'headgate';
import { mockProvider } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { retry } from '../../src/interceptors/retry.js';
import { ask, failure, gatewayOf } from '../support/adapters.js';

const model = { ...ask, model: 'mock/m' };
const quick = { minDelayMs: 0, maxDelayMs: 0, random: () => 0 };

describe('retry', () => {
  afterEach(() => void vi.useRealTimers());

  it('tries again, and the report says what, how often and why', async () => {
    const mock = mockProvider();
    mock.fail('server_error').fail('network').reply('there');
    const response = await gatewayOf(mock, [retry(quick)]).chat(model);
    expect(response.text).toBe('there');
    expect(response.gateway?.attempts.map(({ index, attempt, kind, outcome }) => [index, attempt, kind, outcome])).toEqual([
      [1, 1, 'first', 'server_error'],
      [2, 2, 'retry', 'network'],
      [3, 3, 'retry', 'ok'],
    ]);
    expect(response.gateway?.decisions.filter((decision) => decision.what === 'retry')).toMatchObject([{ code: 'server_error', waitMs: 0, target: 'mock/m' }, { code: 'network' }]);
  });

  it('gives up after maxAttempts with the last failure', async () => {
    const mock = mockProvider();
    mock.fail('server_error').fail('server_error').fail('stream_interrupted');
    expect(await failure(gatewayOf(mock, [retry(quick)]).chat(model))).toMatchObject({ code: 'stream_interrupted', report: { attempts: { length: 3 } } });
    mock.assertDone();
  });

  it.each<ProviderCode>(['authentication', 'permission', 'not_found', 'invalid_request', 'context_length', 'content_filter', 'quota_exhausted', 'first_content_timeout', 'attempt_timeout', 'unsupported'])('does not retry %s', async (code) => {
    const mock = mockProvider();
    mock.fail(code);
    expect(await failure(gatewayOf(mock, [retry(quick)]).chat(model))).toMatchObject({ code });
    mock.assertDone();
  });

  it.each<ProviderCode>(['overloaded', 'invalid_response'])('retries %s once', async (code) => {
    vi.useFakeTimers();
    const mock = mockProvider();
    mock.fail(code).fail(code);
    const failed = failure(gatewayOf(mock, [retry(quick)]).chat(model));
    await vi.runAllTimersAsync();
    expect(await failed).toMatchObject({ code });
    mock.assertDone();
  });

  it('follows a policy of one’s own', async () => {
    const mock = mockProvider();
    mock.fail('not_found').reply('there').fail('server_error');
    const gateway = gatewayOf(mock, [retry({ ...quick, policy: { not_found: 'once', server_error: 'no' } })]);
    expect((await gateway.chat(model)).text).toBe('there');
    expect(await failure(gateway.chat(model))).toMatchObject({ code: 'server_error' });
  });

  it('pays twice at most once: a failure that may have been billed is retried one time in a call', async () => {
    const mock = mockProvider();
    mock.fail('network', { certainty: 'possibly_billed' }).fail('network', { certainty: 'possibly_billed' });
    expect(await failure(gatewayOf(mock, [retry({ ...quick, maxAttempts: 5 })]).chat(model))).toMatchObject({ code: 'network' });
    mock.assertDone();
  });

  it('retries nothing once content has reached the reader', async () => {
    const mock = mockProvider();
    mock.reply({ text: ['half'], ending: { error: 'server_error' } });
    expect(await failure(gatewayOf(mock, [retry(quick)]).stream(model).response())).toMatchObject({ code: 'stream_interrupted', partial: { text: 'half' } });
    expect(mock.calls).toHaveLength(1);
  });

  it('cancels an answer that comes in the moment of an abort', async () => {
    const mock = mockProvider();
    mock.reply({ text: ['a'], ending: 'hang' });
    const controller = new AbortController();
    const gateway = gatewayOf(mock, [retry(quick), { name: 'aborts', intercept: async (call, next) => { const reply = await next(call); controller.abort(); return reply; } }]); // prettier-ignore
    expect(await failure(gateway.stream(model, { signal: controller.signal }).open())).toBeInstanceOf(CancelledError);
    await vi.waitFor(() => expect(mock.calls[0]?.aborted).toBe(true));
    await gateway.close();
  });

  it.each([
    ['maxAttempts', { maxAttempts: 0 }],
    ['minDelayMs', { minDelayMs: Number.NaN }],
    ['policy', { policy: { nonsense: 'yes' } as never }],
    ['policy.network', { policy: { network: 'often' as never } }],
    ['budget.share', { budget: { share: -1 } }],
  ])('refuses a wrong %s', (field, options) => {
    expect(() => retry(options)).toThrow(ConfigError);
    expect(() => retry(options)).toThrow(`retry: ${field}: wanted`);
  });
});

describe('the wait before a retry', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function waits(details: { readonly retryAfterMs?: number }, options: Parameters<typeof retry>[0] = {}, timeoutMs?: number): Promise<readonly number[]> {
    const mock = mockProvider();
    mock.always({ error: 'server_error', ...details });
    const failed = failure(gatewayOf(mock, [retry({ random: () => 0.5, ...options })]).chat(model, timeoutMs === undefined ? {} : { timeoutMs }));
    await vi.runAllTimersAsync();
    const error = (await failed) as ProviderError;
    return (error.report?.decisions ?? []).flatMap((decision) => (decision.what === 'retry' ? [decision.waitMs] : []));
  }

  it('is a random time below a bound that doubles up to a limit', async () => {
    expect(await waits({}, { maxAttempts: 8, budget: false, policy: { server_error: 'yes' } })).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
  });

  it('is what the provider asked for', async () => {
    expect(await waits({ retryAfterMs: 1234 })).toEqual([1234, 1234]);
  });

  it('is never longer than the cap, or than the time left: the call moves on at once', async () => {
    expect(await waits({ retryAfterMs: 10_001 })).toEqual([]);
    expect(await waits({ retryAfterMs: 3_600_000 })).toEqual([]);
    expect(await waits({ retryAfterMs: 2000 }, {}, 1500)).toEqual([]);
  });

  it('is at least a second after an overload', async () => {
    const mock = mockProvider();
    mock.fail('overloaded').reply('there');
    const answer = gatewayOf(mock, [retry({ random: () => 0 })]).chat(model);
    await vi.runAllTimersAsync();
    expect((await answer).gateway?.decisions.find((decision) => decision.what === 'retry')).toMatchObject({ waitMs: 1000 });
  });

  it('ends at an abort', async () => {
    const mock = mockProvider();
    mock.fail('server_error', { retryAfterMs: 9000 });
    const controller = new AbortController();
    const failed = failure(gatewayOf(mock, [retry()]).chat(model, { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(100);
    controller.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(await failed).toMatchObject({ code: 'cancelled' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the retry budget', () => {
  it('stops retries at a target where most fails, and lets them begin again when it recovers', async () => {
    const mock = mockProvider();
    const gateway = gatewayOf(mock, [retry(quick)]);
    mock.always({ error: 'server_error' });
    for (let call = 0; call < 1000; call++) await failure(gateway.chat(model));
    expect(mock.calls.length).toBeLessThanOrEqual(1010);
    mock.reset();
    mock.always('well');
    for (let call = 0; call < 70; call++) await gateway.chat(model);
    mock.reset();
    mock.fail('server_error').reply('again');
    expect((await gateway.chat(model)).text).toBe('again');
  });

  it('lets at most a fifth of the calls under way be retries, and always three', async () => {
    const mock = mockProvider();
    const hold = Promise.withResolvers<void>();
    let retries = 0;
    mock.always(async () => ({ error: 'server_error' as const }));
    const gateway = gatewayOf(mock, [retry({ ...quick, maxAttempts: 2, budget: { maxTokens: 1e9 } }), { name: 'holding', intercept: async (call, next) => { if (call.kind === 'retry') { retries++; await hold.promise; } return next(call); } }]); // prettier-ignore
    const calls = Array.from({ length: 10 }, () => failure(gateway.chat(model)));
    await vi.waitFor(() => expect(mock.calls).toHaveLength(10));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(retries).toBe(3);
    hold.resolve();
    await Promise.all(calls);
  });
});
