import { complete, ConfigError, costMeter, createGateway, derive, ledger, memoryLedger, share, type Decision, type Interceptor, type LedgerEntry, type LedgerOptions } from 'headgate';
import { interceptorSuite, type ReplyScript } from 'headgate/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fallback } from '../../src/interceptors/fallback.js';
import { retry } from '../../src/interceptors/retry.js';
import { answering, ask, collect, failure, gatewayOf } from '../support/adapters.js';
import { ledgerSetting } from '../support/ledgers.js';

const asked = { ...ask, model: 'mock/m' };
/** A dollar a token. */
const priced = (): Interceptor => costMeter({ prices: { 'mock/*': { input: 1e6, output: 1e6 }, 'other/*': { input: 1e6, output: 1e6 } } });
const repairing = (): readonly Interceptor[] => [fallback(), retry({ minDelayMs: 1, maxDelayMs: 1 }), priced()];

const brief = (rows: readonly LedgerEntry[]) => rows.map(({ target, kind, outcome, certainty, costUsd }) => [`${target.provider}`, kind, outcome, certainty, costUsd]);

/** A cache that has this to say of every call, and the answer too. */
const cacheSaying = (fact: Omit<Extract<Decision, { readonly what: 'cache-hit' }>, 'by' | 'at' | 'what'>): Interceptor => ({
  name: 'cache',
  stage: 'cache',
  async intercept(call, next) {
    if (call.operation !== 'chat') return next(call);
    call.trace.record('cache', { what: 'cache-hit', ...fact });
    return complete(call, { id: 'r', provider: 'mock', model: 'm', content: [], text: '', toolCalls: [], finishReason: 'stop', usage: { inputTokens: 9, outputTokens: 9 }, warnings: [] });
  },
});

describe('the rows of a ledger', () => {
  it('say of an answer what it used, what it cost and who asked', async () => {
    const { mock, gateway, rows } = ledgerSetting({}, [priced()]);
    mock.reply({ text: 'Hi', usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 4 }, model: 'm-2026' });
    const before = Date.now();
    const { gateway: report } = await gateway.chat(asked, { tags: { tenant: 'acme' } });
    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      id: `${report?.callId}:1`, callId: report?.callId, target: { provider: 'mock', model: 'm' }, model: 'm-2026', attempt: 1, kind: 'first', outcome: 'ok', certainty: 'started',
      usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 4 }, costUsd: 15, price: 'override', cache: 'none', tags: { tenant: 'acme' },
    });
    expect(row?.at).toBeGreaterThanOrEqual(before);
    expect(row?.durationMs).toBe(report?.attempts[0]?.durationMs);
  });

  it('are the same for a stream, and there are some for embeddings', async () => {
    const { mock, gateway, rows } = ledgerSetting({}, [priced()]);
    mock.reply('Streamed', { embeddings: [[1, 2]], usage: { inputTokens: 7, outputTokens: 0 } });
    await gateway.stream(asked).response();
    await gateway.embed({ model: 'mock/e', input: ['a'] });
    expect((await rows()).map(({ target, usage, costUsd }) => [target.model, usage.inputTokens, costUsd])).toEqual([['m', 10, 15], ['e', 7, 7]]);
  });

  it('are one for each attempt: failed, retried, and at the next target', async () => {
    const { mock, other, gateway, rows } = ledgerSetting({}, repairing());
    mock.reply({ error: 'server_error', certainty: 'possibly_billed' }, { error: 'quota_exhausted' });
    other.reply('There');
    const { gateway: report } = await gateway.chat({ ...asked, model: 'smart' });
    const written = await rows();
    expect(brief(written)).toEqual([
      ['mock', 'first', 'server_error', 'possibly_billed', expect.any(Number)],
      ['mock', 'retry', 'quota_exhausted', 'refused', 0],
      ['other', 'fallback', 'ok', 'started', 15],
    ]);
    expect(written.map(({ id }) => id)).toEqual([1, 2, 3].map((index) => `${report?.callId}:${index}`));
    expect(written[0]?.usage.estimated).toBe(true);
  });

  it('have none for an attempt that was never sent', async () => {
    const { mock, gateway, rows } = ledgerSetting();
    mock.reply({ error: 'connect_timeout' });
    await failure(gateway.chat(asked));
    expect(await rows()).toEqual([]);
  });

  it('have one for a stream that was cut, with what had come, and one for the reader that left', async () => {
    const { mock, gateway, rows } = ledgerSetting({}, [priced()]);
    mock.reply({ text: ['half ', 'an'], ending: 'cut' }, { text: ['one ', 'two '], chunkDelayMs: 5, ending: 'hang' });
    await failure(gateway.stream(asked).response());
    for await (const event of gateway.stream(asked)) if (event.type === 'text-delta') break;
    await vi.waitFor(async () => expect(await rows()).toHaveLength(2));
    expect(brief(await rows())).toEqual([['mock', 'first', 'stream_interrupted', 'started', expect.any(Number)], ['mock', 'first', 'cancelled', 'started', expect.any(Number)]]);
    for (const { usage } of await rows()) expect(usage).toMatchObject({ estimated: true, outputTokens: expect.any(Number) });
  });

  it('have one for a call that was aborted, or whose deadline passed, while the provider was at work', async () => {
    const { mock, gateway, rows } = ledgerSetting();
    mock.always({ text: 'x', delayMs: Infinity });
    await failure(gateway.chat(asked, { signal: AbortSignal.timeout(10) }));
    await failure(gateway.stream(asked, { timeoutMs: 10 }).response());
    expect((await rows()).map(({ outcome, certainty }) => [outcome, certainty])).toEqual([['cancelled', 'possibly_billed'], ['deadline_exceeded', 'possibly_billed']]);
  });

  it('have one for an attempt that ends after its call did', async () => {
    let reader: ReturnType<typeof share> | undefined;
    const shared: Interceptor = {
      name: 'shared',
      intercept(call, next) {
        reader ??= share(call, next);
        return reader(call);
      },
    };
    const { mock, gateway, rows } = ledgerSetting({}, [shared, priced()]);
    mock.reply({ text: ['one ', 'two '], chunkDelayMs: 20 });
    const abort = new AbortController();
    const first = failure(gateway.stream(asked, { signal: abort.signal, tags: { tenant: 'first' } }).response());
    const second = gateway.stream(asked, { tags: { tenant: 'second' } }).response();
    setTimeout(() => abort.abort(), 5);
    await first;
    expect(await rows()).toEqual([]);
    await second;
    expect((await rows()).map(({ outcome, costUsd, tags }) => [outcome, costUsd, tags['tenant']])).toEqual([['ok', 15, 'first']]);
  });

  it('have one for a cache hit, which cost nothing, and say what it saved', async () => {
    const from = { provider: 'other', model: 'm' };
    const usage = { inputTokens: 9, outputTokens: 9 };
    const known = ledgerSetting({}, [cacheSaying({ kind: 'semantic', savedUsd: 0.5, from, usage })]);
    const { gateway: report } = await known.gateway.chat(asked, { tags: { tenant: 'acme' } });
    expect(await known.rows()).toMatchObject([{ id: `${report?.callId}:0`, target: from, attempt: 0, outcome: 'ok', certainty: 'not_sent', usage, costUsd: 0, savedUsd: 0.5, cache: 'semantic', tags: { tenant: 'acme' } }]);
    const unknown = ledgerSetting({}, [cacheSaying({ kind: 'exact', joined: true })]);
    await unknown.gateway.chat(asked);
    expect(await unknown.rows()).toMatchObject([{ target: { provider: 'mock', model: 'm' }, costUsd: 0, savedUsd: null, cache: 'exact' }]);
  });

  it('are two for a stale hit that is made anew: only one of them is a hit', async () => {
    const stale: Interceptor = {
      name: 'cache',
      stage: 'cache',
      async intercept(call, next) {
        call.trace.record('cache', { what: 'cache-miss', kind: 'exact' });
        call.trace.record('cache', { what: 'cache-hit', kind: 'exact', stale: true, savedUsd: 1 });
        return next(call);
      },
    };
    const { mock, gateway, rows } = ledgerSetting({}, [stale, priced()]);
    mock.reply('Anew');
    await gateway.chat(asked);
    expect((await rows()).map(({ attempt, cache, costUsd }) => [attempt, cache, costUsd])).toEqual([[0, 'exact', 0], [1, 'miss', 15]]);
  });

  it('say that the cache was not asked, or had nothing', async () => {
    const saying = (what: 'cache-miss' | 'cache-bypass'): Interceptor => ({
      name: 'cache',
      intercept(call, next) {
        call.trace.record('cache', what === 'cache-miss' ? { what, kind: 'exact' } : { what, kind: 'exact', why: 'asked' });
        return next(call);
      },
    });
    for (const [what, cache] of [['cache-miss', 'miss'], ['cache-bypass', 'bypass']] as const) {
      const { mock, gateway, rows } = ledgerSetting({}, [saying(what)]);
      mock.reply('x');
      await gateway.chat(asked);
      expect(await rows()).toMatchObject([{ cache }]);
    }
  });

  it('have no price without a cost meter, and say so', async () => {
    const { mock, gateway, rows } = ledgerSetting();
    mock.reply('x');
    await gateway.chat(asked);
    expect(await rows()).toMatchObject([{ costUsd: null }]);
    expect(await gateway.spend()).toMatchObject([{ unpriced: 1, costUsd: 0 }]);
  });

  it('are there whatever an adapter claims to have used', async () => {
    const store = memoryLedger();
    const book = ledger({ store });
    const claims = [{ inputTokens: Number.NaN, outputTokens: -5 }, { inputTokens: 1e300, outputTokens: 0.4 }, { inputTokens: '7', outputTokens: null, estimated: true }];
    for (const usage of claims as { inputTokens: number; outputTokens: number }[]) {
      const adapter = answering('x');
      adapter.chat = async () => ({ id: 'r', model: 'm\0\ud800', content: [], finishReason: 'stop', usage });
      await gatewayOf(adapter, [book, costMeter({ prices: { 'x/*': { input: 1, output: 1 } } })]).chat(ask);
    }
    await book.flush();
    expect((await collect(store.entries({}))).map(({ usage }) => [usage.inputTokens, usage.outputTokens])).toEqual([[0, 0], [1e12, 0], [7, 0]]);
    expect(book.lost).toBe(0);
  });

  it('hold the tags they may, and no others', async () => {
    const { mock, gateway, rows } = ledgerSetting({ tags: ['tenant', '__proto__'] });
    mock.always('x');
    await gateway.chat(asked, { tags: { tenant: 'acme', user: 'jane@example.com', ['__proto__']: 'odd' } });
    await gateway.chat(asked, { tags: { user: 'jane@example.com' } });
    expect((await rows()).map(({ tags }) => Object.entries(tags).toSorted())).toEqual([[['__proto__', 'odd'], ['tenant', 'acme']], []]);
  });

  it('hold the tags as they were when the call was made', async () => {
    const { mock, gateway, rows } = ledgerSetting();
    mock.always('x');
    const tags = { tenant: 'acme' };
    await gateway.chat(asked, { tags });
    tags.tenant = 'zeta';
    await gateway.chat(asked, { tags });
    expect((await rows()).map((row) => row.tags['tenant'])).toEqual(['acme', 'zeta']);
  });

  it('hold the tags of the call as its caller gave them', async () => {
    const retagging: Interceptor = { name: 'retagging', intercept: (call, next) => next(derive(call, { tags: { tenant: 'other' } })) };
    const { mock, gateway, rows } = ledgerSetting({}, [retagging]);
    mock.reply('x');
    await gateway.chat(asked, { tags: { tenant: 'acme' } });
    expect(await rows()).toMatchObject([{ tags: { tenant: 'acme' } }]);
  });

  it('are those of the reports, to the nano-dollar, whatever fails', async () => {
    const reply = fc.oneof(
      fc.record({ text: fc.constant(['a ', 'b ']), usage: fc.record({ inputTokens: fc.nat(5000), outputTokens: fc.nat(500) }), ending: fc.constantFrom('finish', 'cut') }),
      fc.record({ error: fc.constantFrom('server_error', 'network', 'invalid_request'), certainty: fc.constantFrom('not_sent', 'refused', 'possibly_billed') }),
    ) as fc.Arbitrary<ReplyScript>;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.array(reply, { minLength: 1, maxLength: 6 })), { maxLength: 5 }), async (calls) => {
        const decisions = new Map<string, Decision[]>();
        const store = memoryLedger();
        const book = ledger({ store });
        const { mock, other } = ledgerSetting();
        const gateway = createGateway({
          providers: [mock, other], models: { smart: ['mock/m', 'other/m'] },
          interceptors: [book, fallback(), retry({ minDelayMs: 1, maxDelayMs: 1 }), costMeter({ prices: { 'mock/*': { input: 3, output: 15 } } })],
          onDecision: (decision, callId) => void decisions.set(callId, [...(decisions.get(callId) ?? []), decision]),
        });
        for (const [streaming, replies] of calls) {
          mock.reset();
          other.reset();
          mock.reply(...replies);
          other.always(replies[0] ?? 'x');
          const work = streaming ? gateway.stream({ ...asked, model: 'smart' }).response() : gateway.chat({ ...asked, model: 'smart' });
          await work.catch(() => {});
        }
        await book.flush();
        const wanted = [...decisions].flatMap(([callId, told]) =>
          told.flatMap((decision) => {
            if (decision.what !== 'attempt-end' || decision.report.certainty === 'not_sent') return [];
            const cost = told.find((other) => other.what === 'cost' && other.index === decision.index);
            const usd = cost?.what === 'cost' ? (cost.usd ?? null) : decision.report.certainty === 'refused' ? 0 : null;
            return [[`${callId}:${decision.report.index}`, decision.report.outcome, usd]];
          }),
        );
        expect((await collect(store.entries({}))).map(({ id, outcome, costUsd }) => [id, outcome, costUsd]).toSorted()).toEqual(wanted.toSorted());
      }),
      { numRuns: 40 },
    );
  });
});

describe('gateway.spend', () => {
  it('counts what was spent a moment ago, by any tag', async () => {
    const { mock, gateway } = ledgerSetting({}, [priced()]);
    mock.always('x');
    for (const tenant of ['acme', 'acme', 'zeta']) await gateway.chat(asked, { tags: { tenant } });
    expect((await gateway.spend({ groupBy: ['tenant'] })).map(({ group, calls, costUsd }) => [group['tenant'], calls, costUsd])).toEqual([['acme', 2, 30], ['zeta', 1, 15]]);
  });

  it('refuses a query that makes no sense', async () => {
    await expect(ledgerSetting().gateway.spend({ bucketMs: -1 })).rejects.toThrow(ConfigError);
  });
});

describe('ledger', () => {
  const wrong: readonly [Partial<Record<keyof LedgerOptions, unknown>>, string][] = [
    [{ store: undefined }, 'store'], [{ durable: 'yes' }, 'durable'], [{ durable: true }, 'onStoreError'], [{ onStoreError: 'ignore' }, 'onStoreError'], [{ tags: 'tenant' }, 'tags'], [{ retentionMs: 0 }, 'retentionMs'],
    [{ flushMs: 0 }, 'flushMs'], [{ flushMs: Infinity }, 'flushMs'], [{ writeTimeoutMs: Number.NaN }, 'writeTimeoutMs'], [{ batchSize: 1.5 }, 'batchSize'], [{ maxBuffered: 0 }, 'maxBuffered'],
  ];
  it.each(wrong)('refuses %j', (options, field) => {
    const made = (): unknown => ledger({ store: memoryLedger(), ...options } as LedgerOptions);
    expect(made).toThrow(ConfigError);
    expect(made).toThrow(`ledger: ${field}: wanted`);
  });

  it('writes a row within a quarter of a second, unasked', async () => {
    const { mock, gateway, store } = ledgerSetting();
    mock.reply('x');
    await gateway.chat(asked);
    expect(await store.totals({})).toEqual([]);
    await vi.waitFor(async () => expect(await store.totals({})).toMatchObject([{ calls: 1 }]), { timeout: 5000 });
  });

  it('writes what is left when the gateway closes, and leaves the store open', async () => {
    const close = vi.fn<() => Promise<void>>(async () => {});
    const { mock, gateway, store } = ledgerSetting({ store: { ...memoryLedger(), close } });
    mock.reply('x');
    await gateway.chat(asked);
    await gateway.close();
    expect(await store.totals({})).toMatchObject([{ calls: 1 }]);
    expect(close).not.toHaveBeenCalled();
  });

  it('removes old rows in the background, at most once an hour', async () => {
    const store = memoryLedger();
    const prune = vi.fn<(before: number) => Promise<number>>(store.prune);
    const { mock, gateway } = ledgerSetting({ store: { ...store, prune }, retentionMs: 60_000 });
    mock.always('x');
    for (let call = 0; call < 3; call++) await gateway.chat(asked);
    expect(prune).toHaveBeenCalledOnce();
    expect(Math.abs((prune.mock.calls[0]?.[0] ?? 0) + 60_000 - Date.now())).toBeLessThan(5000);
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
    await gateway.chat(asked);
    vi.useRealTimers();
    expect(prune).toHaveBeenCalledTimes(2);
  });
});

describe('conformance', () => {
  for (const { name, run } of interceptorSuite({ create: () => ledger({ store: memoryLedger() }) })) it(name, run);
});

describe('conformance, durable', () => {
  for (const { name, run } of interceptorSuite({ create: () => ledger({ store: memoryLedger(), durable: true, onStoreError: 'reject' }) })) it(name, run);
});
