import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQuota, type Draft } from '../../src/routing/quota.js';
import { readRateLimits, type RateLimit } from '../../src/routing/rate-limit-headers.js';
import { createTokenBucket } from '../../src/routing/token-bucket.js';

const MINUTE_MS = 60_000;
const requests = (limit: number, remaining: number, fullInMs = (MINUTE_MS * (limit - remaining)) / limit): RateLimit => ({ name: 'requests', unit: 'requests', limit, remaining, fullInMs });
const tokens = (limit: number, remaining: number): RateLimit => ({ ...requests(limit, remaining), name: 'tokens', unit: 'tokens' });

describe('a quota', () => {
  it('without limits lets everything go', () => {
    const quota = createQuota({}, 0);
    for (let call = 0; call < 1000; call++) {
      expect(quota.waitMs(1e9, 0)).toBe(0);
      quota.take(1e9, 0, 0);
    }
  });

  it('keeps to both limits that were configured', () => {
    const quota = createQuota({ requestsPerMinute: 60, tokensPerMinute: 600 }, 0);
    quota.take(500, 0, 0);
    expect(quota.waitMs(100, 0)).toBe(0);
    expect(quota.waitMs(200, 0)).toBe(10_000);
    for (let call = 0; call < 59; call++) quota.take(0, 0, 0);
    expect(quota.waitMs(0, 0)).toBe(1000);
  });

  it('counts what a call really used when it has ended', () => {
    const quota = createQuota({ tokensPerMinute: 600 }, 0);
    const draft = quota.take(100, 0, 0);
    quota.settle(draft, 700, 0);
    expect(quota.waitMs(100, 0)).toBe(20_000);
    quota.settle(draft, 0, 0);
    expect(quota.waitMs(100, 0)).toBe(10_000);
  });

  it('takes back what was not sent', () => {
    const quota = createQuota({ requestsPerMinute: 1, tokensPerMinute: 100 }, 0);
    const draft = quota.take(100, 0, 0);
    expect(quota.waitMs(1, 0)).toBe(MINUTE_MS);
    quota.giveBack(draft, 0);
    expect(quota.waitMs(100, 0)).toBe(0);
  });

  it('learns from an answer what is left, and how fast it comes back', () => {
    const quota = createQuota({}, 0);
    quota.learn([requests(60, 0)], quota.take(1, 0, 0), 0);
    expect(quota.waitMs(1, 0)).toBe(1000);
    expect(quota.waitMs(1, 1000)).toBe(0);
  });

  it('counts tokens only where a limit of tokens is known', () => {
    const quota = createQuota({}, 0);
    expect(quota.countsTokens).toBe(false);
    quota.learn([tokens(6000, 1000)], quota.take(1, 0, 0), 0);
    expect(quota.countsTokens).toBe(true);
    expect(quota.waitMs(1000, 0)).toBe(0);
    expect(quota.waitMs(1100, 0)).toBe(1000);
  });

  it('asks a limit of output to have some left, whatever goes in', () => {
    const quota = createQuota({}, 0);
    quota.learn([{ ...requests(6000, 0), unit: 'output-tokens' }], quota.take(1, 0, 0), 0);
    expect(quota.waitMs(1e6, 0)).toBe(10);
  });

  it('takes off what was sent after the request that was answered', () => {
    const quota = createQuota({}, 0);
    const first = quota.take(10, 0, 0);
    for (let call = 0; call < 4; call++) quota.take(10, 0, 0);
    quota.learn([requests(6, 5), tokens(600, 50)], first, 0);
    expect(quota.waitMs(10, 0)).toBe(0);
    quota.take(10, 0, 0);
    expect(quota.waitMs(10, 0)).toBe(10_000);
  });

  it('adds what came back since the request that was answered', () => {
    const quota = createQuota({}, 0);
    const draft = quota.take(1, 0, 0);
    quota.learn([requests(60, 0)], draft, 30_000);
    for (let call = 0; call < 30; call++) {
      expect(quota.waitMs(1, 30_000)).toBe(0);
      quota.take(1, 30_000, 30_000);
    }
    expect(quota.waitMs(1, 30_000)).toBe(1000);
  });

  it('believes the answer to the request that was sent last, whichever comes last', () => {
    const quota = createQuota({}, 0);
    const early = quota.take(1, 0, 0);
    const late = quota.take(1, 100, 100);
    quota.learn([requests(60, 0)], late, 200);
    quota.learn([requests(60, 40)], early, 300);
    expect(quota.waitMs(1, 300)).toBeCloseTo(800, 6);
  });

  it('follows a limit that changes', () => {
    const quota = createQuota({}, 0);
    quota.learn([requests(60, 0)], quota.take(1, 0, 0), 0);
    quota.learn([requests(600, 0)], quota.take(1, 10, 10), 10);
    expect(quota.waitMs(1, 10)).toBe(100);
  });

  it('keeps to the configured limit where the provider allows more', () => {
    const quota = createQuota({ requestsPerMinute: 60 }, 0);
    for (let call = 0; call < 60; call++) quota.learn([requests(6000, 5000)], quota.take(1, 0, 0), 0);
    expect(quota.waitMs(1, 0)).toBe(1000);
  });

  it('keeps a provider that refills evenly from ever answering 429, once it has answered', () => {
    const arrivals = fc.array(fc.record({ pauseMs: fc.nat(400), answersAfterMs: fc.integer({ min: 1, max: 8000 }) }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 300 }), arrivals, (limit, calls) => {
        const provider = createTokenBucket({ capacity: limit, refillMs: MINUTE_MS }, 0);
        let left = limit;
        let leftAt = 0;
        let refused = 0;
        const quota = createQuota({}, 0);
        const answers: { readonly at: number; readonly draft: Draft; readonly headers: Readonly<Record<string, string>> }[] = [];

        /** What the provider makes of a request, when it comes in. */
        function serve(draft: Draft, answersAfterMs: number): void {
          const at = draft.sendAt;
          if (provider.waitMs(1, at) > 1e-6) {
            refused++;
            return;
          }
          provider.take(1, at);
          left = Math.min(limit, left + ((at - leftAt) * limit) / MINUTE_MS) - 1;
          leftAt = at;
          const reset = Math.ceil(((limit - left) * MINUTE_MS) / limit);
          answers.push({ at: at + answersAfterMs, draft, headers: { 'x-ratelimit-limit-requests': String(limit), 'x-ratelimit-remaining-requests': String(Math.max(0, Math.floor(left + 1e-9))), 'x-ratelimit-reset-requests': `${reset}ms` } });
        }

        function hear(until: number): void {
          for (const answer of answers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)) {
            answers.splice(answers.indexOf(answer), 1);
            quota.learn(readRateLimits(answer.headers, 0), answer.draft, answer.at);
          }
        }

        let now = 0;
        serve(quota.take(1, now, now), 1);
        now = 10;
        for (const { pauseMs, answersAfterMs } of calls) {
          now += pauseMs;
          hear(now);
          const waitMs = quota.waitMs(1, now);
          if (waitMs > 1000) continue; // refused here, as the interceptor would
          serve(quota.take(1, now, now + waitMs), answersAfterMs);
        }
        expect(refused).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
