import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../src/routing/token-bucket.js';

describe('a token bucket', () => {
  it('gives what it holds at once, and the rest as it refills', () => {
    const bucket = createTokenBucket({ capacity: 60, refillMs: 60_000 }, 0);
    expect(bucket.waitMs(60, 0)).toBe(0);
    bucket.take(60, 0);
    expect(bucket.waitMs(1, 0)).toBe(1000);
    expect(bucket.waitMs(30, 10_000)).toBe(20_000);
    expect(bucket.waitMs(1, 10_000)).toBe(0);
  });

  it('lets nobody overtake: what was taken before it was there is owed first', () => {
    const bucket = createTokenBucket({ capacity: 1, refillMs: 1000 }, 0);
    const waits = [1, 2, 3].map(() => {
      const waitMs = bucket.waitMs(1, 0);
      bucket.take(1, 0);
      return waitMs;
    });
    expect(waits).toEqual([0, 1000, 2000]);
  });

  it('gives more than it can hold when it is full', () => {
    const bucket = createTokenBucket({ capacity: 10, refillMs: 1000 }, 0);
    expect(bucket.waitMs(1000, 0)).toBe(0);
    bucket.take(1, 0);
    expect(bucket.waitMs(1000, 0)).toBe(100);
  });

  it('takes back what was not used, and never holds more than it can', () => {
    const bucket = createTokenBucket({ capacity: 10, refillMs: 1000 }, 0);
    bucket.take(10, 0);
    bucket.take(-4, 0);
    expect(bucket.waitMs(4, 0)).toBe(0);
    bucket.take(-100, 0);
    bucket.take(10, 0);
    expect(bucket.waitMs(1, 0)).toBe(100);
  });

  it('believes who knows better', () => {
    const bucket = createTokenBucket({ capacity: 10, refillMs: 1000 }, 0);
    bucket.set(0, { capacity: 100, refillMs: 10_000 }, 500);
    expect(bucket.waitMs(1, 500)).toBe(100);
    bucket.set(1e9, { capacity: 100, refillMs: 10_000 }, 500);
    bucket.take(100, 500);
    expect(bucket.waitMs(1, 500)).toBe(100);
  });

  it('lets no more than its content and its refill through in any stretch of time, to those who wait as told', () => {
    const asks = fc.array(fc.record({ pauseMs: fc.nat(3000), amount: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 100, max: 60_000 }), asks, (capacity, refillMs, asked) => {
        const bucket = createTokenBucket({ capacity, refillMs }, 0);
        const sent: { readonly at: number; readonly amount: number }[] = [];
        let now = 0;
        for (const { pauseMs, amount } of asked) {
          now += pauseMs;
          const waitMs = bucket.waitMs(amount, now);
          bucket.take(amount, now);
          sent.push({ at: now + waitMs, amount });
        }
        for (let first = 0; first < sent.length; first++) {
          let sum = 0;
          for (let last = first; last < sent.length; last++) {
            sum += sent[last]!.amount;
            expect(sum).toBeLessThanOrEqual(capacity + ((sent[last]!.at - sent[first]!.at) * capacity) / refillMs + 1e-6);
          }
        }
        expect(sent.map(({ at }) => at)).toEqual(sent.map(({ at }) => at).toSorted((a, b) => a - b));
      }),
    );
  });
});
