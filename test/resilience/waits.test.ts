import { createGateway, type CallReport, type Decision, type Gateway, type GatewayError, type Interceptor, type ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { fakeServer, mockProvider, type ReplyScript } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recommended } from '../../src/interceptors/recommended.js';
import { ask, failure } from '../support/adapters.js';

/** What a call waits at most before one more try, and for its own quota, in milliseconds. */
const RETRY_CAP_MS = 10_000;
const QUOTA_CAP_MS = 1000;
const SETTLES_WITHIN_MS = 50;
const NOW = Date.UTC(2026, 0, 31, 12);

const date = (offsetMs: number): string => new Date(NOW + offsetMs).toUTCString();
const after = (value: string): Record<string, string> => ({ 'retry-after': value });

/** What providers, proxies and mistakes say about how long to wait. */
const saying: readonly Readonly<Record<string, string>>[] = [
  ...['0', '-0', '1', '2', '9.5', '10', '10.001', '11', '30', '60', '3600', '86400', '31536000', '31536001', '4294967296'].map(after),
  ...['-1', '-3600', '0.0001', '1e3', '1e300', '1e-300', '-1e300', '1e999', 'NaN', 'Infinity', '-Infinity', '0x10', '0b11', '1_000', '1,5'].map(after),
  ...['', ' ', 'soon', 'null', 'undefined', '[]', '{}', '5s', '5 seconds', '1m30s'].map(after),
  ...[date(0), date(1000), date(9000), date(60_000), date(-1000), date(-86_400_000 * 365), date(86_400_000 * 400), 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT', new Date(NOW + 3000).toISOString()].map(after),
  ...['0', '1', '250', '9999', '10001', '3600000', '-5', 'NaN', '1e300', 'soon', ''].map((value) => ({ 'retry-after-ms': value })),
  { 'retry-after': '3600', 'retry-after-ms': '20' },
  { 'retry-after': '1', 'retry-after-ms': '3600000' },
  { 'retry-after': '3600', 'x-should-retry': 'true' },
  { 'retry-after': '2', 'x-should-retry': 'false' },
  { 'retry-after': '5, 10' },
];
const sayings = saying.map((headers) => ({ headers, name: JSON.stringify(headers) }));

/** Gemini says it in the body. */
const delays = ['0s', '1s', '0.5s', '34.074824224s', '3600s', '-5s', 'NaNs', '1e300s', 'soon', '', '9999999999999999999999s'];

type Connect = (fetch: typeof globalThis.fetch) => ProviderAdapter;
const vendors: readonly (readonly [string, Connect])[] = [
  ['openai', (fetch) => openai({ name: 'p', apiKey: 'k', fetch })],
  ['anthropic', (fetch) => anthropic({ name: 'p', apiKey: 'k', fetch })],
  ['google', (fetch) => google({ name: 'p', apiKey: 'k', fetch })],
];

const pipeline = (): readonly Interceptor[] => recommended({ retry: { random: () => 0.999 } });
const request = { ...ask, model: 'p/m' };

/** The longest wait that the report speaks of, by the kind of wait. */
function longest({ decisions }: CallReport): { readonly retry: number; readonly quota: number } {
  const of = (pick: (decision: Decision) => boolean): number => Math.max(0, ...decisions.flatMap((decision) => ('waitMs' in decision && pick(decision) ? [decision.waitMs] : [])));
  return { retry: of(({ what }) => what === 'retry'), quota: of(({ what }) => what === 'waited') };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: NOW }));
afterEach(() => void vi.useRealTimers());

describe.each(vendors)('however long %s asks to wait', (_vendor, connect) => {
  interface Asked {
    readonly error: GatewayError;
    /** Milliseconds between two requests, and after the last. */
    readonly gaps: readonly number[];
  }

  /** One call to a target that always answers this. */
  async function asked(answer: () => Response): Promise<Asked> {
    const times: number[] = [];
    const adapter = connect(async () => {
      times.push(performance.now());
      return answer();
    });
    const gateway = createGateway({ providers: [adapter], interceptors: pipeline() });
    const failed = failure(gateway.chat(request)).finally(() => times.push(performance.now()));
    // Far beyond any cap, so that a wait that is too long would be seen and not cut short.
    for (let waited = 0; waited < 40; waited++) await vi.advanceTimersByTimeAsync(1000);
    const error = (await failed) as GatewayError;
    await gateway.close();
    expect(vi.getTimerCount()).toBe(0);
    return { error, gaps: times.slice(1).map((time, at) => time - (times[at] ?? 0)) };
  }

  it.each(sayings.flatMap(({ headers, name }) => [429, 503].map((status) => ({ headers, name, status }))))('with $status and $name, a call never waits past the cap', async ({ headers, status }) => {
    const { error, gaps } = await asked(() => new Response('{"error":{"message":"no"}}', { status, headers: { 'content-type': 'application/json', ...headers } }));
    expect(error.code).toMatch(/^(?:provider_rate_limit|overloaded|server_error|rate_limited)$/);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(RETRY_CAP_MS + QUOTA_CAP_MS);
    const waits = longest(error.report as CallReport);
    expect(waits.retry).toBeLessThanOrEqual(RETRY_CAP_MS);
    expect(waits.quota).toBeLessThanOrEqual(QUOTA_CAP_MS);
    expect(error.report?.attempts.length).toBeLessThanOrEqual(3);
  });

  it.each(delays)('with RetryInfo %j in its body, a call never waits past the cap', async (retryDelay) => {
    const body = JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'no', details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] } });
    const { gaps } = await asked(() => new Response(body, { status: 429, headers: { 'content-type': 'application/json' } }));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(RETRY_CAP_MS + QUOTA_CAP_MS);
  });
});

describe('an abort settles a call within 50 ms', () => {
  /** Where a call may be held up. */
  const holds: readonly (readonly [string, ReplyScript | undefined])[] = [
    ['before a retry', { error: 'server_error', retryAfterMs: 9000 }],
    ['after an overload', { error: 'overloaded' }],
    ['for a key that rests', { error: 'provider_rate_limit', retryAfterMs: 900 }],
    ['for the head of an answer', { text: 'late', delayMs: Infinity }],
    ['for an adapter that is deaf to the abort', { text: 'late', delayMs: Infinity, ignoreAbort: true }],
    ['for the next event', { text: ['a'], ending: 'hang' }],
    ['for a slot', undefined],
  ];

  it.each(holds)('while it waits %s, whole and streamed', async (_where, reply) => {
    for (const streamed of [false, true]) {
      const mock = mockProvider();
      mock.always(reply ?? { text: 'first', delayMs: Infinity });
      const gateway = createGateway({ providers: [mock], interceptors: recommended({ concurrency: { maxConcurrent: 1, queueTimeoutMs: 5000 }, retry: { random: () => 0.999 } }) });
      const holder = new AbortController();
      const held = reply === undefined ? failure(gateway.chat({ ...ask, model: 'mock/m' }, { signal: holder.signal })) : undefined;
      await vi.advanceTimersByTimeAsync(1);
      const controller = new AbortController();
      const options = { signal: controller.signal };
      let settled = false;
      const failed = failure(streamed ? gateway.stream({ ...ask, model: 'mock/m' }, options).response() : gateway.chat({ ...ask, model: 'mock/m' }, options)).finally(() => (settled = true));
      await vi.advanceTimersByTimeAsync(20);
      expect(settled).toBe(false);
      controller.abort();
      await vi.advanceTimersByTimeAsync(SETTLES_WITHIN_MS);
      expect(settled).toBe(true);
      expect(await failed).toMatchObject({ code: 'cancelled' });
      holder.abort();
      await held;
      await gateway.close();
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it('on real sockets, whatever the server said about how long to wait', async () => {
    vi.useRealTimers();
    await using server = await fakeServer();
    const gateway = createGateway({ providers: [openai({ name: 'p', apiKey: 'k', baseUrl: server.baseUrls.openai })], interceptors: pipeline() });
    sayings.forEach(({ headers }, at) => server.on({ model: `m${at}` }).always({ error: 'overloaded', headers }));
    const settling = await Promise.all(sayings.map((_, at) => abortWhileWaiting(gateway, `p/m${at}`)));
    expect(settling.filter((ms) => ms > SETTLES_WITHIN_MS)).toEqual([]);
    await gateway.close();
  });

  /** Milliseconds from the abort, given soon after the first answer, to the end of the call; what this process was late by is taken off. */
  async function abortWhileWaiting(gateway: Gateway, model: string): Promise<number> {
    const controller = new AbortController();
    const ended = failure(gateway.chat({ ...ask, model }, { signal: controller.signal })).then(() => performance.now());
    await new Promise((resolve) => setTimeout(resolve, 100));
    const abortedAt = performance.now();
    let dueAt = Infinity;
    const due = new Promise((resolve) => setTimeout(() => resolve((dueAt = performance.now())), SETTLES_WITHIN_MS));
    controller.abort();
    const endedAt = await ended;
    await due;
    return Math.max(0, endedAt - abortedAt - Math.max(0, dueAt - abortedAt - SETTLES_WITHIN_MS));
  }
});
