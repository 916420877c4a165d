import { createGateway, formatReport, isGatewayError, type CallReport, type Decision, type Gateway, type Interceptor } from 'headgate';
import { mockProvider, type MockProvider, type ReplyScript } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recommended, type RecommendedOptions } from '../../src/interceptors/recommended.js';
import { ask } from '../support/adapters.js';

const OPEN_MS = 15_000;
const half = { retry: { random: () => 0.5 }, fallback: { random: () => 0.5 } } satisfies RecommendedOptions;
const down: ReplyScript = { error: 'server_error' };

/** How one call went. */
interface Ending {
  readonly ok: boolean;
  /** When it was made, on the faked clock. */
  readonly at: number;
  readonly attempts: number;
  readonly report: CallReport;
}

interface World {
  readonly gateway: Gateway;
  readonly mocks: readonly MockProvider[];
  readonly decisions: readonly Decision[];
  all(reply: ReplyScript): void;
  /** Requests that reached a provider. */
  requests(): number;
  /** One call every `everyMs`, whole and streamed in turns, and all of them ended. */
  calls(count: number, everyMs: number): Promise<readonly Ending[]>;
}

function world(targets: number, interceptors: readonly Interceptor[]): World {
  const mocks = Array.from({ length: targets }, (_, at) => mockProvider({ name: `p${at + 1}` }));
  const decisions: Decision[] = [];
  const gateway = createGateway({ providers: mocks, models: { smart: mocks.map(({ name }) => `${name}/m`) }, interceptors, onDecision: (decision) => void decisions.push(decision) });
  const request = { ...ask, model: 'smart' };

  async function call(streamed: boolean): Promise<Ending> {
    const at = performance.now();
    try {
      const { gateway: report } = streamed ? await gateway.stream(request).response() : await gateway.chat(request);
      return ended(true, at, report);
    } catch (error) {
      return ended(false, at, isGatewayError(error) ? error.report : undefined);
    }
  }

  return {
    gateway,
    mocks,
    decisions,
    all: (reply) => mocks.forEach((mock) => void mock.always(reply)),
    requests: () => mocks.reduce((sum, mock) => sum + mock.calls.length, 0),
    async calls(count, everyMs) {
      const endings: Promise<Ending>[] = [];
      for (let made = 0; made < count; made++) {
        endings.push(call(made % 2 === 1));
        await vi.advanceTimersByTimeAsync(everyMs);
      }
      const whole = Promise.all(endings);
      // In steps: the timers of open circuits would otherwise be run to their end as well.
      for (let waited = 0; waited < 60; waited++) await vi.advanceTimersByTimeAsync(1000);
      return whole;
    },
  };
}

function ended(ok: boolean, at: number, report: CallReport | undefined): Ending {
  if (report === undefined) throw new Error('a call ended without its report');
  return { ok, at, attempts: report.attempts.length, report };
}

/** Attempts that began while the circuit of their target was open. */
function whileOpen(decisions: readonly Decision[]): number {
  const open = new Set<string>();
  let count = 0;
  for (const decision of decisions) {
    const target = decision.target ?? '';
    if (decision.what === 'circuit' && decision.state === 'open') open.add(target);
    else if (decision.what === 'circuit') open.delete(target);
    else if (decision.what === 'attempt-start' && open.has(target)) count++;
  }
  return count;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a total outage over 1,000 calls', () => {
  const outages: readonly ReplyScript[] = [
    down,
    { error: 'overloaded' },
    { error: 'network' },
    { error: 'network', certainty: 'possibly_billed' },
    { error: 'connect_timeout', delayMs: 300 },
    { error: 'invalid_response' },
    { error: 'provider_rate_limit' },
    { error: 'provider_rate_limit', retryAfterMs: 500 },
    { error: 'provider_rate_limit', retryAfterMs: 3_600_000 },
    { text: 'half an', ending: 'cut' },
  ];

  it.each(outages)('of one target costs it at most 1.2 requests per call, with and without its circuit: %j', async (outage) => {
    for (const options of [half, { ...half, circuitBreaker: false }, { ...half, circuitBreaker: false, throttle: false }] satisfies RecommendedOptions[]) {
      const { all, requests, calls } = world(1, recommended(options));
      all(outage);
      const endings = await calls(1000, 100);
      expect(endings.filter(({ ok }) => ok)).toEqual([]);
      expect(requests() / 1000).toBeLessThanOrEqual(1.2);
      expect(Math.max(...endings.map(({ attempts }) => attempts))).toBeLessThanOrEqual(3);
    }
  });

  it('of two targets costs at most 1.2 requests per call once both circuits are open, and none while they are', async () => {
    const { all, requests, calls, decisions } = world(2, recommended(half));
    all(down);
    const closed = await calls(50, 100);
    const before = requests();
    const open = await calls(1000, 100);
    expect([...closed, ...open].some(({ ok }) => ok)).toBe(false);
    expect(new Set(decisions.flatMap((decision) => (decision.what === 'circuit' && decision.state === 'open' ? [decision.target] : [])))).toEqual(new Set(['p1/m', 'p2/m']));
    expect((requests() - before) / 1000).toBeLessThanOrEqual(1.2);
    expect(whileOpen(decisions)).toBe(0);
  });

  it('costs almost nothing while circuits are open: a probe each now and then', async () => {
    const { all, requests, calls } = world(2, recommended(half));
    all(down);
    await calls(50, 100);
    const before = requests();
    await calls(1000, 100);
    expect(requests() - before).toBeLessThanOrEqual(20);
  });

  it.each([1, 2, 3, 4, 6])('never makes more attempts than three, or than there are candidates: %i', async (targets) => {
    const { all, calls } = world(targets, recommended({ ...half, circuitBreaker: false, retry: { ...half.retry, budget: false } }));
    all(down);
    const endings = await calls(1000, 10);
    const most = endings.toSorted((a, b) => b.attempts - a.attempts)[0];
    expect(most?.attempts, most && formatReport(most.report)).toBe(Math.max(3, targets));
  });

  it('of one target of two costs the callers nothing but time', async () => {
    const { mocks, calls } = world(2, recommended(half));
    mocks[0]?.always(down);
    mocks[1]?.always('well');
    const endings = await calls(1000, 100);
    expect(endings.every(({ ok }) => ok)).toBe(true);
    expect((mocks[0]?.calls.length ?? 0) / 1000).toBeLessThanOrEqual(0.2);
  });
});

describe('recovery from an outage', () => {
  it.each([20, 60, 200, 1000])('takes at most 3 probes, and 95 calls in 100 succeed within two open intervals: after %i s', async (seconds) => {
    const { all, requests, calls, decisions } = world(1, recommended(half));
    all(down);
    await calls(seconds, 1000);
    const opening = decisions.findLast((decision) => decision.what === 'circuit' && decision.state === 'open');
    const openMs = opening?.what === 'circuit' ? (opening.forMs ?? 0) : 0;
    expect(openMs).toBeGreaterThanOrEqual(OPEN_MS);

    all({ text: 'back', delayMs: 500 });
    const before = requests();
    const backAt = performance.now();
    const known = decisions.length;
    const endings = await calls((2 * openMs) / 250 + 1000, 250);
    const closing = decisions.findIndex((decision, at) => at >= known && decision.what === 'circuit' && decision.state === 'closed');
    const probes = decisions.slice(known, closing).filter(({ what }) => what === 'attempt-start');
    expect(closing).toBeGreaterThan(known);
    expect(probes.length).toBeLessThanOrEqual(3);
    expect(requests() - before).toBe(endings.filter(({ ok }) => ok).length);

    const later = endings.filter(({ at }) => at >= backAt + 2 * openMs);
    expect(later.length).toBeGreaterThan(500);
    expect(later.filter(({ ok }) => ok).length / later.length).toBeGreaterThanOrEqual(0.95);
  });
});
