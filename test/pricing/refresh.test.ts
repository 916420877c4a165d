import { waitForUpdate } from '@pydantic/genai-prices';
import { describe, expect, it, vi } from 'vitest';
import { ConfigError, costOf, loadPrices, priceCatalogueDate, ProviderError, refreshPrices } from '../../src/index.js';
import { readCatalogue } from '../../src/pricing/check-catalogue.js';

type Fetch = typeof globalThis.fetch;

const usage = { inputTokens: 1_000_000, outputTokens: 0 };
const cost = (model: string, provider = 'openai'): number | undefined => costOf(usage, { provider, model }).usd;
const answer = (body: unknown, init?: ResponseInit): Fetch => () => Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), init));
const provider = (model: object): unknown => [{ id: 'openai', models: [{ id: 'gpt-5', match: { equals: 'gpt-5' }, prices: { input_mtok: 3, output_mtok: 4 }, ...model }] }];

describe('refreshing the prices', () => {
  const wrong: Readonly<Record<string, unknown>> = {
    'no JSON': '<html>',
    'no list': {},
    'nothing at all': [],
    'no models': [{ id: 'openai', models: [] }],
    'a price below zero': provider({ prices: { input_mtok: -1 } }),
    'a price in words': provider({ prices: { input_mtok: 'free' } }),
    'tiers without a base': provider({ prices: { input_mtok: { tiers: [] } } }),
    'a match of nothing': provider({ match: {} }),
    'a match without end': provider({ match: JSON.parse(`${'{"or":['.repeat(50)}{"equals":"a"}${']}'.repeat(50)}`) as unknown }),
    'a pattern that takes for ever': provider({ match: { regex: '^(a+)+$' } }),
    'a pattern that is none': provider({ match: { regex: '(' } }),
    'a date that is none': provider({ prices: [{ constraint: { start_date: 'soon' }, prices: {} }] }),
    'a name that is no text': provider({ id: 7 }),
  };

  it.each(Object.keys(wrong))('leaves them as they were when what comes has %s', async (what) => {
    await loadPrices();
    const before = cost('gpt-5');
    await expect(refreshPrices({ fetch: answer(wrong[what]) })).rejects.toMatchObject({ code: 'invalid_response' });
    expect([cost('gpt-5'), priceCatalogueDate().source]).toEqual([before, 'package']);
  });

  it.each<[string, Fetch, string]>([
    ['answers with an error', answer('', { status: 503 }), 'server_error'],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), 'network'],
    ['never answers', (_url, init) => new Promise((_resolve, reject) => void init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))), 'attempt_timeout'],
    ['never stops', () => Promise.resolve(new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) }))), 'invalid_response'],
  ])('leaves them as they were when the server %s', async (_what, fetch, code) => {
    await expect(refreshPrices({ fetch, timeoutMs: 50 + (code === 'attempt_timeout' ? 0 : 10_000) })).rejects.toSatisfy((error) => error instanceof ProviderError && error.code === code && error.message.endsWith('the prices stay as they were'));
    expect(priceCatalogueDate().source).toBe('package');
  });

  it.each(['http://example.com/data.json', 'file:///etc/passwd', 'nonsense'])('asks no address but an https one: not %s', async (url) => {
    await expect(refreshPrices({ url, fetch: () => Promise.reject(new Error('was asked')) })).rejects.toBeInstanceOf(ConfigError);
  });

  it('follows no redirect', async () => {
    let mode: string | undefined;
    await expect(refreshPrices({ fetch: (_url, init) => ((mode = init?.redirect), Promise.reject(new Error('enough'))) })).rejects.toThrow('could not be fetched');
    expect(mode).toBe('error');
  });

  it('can read the catalogue that is bundled', async () => {
    const bundled = await waitForUpdate();
    expect(readCatalogue(JSON.parse(JSON.stringify(bundled)))).toHaveLength(bundled?.length ?? Number.NaN);
  });

  it('uses the new ones at once, also for what was priced before', async () => {
    await loadPrices();
    expect(cost('gpt-5')).toBe(1.25);
    const refreshed = await refreshPrices({ fetch: answer(provider({}), { headers: { 'last-modified': 'Sun, 01 Nov 2026 10:00:00 GMT' } }) });
    expect(refreshed).toEqual({ date: '2026-11-01', source: 'refreshed' });
    expect([cost('gpt-5'), cost('gpt-4o')]).toEqual([3, undefined]);
  });

  it('is not undone by loading the bundled ones later', async () => {
    vi.resetModules();
    const fresh = await import('../../src/index.js');
    await fresh.refreshPrices({ fetch: answer(provider({})) });
    await fresh.loadPrices();
    expect(fresh.costOf(usage, { provider: 'openai', model: 'gpt-5' }).usd).toBe(3);
  });
});
